import { attr, intAttr, intsAttr } from '../attributes.ts';
import { sizeOf, type Node, type ValueType } from '../ir.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';
import { floats } from '../tensor.ts';
import { applyMaps, axisMap, type AxisMap } from './axis-map.ts';
import { windowsOf, type Windows } from './window.ts';

function inferAverage({ node, inputs }: InferContext): ValueType[] {
  const x = pooled(inputs[0]);
  const windows = windowsOf(node, x.dims.slice(2), kernelOf(node));
  return [{ dtype: x.dtype, dims: [...x.dims.slice(0, 2), ...windows.output] }];
}

function inferGlobal({ inputs }: InferContext): ValueType[] {
  const x = pooled(inputs[0]);
  return [{ dtype: x.dtype, dims: x.dims.map((dim, axis) => (axis < 2 ? dim : 1)) }];
}

function pooled(x: ValueType | undefined): ValueType {
  if (!x || x.dims.length < 3) throw new Error('pooling needs an input [N, C, spatial…]');
  return x;
}

function kernelOf(node: Node): readonly number[] {
  const kernel = intsAttr(node, 'kernel_shape');
  if (!kernel) throw new Error('kernel_shape is missing');
  return kernel;
}

/** An average over a box is an average along each axis, so its adjoint is a product with one matrix per axis. */
function averageGradient(context: GradientContext): (string | null)[] {
  const { node, inputTypes, cotangents, build } = context;
  const windows = windowsOf(node, inputTypes[0]!.dims.slice(2), kernelOf(node));
  const includePadding = intAttr(node, 'count_include_pad', 0) === 1;
  const maps = windows.input.map((_, axis) => spreadMap(windows, axis, includePadding));
  return [applyMaps(build, cotangents[0]!, [null, null, ...maps])];
}

/** Each window spreads its cotangent evenly: [input, output], 1 / (elements that the window counts). */
function spreadMap(windows: Windows, axis: number, includePadding: boolean): AxisMap {
  const [input, output] = [windows.input[axis], windows.output[axis]];
  const map = axisMap(input, output);
  for (let window = 0; window < output; window++) {
    const start = window * windows.strides[axis] - windows.begin[axis];
    const positions = Array.from(
      { length: windows.kernel[axis] },
      (_, tap) => start + tap * windows.dilations[axis],
    );
    const inside = positions.filter((position) => position >= 0 && position < input);
    const counted = includePadding
      ? positions.filter((position) => position < input + windows.end[axis])
      : inside;
    for (const position of inside) map.weights[position * output + window] = 1 / counted.length;
  }
  return map;
}

function globalAverageGradient(context: GradientContext): (string | null)[] {
  const { build } = context;
  const { dims } = context.inputTypes[0]!;
  const count = sizeOf(dims.slice(2));
  const each = build.add('Mul', [context.cotangents[0]!, build.scalar(1 / count)]);
  return [build.add('Expand', [each, build.shape(dims)])];
}

/** The first of several equal maxima gets all, as in PyTorch. */
function globalMaxGradient(context: GradientContext): (string | null)[] {
  const { build, inputs, cotangents } = context;
  const { dims } = context.inputTypes[0]!;
  const [batch, channels, ...spatial] = dims;
  const count = sizeOf(spatial);
  const flat = build.reshape(inputs[0], [batch, channels, count]);
  const positions = build.constant(
    floats(
      [count],
      Array.from({ length: count }, (_, i) => i),
    ),
  );
  const highest = build.reshape(context.outputs[0], [batch, channels, 1]);
  const equal = build.add('Equal', [flat, highest]);
  const places = build.add('Where', [equal, positions, build.scalar(count)]);
  const first = build.add('ReduceMin', [places, build.shape([2])], { keepdims: attr.int(1) });
  const wins = build.add('Equal', [positions, first]);
  const share = build.reshape(cotangents[0]!, [batch, channels, 1]);
  const spread = build.add('Where', [wins, share, build.scalar(0)]);
  return [build.reshape(spread, dims)];
}

/** ONNX operators AveragePool, GlobalAveragePool and GlobalMaxPool. */
export const poolings: readonly Operator[] = [
  { name: 'AveragePool', infer: inferAverage, gradient: averageGradient },
  { name: 'GlobalAveragePool', infer: inferGlobal, gradient: globalAverageGradient },
  { name: 'GlobalMaxPool', infer: inferGlobal, gradient: globalMaxGradient },
];
