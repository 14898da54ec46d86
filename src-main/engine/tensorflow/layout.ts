import type { Handle, Kernel, Layout, Operand, Site, TF } from './operation.ts';

const TO_LAST = [0, 2, 3, 1];
const TO_FIRST = [0, 3, 1, 2];

/** [N, C, H, W] as [N, H, W, C]. */
export const lastDims = (dims: readonly number[]): number[] => TO_LAST.map((axis) => dims[axis]);

/** Dimensions of a value as it lies in memory. */
export const dimsIn = (layout: Layout, dims: readonly number[]): number[] =>
  layout === 'last' ? lastDims(dims) : [...dims];

/** Where an ONNX axis lies in memory. */
export const axisIn = (layout: Layout, axis: number): number =>
  layout === 'last' ? TO_LAST.indexOf(axis) : axis;

/** One entry for each ONNX axis, in the order in which the axes lie in memory. */
export const listIn = <T>(layout: Layout, list: readonly T[]): T[] =>
  layout === 'last' ? TO_LAST.map((axis) => list[axis]) : [...list];

/** Whether both layouts have the elements in the same order. @param dims of ONNX */
const alike = ([, channels, height, width]: readonly number[]): boolean =>
  channels === 1 || height * width === 1;

/** A value in the other layout. @param dims of ONNX */
export function convert(tf: TF, value: Handle, dims: readonly number[], to: Layout): Handle {
  if (alike(dims)) return tf.reshape(value, dimsIn(to, dims));
  return tf.transpose(value, to === 'last' ? TO_LAST : TO_FIRST);
}

export const permutationTo = (layout: Layout): readonly number[] =>
  layout === 'last' ? TO_LAST : TO_FIRST;

const isLast = (operand: Operand | undefined): boolean =>
  operand !== undefined && operand.layout === 'last' && operand.constant === undefined;

/** The layout that most inputs can be read in as they are: `last` as soon as one of rank 4 lies so. */
export function common(site: Site): Layout {
  return site.inputs.some(isLast) ? 'last' : 'first';
}

/** A kernel of one input that keeps its layout. */
export function keeping(site: Site, run: (x: Handle) => Handle): Kernel {
  const layout = common(site);
  const others = site.inputs.slice(1).map(() => 'unread' as const);
  return { reads: [layout, ...others], gives: layout, run: ([x]) => run(x) };
}
