import { sizeOf } from '../../../graph/ir.ts';
import { broadcastDims } from '../../../graph/broadcast.ts';
import { common, convert } from '../layout.ts';
import type { Handle, Kernel, Operand, Operation, Site, TF } from '../operation.ts';

/** Operators whose inputs are broadcast together, as numpy does. */
export function broadcasting(
  compute: (tf: TF, inputs: readonly Handle[], site: Site) => Handle,
): Operation {
  return (site) => aligned(site, (inputs) => compute(site.tf, inputs, site));
}

/** A kernel that gets its inputs in shapes that broadcast as they lie in memory. */
export function aligned(site: Site, run: (inputs: readonly Handle[]) => Handle): Kernel {
  const rank = broadcastDims(site.inputs.map((input) => input?.dims ?? [])).length;
  const layout = rank === 4 ? common(site) : 'first';
  if (layout === 'first') return { run };
  const lift = site.inputs.map((input) => (input ? lifting(site.tf, input) : undefined));
  return {
    reads: site.inputs.map((input) => (input?.dims.length === 4 ? 'last' : 'first')),
    gives: 'last',
    run: (inputs) => run(inputs.map((input, i) => lift[i]?.(input) ?? input)),
  };
}

/** Brings a value of lower rank to [N, H, W, C]; none is needed for single numbers. */
function lifting(tf: TF, { dims }: Operand): ((value: Handle) => Handle) | undefined {
  if (dims.length === 4 || sizeOf(dims) === 1) return undefined;
  const whole = [...new Array<number>(4 - dims.length).fill(1), ...dims];
  return (value) => convert(tf, tf.reshape(value, whole), whole, 'last');
}
