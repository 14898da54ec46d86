import { Builder } from '../../src-main/graph/builder.ts';
import { close, differentiate, extend } from '../../src-main/graph/differentiate.ts';
import type { Attributes, Tensor, TypedGraph } from '../../src-main/graph/ir.ts';
import { floats } from '../../src-main/graph/tensor.ts';
import { uniform } from './random.ts';

/** One application of an operator. Inputs that vary are fed, the others are constants of the graph. */
export interface Application {
  readonly op: string;
  readonly inputs: readonly (Tensor | undefined)[];
  /** Indices of the inputs that vary; all floats by default. */
  readonly varying?: readonly number[];
  readonly attributes?: Attributes;
  readonly outputs?: number;
}

/** A graph, and what it is fed with. */
export interface Fed {
  readonly graph: TypedGraph;
  readonly feeds: Readonly<Record<string, Tensor['data']>>;
}

/** A convolution that changes nothing, after which engines that like channels last have them so. */
function throughConvolution(build: Builder, value: string): string {
  const { dtype, dims } = build.type(value);
  if (dtype !== 'float32' || dims.length !== 4 || dims.includes(0)) return value;
  const [, channels] = dims;
  const one = Float32Array.from({ length: channels ** 2 }, (_, i) =>
    Number(i % (channels + 1) === 0),
  );
  return build.add('Conv', [value, build.constant(floats([channels, channels, 1, 1], one))]);
}

/**
 * The operator as a graph of its own.
 * @param blocked whether what varies comes out of a convolution
 */
export function graphOf(given: Application, blocked: boolean): Fed {
  const build = new Builder('value/');
  const varying =
    given.varying ??
    given.inputs.flatMap((input, index) => (input?.dtype === 'float32' ? [index] : []));
  const fed = new Map<string, Tensor>();
  const names = given.inputs.map((input, index) => {
    if (!input) return '';
    if (!varying.includes(index)) return build.constant(input, 'given');
    fed.set(`input${index}`, input);
    build.types.set(`input${index}`, { dtype: input.dtype, dims: input.dims });
    return blocked ? throughConvolution(build, `input${index}`) : `input${index}`;
  });
  const outputs = build.addMany(given.op, names, given.attributes ?? {}, given.outputs ?? 1);
  const inputs = [...fed].map(([name, { dtype, dims }]) => ({ name, dtype, dims }));
  const { nodes, constants, types } = build;
  const graph: TypedGraph = { name: given.op, inputs, outputs, nodes, constants, types };
  return { graph, feeds: Object.fromEntries([...fed].map(([name, { data }]) => [name, data])) };
}

/** The same with the gradient of sum ⟨cotangent, output⟩ for every float that varies. */
export function withGradient({ graph, feeds }: Fed, cotangents?: readonly Tensor[]): Fed {
  const build = extend(graph, 'gradient/');
  const floating = graph.outputs.filter((name) => build.type(name).dtype === 'float32');
  const seeds = new Map(
    floating.map((name, i) => {
      const cotangent = cotangents?.[i] ?? uniform(build.dims(name), 0.5, 1.5, 7 + i, true);
      return [name, build.constant(cotangent)];
    }),
  );
  const wrt = graph.inputs.filter(({ dtype }) => dtype === 'float32').map(({ name }) => name);
  const found = differentiate(graph, build, seeds, wrt);
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const own = found.map((name) =>
    inputs.has(name) || build.constants.has(name) ? build.add('Identity', [name]) : name,
  );
  return { graph: close(graph, build, [...graph.outputs, ...own]), feeds };
}
