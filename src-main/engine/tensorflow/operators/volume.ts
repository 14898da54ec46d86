import type { Windows } from '../../../graph/operators/window.ts';
import { arrangeWeights, convolve } from '../convolve.ts';
import type { Handle, Kernel, Site } from '../operation.ts';
import { biasOf } from './convolution.ts';
import { cutOut } from './sections.ts';
import { along, reachOf } from './windows.ts';

/**
 * A convolution of volumes [N, C, D, H, W] as a sum of convolutions of images, one for each tap of the kernel's depth:
 * TensorFlow.js has none with dilations, groups or padding.
 */
export function volume(site: Site, windows: Windows, groups: number): Kernel {
  const { tf, inputs, outputs } = site;
  const [batch, channels, , height, width] = inputs[0]!.dims;
  const [depth, rows, columns] = windows.output;
  const how = { windows: along(windows, 1, 3), groups, channels };
  const taps = Array.from({ length: windows.kernel[0] }, (_, tap) =>
    site.prepared(1, (value) =>
      arrangeWeights(
        tf,
        tf.squeeze(tf.slice(value, [0, 0, tap, 0, 0], [-1, -1, 1, -1, -1]), [2]),
        how,
      ),
    ),
  );
  const bias = biasOf(site);
  const { before, after } = reachOf(along(windows, 0, 1));
  const layer = (x: Handle, tap: number): Handle => {
    const cut = { start: tap * windows.dilations[0], step: windows.strides[0], length: depth };
    const rest = x.shape.map((length) => ({ start: 0, step: 1, length }));
    const images = cutOut(tf, x, rest.with(1, cut));
    return tf.reshape(images, [batch * depth, height, width, channels]);
  };
  const run = (given: readonly Handle[]): Handle => {
    const last = tf.transpose(given[0], [0, 2, 3, 4, 1]);
    const none: [number, number] = [0, 0];
    const x = tf.pad(last, [none, [before[0], after[0]], none, none, none]);
    const parts = taps.map((weights, tap) => convolve(tf, layer(x, tap), weights.of(given), how));
    const sum = parts.reduce((a, b) => tf.add(a, b));
    const whole = tf.reshape(bias ? tf.add(sum, bias.of(given)) : sum, [
      batch,
      depth,
      rows,
      columns,
      outputs[0].dims[1],
    ]);
    return tf.transpose(whole, [0, 4, 1, 2, 3]);
  };
  return { reads: ['first', taps[0].reads, bias?.reads ?? 'unread'], run };
}
