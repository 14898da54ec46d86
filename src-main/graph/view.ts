import { sizeOf, stridesOf, type Tensor, type ValueType } from './ir.ts';
import { allocate } from './tensor.ts';

/**
 * Copies a strided view of a tensor: element i of the result is `source[offset + Σ i_axis · strides_axis]`.
 * Transposition, slicing with any step and broadcasting (stride 0) are all such views.
 */
export function view(
  source: Tensor,
  dims: readonly number[],
  strides: readonly number[],
  offset = 0,
): Tensor {
  return pick(source, dims, offsetsOf(dims, strides, offset));
}

/** The tensor with its axes in another order. */
export function permuted(source: Tensor, perm: readonly number[]): Tensor {
  const strides = stridesOf(source.dims);
  return view(
    source,
    perm.map((axis) => source.dims[axis]),
    perm.map((axis) => strides[axis]),
  );
}

/** Offset of every element of a strided view, in row-major order. */
export function offsetsOf(
  dims: readonly number[],
  strides: readonly number[],
  offset = 0,
): Float64Array {
  let offsets = Float64Array.of(offset);
  dims.forEach((dim, axis) => {
    const next = new Float64Array(offsets.length * dim);
    let at = 0;
    for (const start of offsets) {
      for (let i = 0; i < dim; i++) next[at++] = start + i * strides[axis];
    }
    offsets = next;
  });
  return offsets;
}

/** A tensor of the source's elements at the given offsets. */
export function pick(source: Tensor, dims: readonly number[], offsets: ArrayLike<number>): Tensor {
  const data = allocate(source.dtype, sizeOf(dims));
  for (let i = 0; i < data.length; i++) data[i] = source.data[offsets[i]];
  return { dtype: source.dtype, dims, data };
}

/** Writes a tensor's elements to the given offsets of another. */
export function put(target: Tensor, source: Tensor, offsets: ArrayLike<number>): void {
  for (let i = 0; i < source.data.length; i++) target.data[offsets[i]] = source.data[i];
}

/** A tensor that holds one element of `source` (the first by default) everywhere; zeros without a source. */
export function filled({ dtype, dims }: ValueType, source?: Tensor, index = 0): Tensor {
  const data = allocate(dtype, sizeOf(dims));
  if (source) data.fill(source.data[index] as never);
  return { dtype, dims, data };
}
