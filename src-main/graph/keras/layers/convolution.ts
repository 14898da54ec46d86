import { attr } from '../../attributes.ts';
import { sizeOf, type Attributes, type Tensor } from '../../ir.ts';
import { view } from '../../view.ts';
import { permuted, type Layer, type LayerCall } from '../layer.ts';
import { upTo, type Value } from '../network.ts';
import { addBias, finish, planes } from './planes.ts';

/** Kernel of a convolution, as ONNX wants it: [out, in / groups, spatial…]. */
function kernelOf(call: LayerCall, kernel: Tensor, axes: number): Tensor {
  const spatial = upTo(0, axes);
  // Keras 1 kept kernels in Theano's order where images were.
  const isTheano = call.settings.raw('dim_ordering') === 'th' && call.dialect.version < 2;
  if (!isTheano) return permuted(kernel, [axes + 1, axes, ...spatial], call.settings.layer);
  const own = permuted(kernel, upTo(0, axes + 2), call.settings.layer);
  return call.dialect.isMirrored ? mirrored(own) : own;
}

/** Theano's convolutions turn their kernel round: each filter's elements are in reverse order. */
function mirrored(kernel: Tensor): Tensor {
  const area = sizeOf(kernel.dims.slice(2));
  const filters = sizeOf(kernel.dims.slice(0, 2));
  const { data } = view(kernel, [filters, area], [area, -1], area - 1);
  return { ...kernel, data };
}

/** Strides, dilations and padding. `causal` pads a sequence before its first element alone. */
export function windowOf(call: LayerCall, axes: number, kernel: readonly number[]): Attributes {
  const { settings } = call;
  const strides = settings.counts(axes, 1, 'strides', 'subsample', 'subsample_length');
  const dilations = settings.counts(axes, 1, 'dilation_rate', 'atrous_rate');
  const common = {
    kernel_shape: attr.ints(kernel),
    strides: attr.ints(strides),
    dilations: attr.ints(dilations),
  };
  const padding = settings.text('valid', 'padding', 'border_mode');
  if (padding === 'valid') return common;
  if (padding === 'same') return { ...common, ...evenly(kernel, dilations) };
  if (padding !== 'causal' || axes !== 1) throw call.refuse(`pads by "${padding}"`);
  return { ...common, pads: attr.ints([dilations[0] * (kernel[0] - 1), 0]) };
}

/** Engines cannot pad a dilated kernel by themselves; its padding is known, as Keras strides no such kernel. */
function evenly(kernel: readonly number[], dilations: readonly number[]): Attributes {
  if (dilations.every((dilation) => dilation === 1)) {
    return { auto_pad: attr.string('SAME_UPPER') };
  }
  const totals = kernel.map((size, i) => dilations[i] * (size - 1));
  const before = totals.map((total) => Math.floor(total / 2));
  return { pads: attr.ints([...before, ...totals.map((total, i) => total - before[i])]) };
}

const hasBias = (call: LayerCall): boolean => call.settings.flag(true, 'use_bias', 'bias');

const convolution =
  (axes: number): Layer =>
  (call) => {
    const value = planes(call, axes);
    const roles = hasBias(call) ? ['kernel', 'bias'] : ['kernel'];
    const [kernel, bias] = call.weights(roles);
    const weight = kernelOf(call, kernel, axes);
    const attributes = {
      ...windowOf(call, axes, weight.dims.slice(2)),
      group: attr.int(
        call.settings.raw('groups') === undefined ? 1 : call.settings.count('groups'),
      ),
    };
    return finish(call, value, convolve(call, value, weight, bias, attributes));
  };

function convolve(
  { network, module }: LayerCall,
  value: Value,
  weight: Tensor,
  bias: Tensor | undefined,
  attributes: Attributes,
): string {
  const inputs = [value.name, network.constant(module, 'kernel', weight)];
  if (bias) inputs.push(network.constant(module, 'bias', bias));
  return network.op('Conv', module, inputs, attributes);
}

/** [spatial…, in, multiplier] as [in · multiplier, 1, spatial…]. */
function depthwiseKernel(call: LayerCall, kernel: Tensor, axes: number): Tensor {
  const turned = permuted(kernel, [axes, axes + 1, ...upTo(0, axes)], call.settings.layer);
  const [channels, multiplier, ...spatial] = turned.dims;
  return { ...turned, dims: [channels * multiplier, 1, ...spatial] };
}

