import { axisOf, stridesOf, type Tensor } from '../ir.ts';
import { cut, pad, reverse } from '../moves.ts';
import type { Builder } from '../builder.ts';
import type { Operator } from '../operator.ts';
import { view } from '../view.ts';
import { known, numbersAt, optionalNumbersAt, typeAt, type Inputs } from './known.ts';

/** What a slice takes from an axis: `length` elements from `start`, each `step` further (which may be negative). */
export interface Section {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

const clamp = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), high);

/** Bounds count from the end where negative and are clamped to what can be reached (ONNX 1.16, Slice-13). */
function section(dim: number, start: number, end: number, step: number): Section {
  if (step === 0) throw new Error('its step is 0');
  const [low, high] = step > 0 ? [0, dim] : [-1, dim - 1];
  const from = clamp(start < 0 ? start + dim : start, 0, high);
  const to = clamp(end < 0 ? end + dim : end, low, high);
  return { start: from, step, length: Math.max(0, Math.ceil((to - from) / step)) };
}

/** What is taken from each axis. */
export function sectionsOf(context: Inputs, dims: readonly number[]): Section[] {
  const starts = numbersAt(context, 1, 'bounds');
  const ends = numbersAt(context, 2, 'bounds');
  const axes = (optionalNumbersAt(context, 3, 'axes') ?? starts.map((_, i) => i)).map((axis) =>
    axisOf(axis, dims.length),
  );
  const steps = optionalNumbersAt(context, 4, 'steps');
  return dims.map((dim, axis) => {
    const i = axes.indexOf(axis);
    return i < 0 ? section(dim, 0, dim, 1) : section(dim, starts[i], ends[i], steps?.[i] ?? 1);
  });
}

/** Turns an axis with a negative step round, so that every section runs forwards. */
function forwards(
  build: Builder,
  value: string,
  sections: readonly Section[],
): [string, Section[]] {
  let turned = value;
  const result = sections.map(({ start, step, length }, axis) => {
    if (step > 0) return { start, step, length };
    if (length > 1) turned = reverse(build, turned, axis);
    return { start: start + Math.max(0, length - 1) * step, step: -step, length };
  });
  return [turned, result];
}

/**
 * Puts step − 1 zeros behind each element: as zeros on an axis of its own that is then merged, for padding and
 * reshaping are cheap on every engine and scattering is not.
 */
function interleave(build: Builder, value: string, sections: readonly Section[]): string {
  const strided = sections.map(({ step, length }) => step > 1 && length > 1);
  if (!strided.includes(true)) return value;
  const apart = sections.flatMap(({ length }, axis) => (strided[axis] ? [length, 1] : [length]));
  const after = sections.flatMap(({ step }, axis) => (strided[axis] ? [0, step - 1] : [0]));
  const spread = pad(
    build,
    build.reshape(value, apart),
    apart.map(() => 0),
    after,
  );
  const dims = sections.map(({ step, length }, axis) => (strided[axis] ? length * step : length));
  return build.reshape(spread, dims);
}

/** The adjoint of slicing: the cotangent's elements where they were taken from, zeros elsewhere. */
function unslice(
  build: Builder,
  cotangent: string,
  sections: readonly Section[],
  dims: readonly number[],
): string {
  const [turned, ahead] = forwards(build, cotangent, sections);
  const spread = interleave(build, turned, ahead);
  const room = dims.map((dim, axis) => dim - ahead[axis].start);
  const ends = build.dims(spread).map((length, axis) => Math.min(length, room[axis]));
  const axes = dims.map((_, axis) => axis);
  const inside = cut(
    build,
    spread,
    axes.map(() => 0),
    ends,
    axes,
  );
  return pad(
    build,
    inside,
    ahead.map(({ start }) => start),
    room.map((length, axis) => length - ends[axis]),
  );
}

const slice: Operator = {
  name: 'Slice',
  infer: (context) => {
    const { dtype, dims } = typeAt(context, 0);
    return [{ dtype, dims: sectionsOf(context, dims).map(({ length }) => length) }];
  },
  gradient: (context) => {
    if (!context.wants(0)) return [null];
    const { dims } = context.inputTypes[0]!;
    return [unslice(context.build, context.cotangents[0]!, sectionsOf(context, dims), dims)];
  },
  evaluate: (node, inputs) => {
    const data = inputs[0] as Tensor;
    const sections = sectionsOf(known(node, inputs), data.dims);
    const strides = stridesOf(data.dims);
    return [
      view(
        data,
        sections.map(({ length }) => length),
        sections.map(({ step }, axis) => step * strides[axis]),
        sections.reduce((offset, { start }, axis) => offset + start * strides[axis], 0),
      ),
    ];
  },
};

export const slices: readonly Operator[] = [slice];
