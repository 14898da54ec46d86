import type { Windows } from '../../../graph/operators/window.ts';
import { arrangeWeights, convolve } from '../convolve.ts';
import type { Handle, Kernel, Prepared, Site } from '../operation.ts';
import { cutOut } from './sections.ts';
import { along, reachOf } from './windows.ts';

/** A convolution of volumes, and how the node's inputs become what it takes. */
export interface Volume {
  readonly windows: Windows;
  readonly groups: number;
  /** The weights as [filters, channels / groups, depth, height, width]. */
  readonly weights: (given: Handle) => Handle;
  /** The volumes, [N, D, H, W, C]. */
  readonly open: (given: Handle) => Handle;
  readonly bias: Prepared | undefined;
}

/**
 * A convolution of volumes [N, C, D, H, W] as a sum of convolutions of images, one for each tap of the kernel's depth:
 * TensorFlow.js has none with dilations, groups or padding.
 */
export function volume(site: Site, { windows, groups, weights, open, bias }: Volume): Kernel {
  const { tf, inputs, outputs } = site;
  const [batch, channels] = inputs[0]!.dims;
  const [depth, ...size] = windows.output;
  const how = { windows: along(windows, 1, 3), groups, channels };
  const filters = Array.from({ length: windows.kernel[0] }, (_, tap) =>
    site.prepared(1, (given) => {
      const layer = tf.slice(weights(given), [0, 0, tap, 0, 0], [-1, -1, 1, -1, -1]);
      return arrangeWeights(tf, tf.squeeze(layer, [2]), how);
    }),
  );
  const { before, after } = reachOf(along(windows, 0, 1));
  const layer = (x: Handle, tap: number): Handle => {
    const cut = { start: tap * windows.dilations[0], step: windows.strides[0], length: depth };
    const rest = x.shape.map((length) => ({ start: 0, step: 1, length }));
    const [, , height, width] = x.shape as number[];
    return tf.reshape(cutOut(tf, x, rest.with(1, cut)), [batch * depth, height, width, channels]);
  };
  const run = (given: readonly Handle[]): Handle => {
    const none: [number, number] = [0, 0];
    const last = open(tf.transpose(given[0], [0, 2, 3, 4, 1]));
    const x = tf.pad(last, [none, [before[0], after[0]], none, none, none]);
    const parts = filters.map((each, tap) => convolve(tf, layer(x, tap), each.of(given), how));
    const sum = parts.reduce((a, b) => tf.add(a, b));
    const whole = tf.reshape(bias ? tf.add(sum, bias.of(given)) : sum, [
      ...[batch, depth, ...size],
      outputs[0].dims[1],
    ]);
    return tf.transpose(whole, [0, 4, 1, 2, 3]);
  };
  return { reads: ['first', filters[0].reads, bias?.reads ?? 'unread'], run };
}
