import { sizeOf, type DType, type Tensor, type TensorData } from './ir.ts';

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Allocates zeroed storage for `length` elements of a type. */
export function allocate(dtype: DType, length: number): TensorData {
  switch (dtype) {
    case 'float32':
      return new Float32Array(length);
    case 'int64':
      return new BigInt64Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'int8':
      return new Int8Array(length);
    case 'uint8':
    case 'bool':
      return new Uint8Array(length);
  }
}

/** Number to the nearest 64-bit integer, saturating: exporters write INT64_MAX for "to the end". */
export function toInt64(value: number): bigint {
  if (Number.isNaN(value)) return 0n;
  if (value >= 2 ** 63) return INT64_MAX;
  if (value <= -(2 ** 63)) return INT64_MIN;
  return BigInt(Math.trunc(value));
}

/** A tensor from plain numbers. @throws Error when the count does not fit the shape. */
export function tensor(dtype: DType, dims: readonly number[], values: ArrayLike<number>): Tensor {
  const length = sizeOf(dims);
  if (values.length !== length) {
    throw new Error(`${values.length} values do not fill the shape [${dims.join(', ')}]`);
  }
  const data = allocate(dtype, length);
  for (let i = 0; i < length; i++) {
    if (data instanceof BigInt64Array) data[i] = toInt64(values[i]);
    else data[i] = dtype === 'bool' ? Number(values[i] !== 0) : values[i];
  }
  return { dtype, dims, data };
}

export const floats = (dims: readonly number[], values: ArrayLike<number>): Tensor =>
  tensor('float32', dims, values);
export const ints = (dims: readonly number[], values: ArrayLike<number>): Tensor =>
  tensor('int64', dims, values);

/** The elements as plain numbers, in row-major order. 64-bit integers beyond 2^53 lose precision, which no shape needs. */
export function numbersOf(source: Tensor): ArrayLike<number> {
  return source.data instanceof BigInt64Array ? Array.from(source.data, Number) : source.data;
}
