import { attr } from '../../attributes.ts';
import type { Attribute, Tensor } from '../../ir.ts';
import { floats, numbersOf } from '../../tensor.ts';
import { permuted } from '../../view.ts';
import type { Conversion, Converter, Converters } from '../operation.ts';
import { activationOf } from './activation.ts';
import { spaceOf } from './batch-space.ts';

/** Attributes of a window along height and width, whatever `data_format` says. */
export function spatial(conversion: Conversion, name: string): readonly number[] {
  const values = conversion.attributes.numbers(name);
  if (values.length === 0) return [1, 1];
  if (values.length !== 4) throw new Error(`its ${name} are not four numbers`);
  const at = isPlanarFile(conversion) ? 2 : 1;
  if (values[at === 2 ? 1 : 3] !== 1 || values[0] !== 1) {
    throw new Error(`its ${name} reach over images or channels`);
  }
  return values.slice(at, at + 2);
}

/** Whether the file itself keeps images in NCHW here. */
const isPlanarFile = ({ attributes }: Conversion): boolean => {
  const format = attributes.text('data_format', 'NHWC');
  if (format !== 'NHWC' && format !== 'NCHW') throw new Error(`it has the data format ${format}`);
  return format === 'NCHW';
};

/** Image input `index` in NCHW. */
export const imageInput = (conversion: Conversion, index = 0): string =>
  isPlanarFile(conversion) ? conversion.plain(index) : conversion.planar(index);

/** Gives the operation's result, an image tensor in NCHW, in the order in which the file has it. */
export function imageResult(
  conversion: Conversion,
  op: string,
  inputs: readonly string[],
  attributes: Record<string, Attribute> = {},
  channels?: number,
): void {
  if (isPlanarFile(conversion)) return conversion.plainResult({ op, inputs, attributes, rank: 4 });
  const known = channels === undefined ? {} : { channels };
  conversion.planarResult({ op, inputs, attributes, ...known });
}

/** Padding as ONNX states it: SAME is resolved when the size of the image is known. */
export function paddingOf(conversion: Conversion): Record<string, Attribute> {
  const padding = conversion.attributes.text('padding', 'VALID');
  if (padding === 'SAME') return { auto_pad: attr.string('SAME_UPPER') };
  if (padding === 'VALID') return {};
  const pads = conversion.attributes.numbers('explicit_paddings');
  if (padding !== 'EXPLICIT' || pads.length !== 8) throw new Error(`its padding is ${padding}`);
  const at = isPlanarFile(conversion) ? 4 : 2;
  return { pads: attr.ints([pads[at], pads[at + 2], pads[at + 1], pads[at + 3]]) };
}

/** Weights must be constants of four axes. */
function weightsOf({ constant }: Conversion): Tensor {
  const weights = constant(1);
  if (!weights) throw new Error('its weights depend on the image');
  if (weights.dims.length !== 4) throw new Error('its weights have not four axes');
  return weights;
}

/** TensorFlow has weights [height, width, in, out], ONNX [out, in, height, width]. */
const ordinary = (weights: Tensor): Tensor => permuted(weights, [3, 2, 0, 1]);

/** [height, width, channels, multiplier] become [channels · multiplier, 1, height, width]. */
function depthwise(weights: Tensor): Tensor {
  const { dims, ...rest } = permuted(weights, [2, 3, 0, 1]);
  return { ...rest, dims: [dims[0] * dims[1], 1, dims[2], dims[3]] };
}

/** How the input's channels are split, which the shape of the weights tells. */
function groupsOf(conversion: Conversion, weights: Tensor, isDepthwise: boolean): number {
  if (isDepthwise) return weights.dims[2];
  const channels = conversion.channels(0);
  return channels === undefined ? 1 : Math.max(1, Math.round(channels / weights.dims[2]));
}

/** A convolution, with the bias, normalisation and activation that TensorFlow's optimiser fused into it. */
const convolution =
  (isDepthwise: boolean): Converter =>
  (conversion) => {
    const { attributes, put, step } = conversion;
    const weights = weightsOf(conversion);
    const fused = attributes.strings('fused_ops');
    const scaled = fused.includes('FusedBatchNorm') ? normalisation(conversion) : undefined;
    const moved = (isDepthwise ? depthwise : ordinary)(weights);
    const kernel = put(scaled ? scaleOutputs(moved, scaled.slopes) : moved, 'weights');
    const bias = scaled ? [put(scaled.offsets, 'bias')] : biasOf(conversion, fused);
    const space = spaceOf(conversion);
    const settings = {
      group: attr.int(groupsOf(conversion, weights, isDepthwise)),
      kernel_shape: attr.ints(moved.dims.slice(2)),
      strides: attr.ints(spatial(conversion, 'strides')),
      dilations: attr.ints(space?.block ?? spatial(conversion, 'dilations')),
      ...(space ? { pads: attr.ints(space.pads) } : paddingOf(conversion)),
    };
    const inputs = [space?.source ?? imageInput(conversion), kernel, ...bias];
    const last = fused.filter((name) => name !== 'BiasAdd' && name !== 'FusedBatchNorm');
    if (last.length > 1) throw new Error(`it is fused with ${last.join(' and ')}`);
    const channels = moved.dims[0];
    if (last.length === 0) return imageResult(conversion, 'Conv', inputs, settings, channels);
    const sum = step('Conv', inputs, settings);
    const { op, inputs: given, attributes: how } = fusedActivation(conversion, last[0], sum);
    imageResult(conversion, op, given, how, channels);
  };

