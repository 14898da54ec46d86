import { z } from 'zod';
import { GraphError } from '../errors.ts';
import { sizeOf, type Tensor, type TensorData } from '../ir.ts';
import { halvesToFloats } from '../onnx/tensors.ts';
import { printable } from '../onnx/wording.ts';
import { MAX_ELEMENTS } from '../specialise.ts';

/** An entry of a weights manifest (tfjs-core/src/io/types.ts, `WeightsManifestEntry`). */
export const weightSchema = z.object({
  name: z.string().min(1).max(4096),
  shape: z.array(z.number().int().nonnegative()).max(32),
  dtype: z.string(),
  quantization: z
    .object({
      dtype: z.enum(['uint8', 'uint16', 'float16']),
      min: z.number().optional(),
      scale: z.number().optional(),
      original_dtype: z.enum(['float32', 'int32']).optional(),
    })
    .optional(),
});

export type WeightSpec = z.infer<typeof weightSchema>;

const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  ...{ float32: 4, int32: 4, bool: 1 },
  ...{ float16: 2, uint16: 2, uint8: 1 },
};

/** Element types that a graph holds; the rest are ways to store them. */
const DTYPES = ['float32', 'int32', 'bool'];

/**
 * Bytes that a weight takes in its file.
 * @throws GraphError `bad-graph` or `too-large` where its type or shape is not possible
 */
export function byteLength({ name, shape, dtype, quantization }: WeightSpec): number {
  const size = ELEMENT_BYTES[quantization?.dtype ?? dtype];
  if (!DTYPES.includes(dtype)) {
    throw new GraphError(
      'bad-graph',
      `The weight ${printable(name)} holds ${printable(dtype)} elements, which Eidoscope does not read; convert the model again.`,
    );
  }
  const length = sizeOf(shape);
  if (!(length <= MAX_ELEMENTS)) {
    throw new GraphError(
      'too-large',
      `The weight ${printable(name)} claims the shape [${shape.slice(0, 8).join(', ')}], which is not possible; the file is damaged.`,
    );
  }
  return length * size;
}

/** @param buffer its bytes alone, in little-endian order */
export function decodeWeight(spec: WeightSpec, buffer: ArrayBuffer): Tensor {
  const { shape: dims, dtype, quantization } = spec;
  if (quantization) return { dtype: dtype as 'float32', dims, data: dequantise(spec, buffer) };
  if (dtype === 'bool') {
    return { dtype, dims, data: new Uint8Array(buffer).map((value) => Number(value !== 0)) };
  }
  const data = dtype === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer);
  return { dtype: dtype as 'float32', dims, data };
}

/** Affine quantisation: value = stored · scale + min (tfjs-core/src/io/io_utils.ts). */
function dequantise({ name, dtype, quantization }: WeightSpec, buffer: ArrayBuffer): TensorData {
  const { dtype: stored, min, scale } = quantization!;
  if (stored === 'float16') return halvesToFloats(new Uint16Array(buffer));
  if (min === undefined || scale === undefined) {
    throw new GraphError(
      'bad-graph',
      `The weight ${printable(name)} is quantised without its scale; convert the model again.`,
    );
  }
  const whole = stored === 'uint8' ? new Uint8Array(buffer) : new Uint16Array(buffer);
  return dtype === 'int32'
    ? Int32Array.from(whole, (value) => Math.round(value * scale + min))
    : Float32Array.from(whole, (value) => value * scale + min);
}
