import { attr } from '../../attributes.ts';
import { ints } from '../../tensor.ts';
import type { Conversion, Converter, Converters } from '../operation.ts';
import { planarAxis } from '../operation.ts';

const LAST = 2 ** 31 - 1;

/** What a slice takes of one axis; negative axes count from the last one. */
interface Range {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

const slice: Converter = (conversion) => {
  const { numbers, constant, rank } = conversion;
  if (!constant(1) || !constant(2)) return computedSlice(conversion);
  const [begins, sizes] = [numbers(1, 'start'), numbers(2, 'size')];
  const ranges = begins.map((start, axis) => ({
    ...{ axis, start, step: 1 },
    end: sizes[axis] < 0 ? LAST : start + sizes[axis],
  }));
  cut(conversion, ranges, rank(0) ?? begins.length);
};

function computedSlice({ step, plain, integers, rank, plainResult }: Conversion): void {
  const [start, size] = [integers(1), integers(2)];
  plainResult({
    op: 'Slice',
    inputs: [plain(0), start, step('Add', [start, size])],
    rank: rank(0),
  });
}

/** Adds the slice as the operation's result, planar where the input is. */
function cut(conversion: Conversion, ranges: readonly Range[], rank: number | undefined): void {
  const { isPlanar, planar, plain } = conversion;
  const partial = ranges.filter(({ start, end, step }) => start !== 0 || end < LAST || step !== 1);
  const turned = isPlanar(0);
  const lists = listsOf(conversion, partial, turned);
  if (turned) conversion.planarResult({ op: 'Slice', inputs: [planar(0), ...lists] });
  else conversion.plainResult({ op: 'Slice', inputs: [plain(0), ...lists], rank });
}

function listsOf({ put }: Conversion, ranges: readonly Range[], turned: boolean): string[] {
  const list = (of: (range: Range) => number, hint: string): string =>
    put(ints([ranges.length], ranges.map(of)), hint);
  return [
    list(({ start }) => start, 'starts'),
    list(({ end }) => end, 'ends'),
    list(({ axis }) => (turned ? planarAxis(axis) : axis), 'axes'),
    list(({ step }) => step, 'steps'),
  ];
}

/** How a strided slice reads its input: `x[1:3, 0, tf.newaxis, ..., ::2]`. */
interface Reading {
  readonly ranges: readonly Range[];
  /** Axes, of the result of the ranges, that one element is left of. */
  readonly dropped: readonly number[];
  /** Axes of the result that are new. */
  readonly added: readonly number[];
}

const stridedSlice: Converter = (conversion) => {
  const { plain, put, step, rank, isPlanar } = conversion;
  const { ranges, dropped, added } = readingOf(conversion);
  const from = rank(0);
  const to = from === undefined ? undefined : from - dropped.length + added.length;
  if (dropped.length + added.length === 0) {
    return cut(conversion, ranges, isPlanar(0) ? 4 : from);
  }
  const list = (values: readonly number[]): string => put(ints([values.length], values), 'axes');
  const taken = step('Slice', [plain(0), ...listsOf(conversion, ranges, false)]);
  if (added.length === 0) {
    return conversion.plainResult({ op: 'Squeeze', inputs: [taken, list(dropped)], rank: to });
  }
  const left = dropped.length > 0 ? step('Squeeze', [taken, list(dropped)]) : taken;
  conversion.plainResult({ op: 'Unsqueeze', inputs: [left, list(added)], rank: to });
};

/** Reads the masks (tensorflow/core/util/strided_slice_op.cc): bit i of each is about entry i of the lists. */
function readingOf({ numbers, attributes }: Conversion): Reading {
  const [begins, ends] = [numbers(1, 'start'), numbers(2, 'end')];
  const steps = numbers(3, 'strides');
  const mask = (name: string, i: number): boolean => ((attributes.number(name, 0) >> i) & 1) === 1;
  const ellipsis = steps.findIndex((_, i) => mask('ellipsis_mask', i));
  const isNew = (i: number): boolean => mask('new_axis_mask', i) && i !== ellipsis;
  const count = (from: number, fits: (i: number) => boolean): number =>
    steps.slice(from).filter((_, i) => fits(i + from)).length;
  const ranges: Range[] = [];
  const [dropped, added]: [number[], number[]] = [[], []];
  let [axis, place] = [0, 0];
  steps.forEach((step, i) => {
    if (i === ellipsis) {
      // From here on axes are counted from the last one.
      axis = -count(i + 1, (j) => !isNew(j));
      place = -count(i + 1, (j) => isNew(j) || !mask('shrink_axis_mask', j));
      return;
    }
    if (isNew(i)) return void added.push(place++);
    if (mask('shrink_axis_mask', i)) {
      ranges.push({
        axis,
        start: begins[i],
        end: begins[i] === -1 ? LAST : begins[i] + 1,
        step: 1,
      });
      dropped.push(axis);
    } else {
      const first = mask('begin_mask', i) ? (step < 0 ? LAST : 0) : begins[i];
      const end = mask('end_mask', i) ? (step < 0 ? -LAST : LAST) : ends[i];
      ranges.push({ axis, start: first, end, step });
      place++;
    }
    axis++;
  });
  return { ranges, dropped, added };
}

const gather: Converter = ({ plain, constant, attributes, rank, plainResult }) => {
  if (attributes.number('batch_dims', 0) !== 0) throw new Error('it gathers image by image');
  const axis = constant(2);
  const [from, indices] = [rank(0), rank(1)];
  const known = from !== undefined && indices !== undefined;
  plainResult({
    op: 'Gather',
    inputs: [plain(0), plain(1)],
    attributes: { axis: attr.int(axis ? Number(axis.data[0]) : 0) },
    rank: known ? from - 1 + indices : undefined,
  });
};

const gatherNd: Converter = ({ plain, integers, plainResult }) => {
  plainResult({ op: 'GatherND', inputs: [plain(0), integers(1)] });
};

export const slices: Converters = {
  Slice: slice,
  StridedSlice: stridedSlice,
  Gather: gather,
  GatherV2: gather,
  GatherNd: gatherNd,
};
