import { sizeOf } from '../../graph/ir.ts';
import type { Windows } from '../../graph/operators/window.ts';
import type { Handle, TF } from './operation.ts';
import { cutOut } from './operators/sections.ts';
import { isSame, reachOf } from './operators/windows.ts';

/** A convolution of images. Weights are [height, width, channels / groups, filters], as TensorFlow has them. */
export interface Convolution {
  readonly windows: Windows;
  readonly groups: number;
  readonly channels: number;
}

type Pair = [number, number];

/** Every channel has its own filters: TensorFlow has a kernel for that. */
const isDepthwise = ({ groups, channels }: Convolution): boolean =>
  groups > 1 && groups === channels;

/**
 * Weights [filters, channels / groups, height, width] as `convolve` takes them: for a depthwise convolution
 * [height, width, channels, filters / channels], with zeros between the taps where it is dilated.
 */
export function arrangeWeights(tf: TF, weights: Handle, how: Convolution): Handle {
  if (!isDepthwise(how)) return tf.transpose(weights, [2, 3, 1, 0]);
  const [filters, , height, width] = weights.shape;
  const apart = tf.reshape(weights, [how.channels, filters / how.channels, height, width]);
  return spread(tf, tf.transpose(apart, [2, 3, 0, 1]), 0, how.windows.dilations);
}

/** Puts step − 1 zeros between the elements of neighbouring axes. @param first the first of them */
export function spread(tf: TF, value: Handle, first: number, steps: readonly number[]): Handle {
  return steps.reduce((result, step, i) => spreadAxis(tf, result, first + i, step), value);
}

function spreadAxis(tf: TF, value: Handle, axis: number, step: number): Handle {
  if (step === 1) return value;
  const { shape } = value;
  const [outer, inner] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
  const none: Pair = [0, 0];
  const apart = tf.reshape(value, [outer, shape[axis], 1, inner]);
  const padded = tf.pad(apart, [none, none, [0, step - 1], none]);
  const length = (shape[axis] - 1) * step + 1;
  const rows = tf.reshape(padded, [outer, shape[axis] * step, inner]);
  return tf.reshape(tf.slice(rows, [0, 0, 0], [outer, length, inner]), shape.with(axis, length));
}

/** @param x images with channels last */
export function convolve(tf: TF, x: Handle, weights: Handle, how: Convolution): Handle {
  if (how.groups === 1) return single(tf, x, weights, how);
  if (isDepthwise(how)) return single(tf, x, weights, how);
  const images = tf.split(x, how.groups, 3);
  const filters = tf.split(weights, how.groups, 3);
  const whole = { ...how, groups: 1, channels: how.channels / how.groups };
  return tf.concat(
    images.map((image, i) => single(tf, image, filters[i], whole)),
    3,
  );
}

/** TensorFlow takes strides or dilations, and one stride in depthwise convolutions; else every window is computed. */
function single(tf: TF, x: Handle, weights: Handle, how: Convolution): Handle {
  const { strides, dilations, output } = how.windows;
  const depthwise = isDepthwise(how);
  const some = (list: readonly number[]): boolean => list.some((value) => value > 1);
  const awkward = depthwise ? strides[0] !== strides[1] : some(strides) && some(dilations);
  if (!awkward) return apply(tf, x, weights, how, strides);
  const all = apply(tf, x, weights, how, [1, 1]);
  const whole = (length: number) => ({ start: 0, step: 1, length });
  const [rows, columns] = strides.map((step, i) => ({ start: 0, step, length: output[i] }));
  const [batch, , , filters] = all.shape as [number, number, number, number];
  return cutOut(tf, all, [whole(batch), rows, columns, whole(filters)]);
}

function apply(
  tf: TF,
  x: Handle,
  weights: Handle,
  how: Convolution,
  strides: readonly number[],
): Handle {
  const { windows } = how;
  const { before, after } = reachOf(windows);
  const step: Pair = [strides[0], strides[1]];
  const natural = strides.every((stride, i) => stride === windows.strides[i]);
  const around = paddingOf(natural && isSame(windows), before, after);
  if (!isDepthwise(how)) {
    const dilations: Pair = [windows.dilations[0], windows.dilations[1]];
    return tf.conv2d(x as never, weights as never, step, around, 'NHWC', dilations);
  }
  // The weights are spread already. Explicit padding is not known to every backend here.
  const [data, mode] =
    typeof around === 'string' ? [x, around] : [tf.pad(x, around), 'valid' as const];
  return tf.depthwiseConv2d(data as never, weights as never, step, mode);
}

function paddingOf(same: boolean, before: readonly number[], after: readonly number[]) {
  if ([...before, ...after].every((width) => width === 0)) return 'valid' as const;
  if (same) return 'same' as const;
  const none: Pair = [0, 0];
  const [rows, columns] = before.map((width, i): Pair => [width, after[i]]);
  return [none, rows, columns, none] as [Pair, Pair, Pair, Pair];
}
