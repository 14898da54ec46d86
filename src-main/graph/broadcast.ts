import { sizeOf, stridesOf, type DType, type Tensor } from './ir.ts';
import { allocate } from './tensor.ts';

export type Element = number | bigint;

/**
 * The shape that numpy broadcasting gives to several shapes: aligned at the last axis, 1 stretches.
 * @throws Error when two dimensions differ and neither is 1
 */
export function broadcastDims(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((dims) => dims.length));
  return Array.from({ length: rank }, (_, axis) => {
    const here = shapes.map((dims) => dims[axis - rank + dims.length] ?? 1);
    const stretched = here.find((dim) => dim !== 1) ?? 1;
    if (here.every((dim) => dim === 1 || dim === stretched)) return stretched;
    const listed = shapes.map((dims) => `[${dims.join(', ')}]`).join(' and ');
    throw new Error(`the shapes ${listed} cannot be broadcast together`);
  });
}

/** For each element of a tensor of shape `to`, in row-major order, the index of the element of `from` that it repeats. */
export function broadcastIndices(from: readonly number[], to: readonly number[]): Int32Array {
  const lead = to.length - from.length;
  const own = stridesOf(from);
  const steps = to.map((_, axis) =>
    axis < lead || from[axis - lead] === 1 ? 0 : own[axis - lead],
  );
  const indices = new Int32Array(sizeOf(to));
  const place = new Array<number>(to.length).fill(0);
  for (let i = 0, at = 0; i < indices.length; i++) {
    indices[i] = at;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      at += steps[axis];
      if (++place[axis] < to[axis]) break;
      at -= steps[axis] * to[axis];
      place[axis] = 0;
    }
  }
  return indices;
}

/** Applies a function element by element to tensors that are broadcast together. Booleans are 0 and 1. */
export function mapElements(
  dtype: DType,
  inputs: readonly Tensor[],
  apply: (...values: Element[]) => Element | boolean,
): Tensor {
  const dims = broadcastDims(inputs.map((input) => input.dims));
  const data = allocate(dtype, sizeOf(dims));
  const readers = inputs.map((input) => reader(input, dims));
  const [first, second] = readers;
  const at =
    readers.length === 1
      ? (i: number) => apply(first(i))
      : readers.length === 2
        ? (i: number) => apply(first(i), second(i))
        : (i: number) => apply(...readers.map((read) => read(i)));
  const convert = data instanceof BigInt64Array ? BigInt : Number;
  for (let i = 0; i < data.length; i++) data[i] = convert(at(i));
  return { dtype, dims, data };
}

/** Reads a tensor as though it had been stretched to `dims`. */
function reader(source: Tensor, dims: readonly number[]): (i: number) => Element {
  const { data } = source;
  if (data.length === 1) return () => data[0];
  if (data.length === sizeOf(dims)) return (i) => data[i];
  const indices = broadcastIndices(source.dims, dims);
  return (i) => data[indices[i]];
}
