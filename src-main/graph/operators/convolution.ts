import { intAttr, intsAttr } from '../attributes.ts';
import type { ValueType } from '../ir.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';
import { biasGradient, inputGradient, weightGradient } from './convolution-adjoint.ts';
import { windowsOf } from './window.ts';

/** Throws unless x, w and an optional bias are float tensors of ranks that fit a convolution. */
export function checkConvolution(context: InferContext): [ValueType, ValueType] {
  const [x, w, b] = context.inputs;
  if (!x || !w) throw new Error('a convolution needs an input and weights');
  if (x.dims.length < 3 || w.dims.length !== x.dims.length) {
    throw new Error(
      `weights of rank ${w.dims.length} do not fit an input of rank ${x.dims.length}`,
    );
  }
  if (b && b.dims.length !== 1) throw new Error('the bias must be a vector');
  const stated = intsAttr(context.node, 'kernel_shape');
  if (stated?.some((size, axis) => size !== w.dims[axis + 2])) {
    throw new Error('kernel_shape does not fit the weights');
  }
  return [x, w];
}

function infer(context: InferContext): ValueType[] {
  const [x, w] = checkConvolution(context);
  const groups = intAttr(context.node, 'group', 1);
  if (w.dims[1] * groups !== x.dims[1] || w.dims[0] % groups !== 0) {
    throw new Error(
      `weights [${w.dims.join(', ')}] do not fit ${x.dims[1]} channels in ${groups} groups`,
    );
  }
  const windows = windowsOf(context.node, x.dims.slice(2), w.dims.slice(2));
  return [{ dtype: x.dtype, dims: [x.dims[0], w.dims[0], ...windows.output] }];
}

function gradient(context: GradientContext): (string | null)[] {
  const { node, inputs, inputTypes, build } = context;
  const cotangent = context.cotangents[0]!;
  const [xDims, wDims] = [inputTypes[0]!.dims, inputTypes[1]!.dims];
  const convolution = {
    windows: windowsOf(node, xDims.slice(2), wDims.slice(2)),
    groups: intAttr(node, 'group', 1),
    input: xDims,
    weights: wDims,
  };
  return [
    context.wants(0) ? inputGradient(build, convolution, cotangent, inputs[1]) : null,
    context.wants(1) ? weightGradient(build, convolution, inputs[0], cotangent) : null,
    context.wants(2) ? biasGradient(build, cotangent) : null,
  ].slice(0, inputs.length);
}

/** ONNX operator Conv. Gradient: Dumoulin & Visin 2016, arXiv 1603.07285, section 4. */
export const convolutions: readonly Operator[] = [{ name: 'Conv', infer, gradient }];
