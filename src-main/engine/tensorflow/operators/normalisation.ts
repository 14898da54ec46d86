import { floatAttr, intAttr } from '../../../graph/attributes.ts';
import { axisOf, sizeOf, type Tensor } from '../../../graph/ir.ts';
import { numbersOf } from '../../../graph/tensor.ts';
import { axisIn, common } from '../layout.ts';
import type { Handle, Kernel, Layout, Operations, Site, TF } from '../operation.ts';

/** Normalisations. https://onnx.ai/onnx/operators/ */

/** (x − mean) / √(variance + ε) over some axes, and what it is made of. */
function standardise(tf: TF, x: Handle, axes: number[], epsilon: number) {
  const mean = tf.mean(x, axes, true);
  const centred = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centred), axes, true);
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  return { value: tf.mul(centred, inverse), mean, inverse };
}

/** Shape of a vector with one entry per channel that broadcasts over a value as it lies in memory. */
function perChannel(layout: Layout, dims: readonly number[]): number[] {
  return layout === 'last' ? [dims[1]] : [dims[1], ...dims.slice(2).map(() => 1)];
}

/** Statistics are constants almost always: scale and shift are then computed once. */
function batchNormalization(site: Site): Kernel {
  const { tf, node, inputs } = site;
  const layout = common(site);
  const epsilon = floatAttr(node, 'epsilon', 1e-5);
  const shape = perChannel(layout, inputs[0]!.dims);
  const parameters = [1, 2, 3, 4].map((i) => site.constant(i));
  if (parameters.every((value) => value !== undefined)) {
    const { slope, shift } = folded(parameters, epsilon);
    const [a, b] = [slope, shift].map((list) => site.keep(list, shape, 'float32'));
    const reads = [layout, 'unread', 'unread', 'unread', 'unread'] as const;
    return { reads, gives: layout, run: ([x]) => tf.add(tf.mul(x, a), b) };
  }
  return {
    reads: [layout],
    gives: layout,
    run: ([x, ...values]) => {
      const [scale, bias, mean, variance] = values.map((value) => tf.reshape(value, shape));
      const slope = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
      return tf.add(tf.mul(tf.sub(x, mean), slope), bias);
    },
  };
}

function folded(parameters: readonly Tensor[], epsilon: number) {
  const [scale, bias, mean, variance] = parameters.map(numbersOf);
  const slope = Float32Array.from(scale, (s, c) => s / Math.sqrt(variance[c] + epsilon));
  return { slope, shift: Float32Array.from(bias, (b, c) => b - mean[c] * slope[c]) };
}

function instanceNormalization(site: Site): Kernel {
  const { tf, node, inputs } = site;
  const { dims } = inputs[0]!;
  const layout = common(site);
  const epsilon = floatAttr(node, 'epsilon', 1e-5);
  const axes = dims.flatMap((_, axis) => (axis < 2 ? [] : [axisIn(layout, axis)])).sort();
  const shape = perChannel(layout, dims);
  return {
    reads: [layout],
    gives: layout,
    run: ([x, scale, bias]) => {
      const { value } = standardise(tf, x, axes, epsilon);
      return tf.add(tf.mul(value, tf.reshape(scale, shape)), tf.reshape(bias, shape));
    },
  };
}

/** Groups of channels are standardised together; scale and bias are per channel (opset 21). */
function groupNormalization({ tf, node, inputs }: Site): Kernel {
  const { dims } = inputs[0]!;
  const groups = intAttr(node, 'num_groups', 1);
  const apart = [dims[0], groups, sizeOf(dims.slice(1)) / groups];
  const epsilon = floatAttr(node, 'epsilon', 1e-5);
  const shape = perChannel('first', dims);
  return {
    run: ([x, scale, bias]) => {
      const { value } = standardise(tf, tf.reshape(x, apart), [2], epsilon);
      const whole = tf.reshape(value, [...dims]);
      return tf.add(tf.mul(whole, tf.reshape(scale, shape)), tf.reshape(bias, shape));
    },
  };
}

/** Outputs Mean and InvStdDev may be wanted too. */
function layerNormalization({ tf, node, inputs }: Site): Kernel {
  const { dims } = inputs[0]!;
  const axis = axisOf(intAttr(node, 'axis', -1), dims.length);
  const axes = dims.flatMap((_, i) => (i < axis ? [] : [i]));
  const epsilon = floatAttr(node, 'epsilon', 1e-5);
  return {
    run: ([x, scale, bias]) => {
      const { value, mean, inverse } = standardise(tf, x, axes, epsilon);
      const scaled = tf.mul(value, scale);
      const whole = inputs[2] ? tf.add(scaled, bias) : scaled;
      return [whole, mean, inverse].slice(0, node.outputs.length);
    },
  };
}

/** Sums over neighbouring channels are a product with a band of ones. */
function localResponse(site: Site): Kernel {
  const { tf, node, inputs } = site;
  const { dims } = inputs[0]!;
  const size = intAttr(node, 'size', 1);
  const share = floatAttr(node, 'alpha', 1e-4) / size;
  const [bias, beta] = [floatAttr(node, 'bias', 1), floatAttr(node, 'beta', 0.75)];
  const radius = (size - 1) / 2;
  if (dims.length === 4) {
    return {
      reads: ['last'],
      gives: 'last',
      run: ([x]) => tf.localResponseNormalization(x as never, radius, bias, share, beta),
    };
  }
  const band = site.keep(bandOf(dims[1], radius), [1, dims[1], dims[1]], 'float32');
  const flat = [dims[0], dims[1], sizeOf(dims.slice(2))];
  return {
    run: ([x]) => {
      const energy = tf.matMul(tf.tile(band, [flat[0], 1, 1]), tf.reshape(tf.square(x), flat));
      const s = tf.add(tf.mul(tf.reshape(energy, [...dims]), share), bias);
      return tf.mul(x, tf.pow(s, -beta));
    },
  };
}

function bandOf(channels: number, radius: number): Float32Array {
  const near = (i: number): boolean =>
    Math.abs(Math.floor(i / channels) - (i % channels)) <= radius;
  return Float32Array.from({ length: channels * channels }, (_, i) => Number(near(i)));
}

export const normalisation: Operations = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  GroupNormalization: groupNormalization,
  LayerNormalization: layerNormalization,
  LRN: localResponse,
};