const depthwise =
  (axes: number): Layer =>
  (call) => {
    const value = planes(call, axes);
    const [kernel, bias] = depthwiseWeights(call);
    const weight = depthwiseKernel(call, kernel, axes);
    const attributes = {
      ...windowOf(call, axes, weight.dims.slice(2)),
      group: attr.int(kernel.dims[axes]),
    };
    return finish(call, value, convolve(call, value, weight, bias, attributes));
  };

/** Keras 3 and TensorFlow.js call the kernel by different names. */
function depthwiseWeights(call: LayerCall): readonly Tensor[] {
  const rest = hasBias(call) ? ['bias'] : [];
  return call.weightsIfAny(['depthwise_kernel', ...rest]) ?? call.weights(['kernel', ...rest]);
}

const separable =
  (axes: number): Layer =>
  (call) => {
    const value = planes(call, axes);
    const bias = hasBias(call) ? ['bias'] : [];
    const [deep, point, offset] = call.weights(['depthwise_kernel', 'pointwise_kernel', ...bias]);
    const weight = depthwiseKernel(call, deep, axes);
    const attributes = {
      ...windowOf(call, axes, weight.dims.slice(2)),
      group: attr.int(deep.dims[axes]),
    };
    const between = { ...value, name: convolve(call, value, weight, undefined, attributes) };
    const mixed = permuted(point, [axes + 1, axes, ...upTo(0, axes)], call.settings.layer);
    return finish(call, value, convolve(call, between, mixed, offset, {}));
  };

/** The adjoint of a convolution; `same` makes the result `strides` times as large. */
const transposed =
  (axes: number): Layer =>
  (call) => {
    const { settings, network, module } = call;
    if (settings.raw('output_padding') !== undefined) throw call.refuse('sets output_padding');
    const value = planes(call, axes);
    const [kernel, bias] = call.weights(hasBias(call) ? ['kernel', 'bias'] : ['kernel']);
    const weight = permuted(kernel, [axes + 1, axes, ...upTo(0, axes)], settings.layer);
    const inputs = [value.name, network.constant(module, 'kernel', weight)];
    const attributes = growth(call, axes, weight.dims.slice(2));
    const result = network.op('ConvTranspose', module, inputs, attributes);
    return finish(call, value, bias ? addBias(call, result, bias, axes) : result);
  };

/** Padding of the convolution whose adjoint this is: total = span − stride, the smaller half first. */
function growth(call: LayerCall, axes: number, kernel: readonly number[]): Attributes {
  const strides = call.settings.counts(axes, 1, 'strides');
  const dilations = call.settings.counts(axes, 1, 'dilation_rate');
  const isSame = call.settings.text('valid', 'padding') === 'same';
  const excess = kernel.map((size, i) => dilations[i] * (size - 1) + 1 - strides[i]);
  const begin = excess.map((total) => (isSame ? Math.floor(Math.max(0, total) / 2) : 0));
  const end = excess.map((total, i) => (isSame ? Math.max(0, total) - begin[i] : 0));
  return {
    strides: attr.ints(strides),
    dilations: attr.ints(dilations),
    pads: attr.ints([...begin, ...end]),
    output_padding: attr.ints(excess.map((total) => Math.max(0, -total))),
  };
}

/** https://keras.io/api/layers/convolution_layers/ */
export const convolutions: Readonly<Record<string, Layer>> = {
  Conv1D: convolution(1),
  Conv2D: convolution(2),
  Conv3D: convolution(3),
  Convolution1D: convolution(1),
  Convolution2D: convolution(2),
  Convolution3D: convolution(3),
  AtrousConvolution2D: convolution(2),
  DepthwiseConv1D: depthwise(1),
  DepthwiseConv2D: depthwise(2),
  SeparableConv1D: separable(1),
  SeparableConv2D: separable(2),
  SeparableConvolution2D: separable(2),
  Conv1DTranspose: transposed(1),
  Conv2DTranspose: transposed(2),
  Conv3DTranspose: transposed(3),
};
