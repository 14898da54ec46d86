import { attr } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { sameDims } from '../ir.ts';

/** Elements start, start + step, … below `end` along one axis. */
export function slice(
  build: Builder,
  value: string,
  axis: number,
  start: number,
  end: number,
  step = 1,
): string {
  if (start === 0 && step === 1 && end >= build.dims(value)[axis]) return value;
  const [starts, ends, axes, steps] = [[start], [end], [axis], [step]].map((v) => build.shape(v));
  return build.add('Slice', [value, starts, ends, axes, steps]);
}

/**
 * Pads (or, where a figure is negative, crops) every axis.
 * @param begin, end elements to add before and after, one entry per axis
 */
export function pad(
  build: Builder,
  value: string,
  begin: readonly number[],
  end: readonly number[],
  fill = 0,
): string {
  if (![...begin, ...end].some((size) => size > 0)) {
    return crop(build, value, begin.map(negative), end.map(negative));
  }
  const pads = build.shape([...begin, ...end]);
  return build.add('Pad', [value, pads, build.scalar(fill)], { mode: attr.string('constant') });
}

const negative = (size: number): number => Math.max(0, -size);

/** Takes `begin` elements off the front and `end` off the back of every axis. */
export function crop(
  build: Builder,
  value: string,
  begin: readonly number[],
  end: readonly number[],
): string {
  const dims = build.dims(value);
  const axes = dims.flatMap((_, axis) => (begin[axis] > 0 || end[axis] > 0 ? [axis] : []));
  if (axes.length === 0) return value;
  const starts = build.shape(axes.map((axis) => begin[axis]));
  const ends = build.shape(axes.map((axis) => dims[axis] - end[axis]));
  return build.add('Slice', [value, starts, ends, build.shape(axes)]);
}

/** Crops the back of every axis to `dims`, or pads it. */
export function fit(build: Builder, value: string, dims: readonly number[], fill = 0): string {
  const from = build.dims(value);
  if (sameDims(from, dims)) return value;
  return pad(
    build,
    value,
    dims.map(() => 0),
    dims.map((dim, axis) => dim - from[axis]),
    fill,
  );
}
