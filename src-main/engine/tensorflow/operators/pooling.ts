import { intAttr, intsAttr } from '../../../graph/attributes.ts';
import { sizeOf } from '../../../graph/ir.ts';
import { cartesian } from '../../../graph/operators/cartesian.ts';
import { windowsOf, type Windows } from '../../../graph/operators/window.ts';
import { axisIn, common } from '../layout.ts';
import type { Handle, Kernel, Operation, Operations, Site, TF } from '../operation.ts';
import { cutOut, frame } from './sections.ts';
import { isSame, reachOf } from './windows.ts';

/** Pooling. https://onnx.ai/onnx/operators/onnx__MaxPool.html */

/** Smaller than every number that a network computes. */
const LOWEST = -3.4028234663852886e38;

const windowsIn = ({ node, inputs }: Site): Windows =>
  windowsOf(node, inputs[0]!.dims.slice(2), intsAttr(node, 'kernel_shape')!);

/** TensorFlow.js pools images, without dilation. */
const isPlain = ({ input, dilations }: Windows): boolean =>
  input.length === 2 && dilations.every((dilation) => dilation === 1);

/** The data with room for the first and the last window. @param spatial the first spatial axis in memory */
function roomy(tf: TF, x: Handle, windows: Windows, spatial: number, fill: number): Handle {
  const { before, after } = reachOf(windows);
  const place = (widths: readonly number[]): number[] =>
    x.shape.map((_, axis) => widths[axis - spatial] ?? 0);
  return frame(tf, x, place(before), place(after), fill);
}

/** What each tap of the kernel sees in all windows, one after the other: for volumes, rows and dilated windows. */
function folded(
  tf: TF,
  x: Handle,
  windows: Windows,
  fold: (a: Handle, b: Handle) => Handle,
): Handle {
  const whole = x.shape.slice(0, 2).map((length) => ({ start: 0, step: 1, length }));
  const seen = (tap: readonly number[]): Handle =>
    cutOut(tf, x, [
      ...whole,
      ...tap.map((at, axis) => ({
        start: at * windows.dilations[axis],
        step: windows.strides[axis],
        length: windows.output[axis],
      })),
    ]);
  const [first, ...rest] = cartesian(windows.kernel);
  return rest.reduce((result, tap) => fold(result, seen(tap)), seen(first));
}

const pair = ([a, b]: readonly number[]): [number, number] => [a, b];

function maxPool(site: Site): Kernel {
  const { tf } = site;
  const windows = windowsIn(site);
  if (!isPlain(windows)) {
    const run = (x: Handle): Handle =>
      folded(tf, roomy(tf, x, windows, 2, LOWEST), windows, (a, b) => tf.maximum(a, b));
    return { run: ([x]) => run(x) };
  }
  const [kernel, strides] = [pair(windows.kernel), pair(windows.strides)];
  const run = (x: Handle): Handle => {
    if (isSame(windows)) return tf.maxPool(x as never, kernel, strides, 'same');
    const data = roomy(tf, x, windows, 1, LOWEST);
    return tf.maxPool(data as never, kernel, strides, 'valid');
  };
  return { reads: ['last'], gives: 'last', run: ([x]) => run(x) };
}

/** Elements that each window counts along an axis. */
function countedAlong(windows: Windows, axis: number, padded: boolean): number[] {
  const { input, output, kernel, strides, dilations, begin, end } = windows;
  return Array.from({ length: output[axis] }, (_, window) => {
    const start = window * strides[axis] - begin[axis];
    const places = Array.from({ length: kernel[axis] }, (__, tap) => start + tap * dilations[axis]);
    const limit = input[axis] + (padded ? end[axis] : 0);
    return places.filter((place) => place < limit && (padded || place >= 0)).length;
  });
}

/** What the sum over each window is multiplied by: one over the number of elements that it counts. */
function sharesOf(windows: Windows, padded: boolean): Float32Array {
  const counts = windows.input.map((_, axis) => countedAlong(windows, axis, padded));
  const each = cartesian(windows.output).map((window) =>
    window.reduce((product, at, axis) => product * counts[axis][at], 1),
  );
  return Float32Array.from(each, (count) => 1 / count);
}

function averagePool(site: Site): Kernel {
  const { tf, node } = site;
  const windows = windowsIn(site);
  const padded = intAttr(node, 'count_include_pad', 0) === 1;
  const shares = sharesOf(windows, padded);
  if (!isPlain(windows)) {
    const share = site.keep(shares, windows.output, 'float32');
    const run = (x: Handle): Handle =>
      tf.mul(
        folded(tf, roomy(tf, x, windows, 2, 0), windows, (a, b) => tf.add(a, b)),
        share,
      );
    return { run: ([x]) => run(x) };
  }
  const [kernel, strides] = [pair(windows.kernel), pair(windows.strides)];
  const size = sizeOf(kernel);
  const correction = shares.map((share) => share * size);
  const even = correction.every((factor) => factor === 1);
  const factors = even ? undefined : site.keep(correction, [...windows.output, 1], 'float32');
  const run = (x: Handle): Handle => {
    // SAME counts what lies inside alone.
    if (isSame(windows) && !padded) return tf.avgPool(x as never, kernel, strides, 'same');
    const mean = tf.avgPool(roomy(tf, x, windows, 1, 0) as never, kernel, strides, 'valid');
    return factors ? tf.mul(mean, factors) : mean;
  };
  return { reads: ['last'], gives: 'last', run: ([x]) => run(x) };
}

const global =
  (fold: (tf: TF, x: Handle, axes: number[]) => Handle): Operation =>
  (site) => {
    const layout = common(site);
    const axes = site.inputs[0]!.dims.flatMap((_, axis) =>
      axis < 2 ? [] : [axisIn(layout, axis)],
    );
    return { reads: [layout], gives: layout, run: ([x]) => fold(site.tf, x, axes) };
  };

export const pooling: Operations = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: global((tf, x, axes) => tf.mean(x, axes, true)),
  GlobalMaxPool: global((tf, x, axes) => tf.max(x, axes, true)),
};
