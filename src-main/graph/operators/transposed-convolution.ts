import { intAttr, intsAttr, stringAttr } from '../attributes.ts';
import type { Node, ValueType } from '../ir.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';
import { biasGradient, convolutionAttributes, weightGradient } from './convolution-adjoint.ts';
import { checkConvolution } from './convolution.ts';
import { crop } from './spatial.ts';
import { positive, spanOf, type Windows } from './window.ts';

/**
 * The windows of the convolution whose adjoint a ConvTranspose node is: it slides over the node's *output*.
 * @param small spatial dimensions of the node's input
 */
export function adjointWindows(
  node: Node,
  small: readonly number[],
  kernel: readonly number[],
): Windows {
  const rank = small.length;
  const strides = positive(node, 'strides', rank);
  const dilations = positive(node, 'dilations', rank);
  const extra = intsAttr(node, 'output_padding') ?? small.map(() => 0);
  const full = small.map(
    (dim, axis) => strides[axis] * (dim - 1) + spanOf(kernel[axis], dilations[axis]) + extra[axis],
  );
  const padding = full.map((size, axis) =>
    paddingOf(node, axis, size, small[axis] * strides[axis]),
  );
  const begin = padding.map((pair) => pair[0]);
  const end = padding.map((pair) => pair[1]);
  const large = full.map((size, axis) => size - begin[axis] - end[axis]);
  return { input: large, kernel, strides, dilations, begin, end, output: small };
}

/** How much of the full output is cut off at both ends (ONNX operator ConvTranspose, `output_shape` and `pads`). */
function paddingOf(node: Node, axis: number, full: number, same: number): [number, number] {
  const mode = stringAttr(node, 'auto_pad', 'NOTSET');
  const shape = intsAttr(node, 'output_shape');
  const wanted = shape ? shape[axis] : mode.startsWith('SAME') ? same : undefined;
  if (wanted !== undefined) {
    const total = Math.max(0, full - wanted);
    const small = Math.floor(total / 2);
    return mode === 'SAME_UPPER' ? [small, total - small] : [total - small, small];
  }
  const pads = mode === 'VALID' ? undefined : intsAttr(node, 'pads');
  return pads ? [pads[axis], pads[axis + pads.length / 2]] : [0, 0];
}

function infer(context: InferContext): ValueType[] {
  const [x, w] = checkConvolution(context);
  const groups = intAttr(context.node, 'group', 1);
  if (w.dims[0] !== x.dims[1] || x.dims[1] % groups !== 0) {
    throw new Error(
      `weights [${w.dims.join(', ')}] do not fit ${x.dims[1]} channels in ${groups} groups`,
    );
  }
  const windows = adjointWindows(context.node, x.dims.slice(2), w.dims.slice(2));
  return [{ dtype: x.dtype, dims: [x.dims[0], w.dims[1] * groups, ...windows.input] }];
}

function gradient(context: GradientContext): (string | null)[] {
  const { node, inputs, inputTypes, outputTypes, build } = context;
  const cotangent = context.cotangents[0]!;
  const [xDims, wDims] = [inputTypes[0]!.dims, inputTypes[1]!.dims];
  const groups = intAttr(node, 'group', 1);
  const windows = adjointWindows(node, xDims.slice(2), wDims.slice(2));
  const convolution = { windows, groups, input: outputTypes[0].dims, weights: wDims };
  return [
    context.wants(0) ? inputGradient(context, windows, groups) : null,
    // The roles of input and cotangent are those of the convolution that this node is the adjoint of.
    context.wants(1) ? weightGradient(build, convolution, cotangent, inputs[0]) : null,
    context.wants(2) ? biasGradient(build, cotangent) : null,
  ].slice(0, inputs.length);
}

/** The convolution itself, with the very same weights. */
function inputGradient(context: GradientContext, windows: Windows, groups: number): string {
  const { inputs, inputTypes, build } = context;
  const { strides, dilations, begin, end } = windows;
  const attributes = convolutionAttributes(groups, strides, dilations, begin, end);
  const result = build.add('Conv', [context.cotangents[0]!, inputs[1]], attributes);
  // Output padding can make room for windows that the forward pass does not have.
  const surplus = build.dims(result).map((dim, axis) => dim - inputTypes[0]!.dims[axis]);
  return crop(
    build,
    result,
    surplus.map(() => 0),
    surplus,
  );
}

/** ONNX operator ConvTranspose. Gradient: Dumoulin & Visin 2016, arXiv 1603.07285, section 4. */
export const transposedConvolutions: readonly Operator[] = [
  { name: 'ConvTranspose', infer, gradient },
];