function fusedActivation(conversion: Conversion, name: string, value: string) {
  if (name !== 'Prelu') return activationOf(name, conversion, value);
  return { op: 'PRelu', inputs: [value, conversion.planar(conversion.count - 1)], attributes: {} };
}

function biasOf({ plain, count }: Conversion, fused: readonly string[]): string[] {
  if (!fused.includes('BiasAdd')) return [];
  if (count < 3) throw new Error('its bias is missing');
  return [plain(2)];
}

/** Batch normalisation as a slope and an offset for each channel (Ioffe & Szegedy 2015, algorithm 2). */
function normalisation({ numbers, attributes }: Conversion): {
  slopes: Float64Array;
  offsets: Tensor;
} {
  const [scale, shift, mean, variance] = [2, 3, 4, 5].map((i) => numbers(i, 'statistics'));
  const epsilon = attributes.number('epsilon', 1e-4);
  const slopes = Float64Array.from(scale, (s, c) => s / Math.sqrt(variance[c] + epsilon));
  const offsets = slopes.map((slope, c) => shift[c] - mean[c] * slope);
  return { slopes, offsets: floats([slopes.length], offsets) };
}

function scaleOutputs(weights: Tensor, slopes: Float64Array): Tensor {
  const row = weights.data.length / weights.dims[0];
  const data = Float32Array.from(numbersOf(weights), (w, i) => w * slopes[Math.floor(i / row)]);
  return { dtype: 'float32', dims: weights.dims, data };
}

/**
 * The adjoint of a convolution. `input_sizes` is the shape of its result; where it is computed, it is the one that
 * Keras computes: the input's, times the stride.
 */
const transposed: Converter = (conversion) => {
  const { constant, put, planar, attributes } = conversion;
  if (isPlanarFile(conversion)) throw new Error('it has the data format NCHW');
  const weights = weightsOf(conversion);
  const strides = spatial(conversion, 'strides');
  const same = attributes.text('padding', 'VALID') === 'SAME';
  const stated = constant(0);
  const sizes = stated && Array.from(numbersOf(stated)).slice(-3, -1);
  const cuts = strides.map((stride, axis) =>
    cutOf(weights.dims[axis], stride, same, sizes?.[axis]),
  );
  if (spatial(conversion, 'dilations').some((each) => each !== 1)) throw new Error('it is dilated');
  const kernel = put(permuted(weights, [3, 2, 0, 1]), 'weights');
  conversion.planarResult({
    op: 'ConvTranspose',
    inputs: [planar(2), kernel],
    attributes: {
      kernel_shape: attr.ints(weights.dims.slice(0, 2)),
      strides: attr.ints(strides),
      pads: attr.ints([...cuts.map(([begin]) => begin), ...cuts.map(([, end]) => end)]),
      output_padding: attr.ints(cuts.map(([, , extra]) => extra)),
    },
    channels: weights.dims[2],
  });
};

/** What is cut off before and after the full result along an axis, and what is added to it. */
function cutOf(
  kernel: number,
  stride: number,
  same: boolean,
  size: number | undefined,
): [begin: number, end: number, extra: number] {
  const rest =
    size === undefined ? Math.max(0, stride - kernel) : extraOf(kernel, stride, same, size);
  if (!same) return [0, 0, rest];
  const from = size === undefined ? 1 : Math.ceil(size / stride);
  const total = Math.max(0, (from - 1) * stride + kernel - (size ?? stride));
  const begin = Math.floor(total / 2);
  return [begin, total - begin, rest];
}

function extraOf(kernel: number, stride: number, same: boolean, size: number): number {
  const from = same ? Math.ceil(size / stride) : Math.floor((size - kernel) / stride) + 1;
  return Math.max(0, size - ((from - 1) * stride + kernel));
}

export const convolutions: Converters = {
  Conv2D: convolution(false),
  _FusedConv2D: convolution(false),
  FusedConv2D: convolution(false),
  DepthwiseConv2dNative: convolution(true),
  FusedDepthwiseConv2dNative: convolution(true),
  _FusedDepthwiseConv2dNative: convolution(true),
  Conv2DBackpropInput: transposed,
};
