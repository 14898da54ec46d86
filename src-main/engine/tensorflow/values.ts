import { sizeOf, type DType, type TensorData, type ValueType } from '../../graph/ir.ts';
import { allocate } from '../../graph/tensor.ts';
import type { Handle, TF } from './operation.ts';

/** TensorFlow.js has no integers but those of 32 bits: larger ones saturate, smaller ones are widened. */
function widened(dtype: DType, data: TensorData): Float32Array | Int32Array | Uint8Array {
  if (data instanceof BigInt64Array) return Int32Array.from(data, saturated);
  if (data instanceof Int8Array || (data instanceof Uint8Array && dtype !== 'bool')) {
    return Int32Array.from(data);
  }
  return data;
}

const saturated = (value: bigint): number =>
  Number(value > 0x7fffffffn ? 0x7fffffffn : value < -0x80000000n ? -0x80000000n : value);

/** Puts a value into the backend's memory. @param data row-major; the backend may keep it */
export function upload(tf: TF, { dtype, dims }: ValueType, data: TensorData): Handle {
  const kind = dtype === 'float32' || dtype === 'bool' ? dtype : 'int32';
  return tf.tensor(widened(dtype, data), [...dims], kind);
}

/** A copy of a value in the array of its ONNX type. @param into is written to, where it is given */
export function download(type: ValueType, value: Handle, into: TensorData | undefined): TensorData {
  const result = into ?? allocate(type.dtype, sizeOf(type.dims));
  const data = value.dataSync();
  if (result instanceof BigInt64Array) data.forEach((each, i) => (result[i] = BigInt(each)));
  else result.set(data);
  return result;
}
