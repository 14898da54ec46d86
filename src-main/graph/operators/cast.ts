import { intAttr } from '../attributes.ts';
import type { DType, Node, Tensor } from '../ir.ts';
import type { GradientContext, Operator } from '../operator.ts';
import { numbersOf, tensor } from '../tensor.ts';

/** Element types by their number in ONNX's TensorProto.DataType. */
const TYPES: Readonly<Record<number, DType>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
};

function target(node: Node): DType {
  const code = intAttr(node, 'to', 0);
  const dtype = TYPES[code];
  if (!dtype) throw new Error(`the element type with ONNX number ${code} is not supported`);
  return dtype;
}

/** Floats to integers lose their fraction (towards zero); anything but 0 is true. */
function converted(source: Tensor, dtype: DType): Tensor {
  return source.dtype === dtype ? source : tensor(dtype, source.dims, numbersOf(source));
}

/** Between floats the cast is the identity; nothing flows through integers. */
function gradient({
  inputs,
  inputTypes,
  outputTypes,
  cotangents,
}: GradientContext): (string | null)[] {
  const smooth = inputTypes[0]?.dtype === 'float32' && outputTypes[0].dtype === 'float32';
  return inputs.map((_, index) => (smooth && index === 0 ? cotangents[0] : null));
}

/** ONNX operator Cast: https://onnx.ai/onnx/operators/onnx__Cast.html */
const cast: Operator = {
  name: 'Cast',
  infer: ({ node, inputs: [value] }) => {
    if (!value) throw new Error('the value is missing');
    return [{ dtype: target(node), dims: value.dims }];
  },
  gradient,
  evaluate: (node, [value]) => [converted(value!, target(node))],
};

/** ONNX operator CastLike: https://onnx.ai/onnx/operators/onnx__CastLike.html */
const castLike: Operator = {
  name: 'CastLike',
  infer: ({ inputs: [value, like] }) => {
    if (!value || !like) throw new Error('2 inputs are needed');
    return [{ dtype: like.dtype, dims: value.dims }];
  },
  gradient,
  evaluate: (_, [value, like]) => [converted(value!, like!.dtype)],
};

export const casts: readonly Operator[] = [cast, castLike];
