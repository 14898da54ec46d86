import { spanOf, type Windows } from '../../../graph/operators/window.ts';

/** What the first window needs in front of the data and the last one behind it, one entry per spatial axis. */
export function reachOf(windows: Windows): { before: number[]; after: number[] } {
  const after = windows.input.map((dim, axis) => {
    const span = spanOf(windows.kernel[axis], windows.dilations[axis]);
    const end = (windows.output[axis] - 1) * windows.strides[axis] + span;
    return Math.max(0, end - windows.begin[axis] - dim);
  });
  return { before: [...windows.begin], after };
}

/** Whether TensorFlow's padding SAME is the same: https://www.tensorflow.org/api_docs/python/tf/nn (notes on padding). */
export function isSame(windows: Windows): boolean {
  const { before, after } = reachOf(windows);
  return windows.input.every((dim, axis) => {
    const stride = windows.strides[axis];
    const span = spanOf(windows.kernel[axis], windows.dilations[axis]);
    const count = Math.ceil(dim / stride);
    const total = Math.max(0, (count - 1) * stride + span - dim);
    const half = Math.floor(total / 2);
    return windows.output[axis] === count && before[axis] === half && after[axis] === total - half;
  });
}

/** The same windows with an axis of length 1 in front, so that a row becomes an image. */
export function asImage(windows: Windows): Windows {
  return {
    input: [1, ...windows.input],
    kernel: [1, ...windows.kernel],
    strides: [1, ...windows.strides],
    dilations: [1, ...windows.dilations],
    begin: [0, ...windows.begin],
    end: [0, ...windows.end],
    output: [1, ...windows.output],
  };
}

/** The windows along some of the axes only. */
export function along(windows: Windows, from: number, to: number): Windows {
  const cut = (list: readonly number[]): readonly number[] => list.slice(from, to);
  return {
    input: cut(windows.input),
    kernel: cut(windows.kernel),
    strides: cut(windows.strides),
    dilations: cut(windows.dilations),
    begin: cut(windows.begin),
    end: cut(windows.end),
    output: cut(windows.output),
  };
}
