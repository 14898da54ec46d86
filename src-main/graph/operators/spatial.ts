import { attr } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { sameDims, sizeOf } from '../ir.ts';

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
  const cropped = crop(build, value, begin.map(negative), end.map(negative));
  if (![...begin, ...end].some((size) => size > 0)) return cropped;
  const pads = build.shape([...begin, ...end].map((size) => Math.max(0, size)));
  return build.add('Pad', [cropped, pads, build.scalar(fill)], { mode: attr.string('constant') });
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

/** Crops the back of every axis to `dims`, or pads it with zeros. */
export function fit(build: Builder, value: string, dims: readonly number[]): string {
  const from = build.dims(value);
  if (sameDims(from, dims)) return value;
  return pad(
    build,
    value,
    dims.map(() => 0),
    dims.map((dim, axis) => dim - from[axis]),
  );
}

/**
 * Moves phases from channels to space: [N, C·phases, n…] to [N, C, n·stride…], element i of phase r to position
 * stride·i + r; phases that are not listed stay zero.
 * @param strides, phases one entry per spatial axis
 */
export function interleave(
  build: Builder,
  value: string,
  strides: readonly number[],
  phases: readonly (readonly number[])[],
): string {
  const counts = phases.map((list) => list.length);
  const full = counts.every((count, axis) => count === strides[axis]);
  if (full && strides.length === 2 && strides[0] === strides[1]) {
    if (strides[0] === 1) return value;
    const mode = { blocksize: attr.int(strides[0]), mode: attr.string('CRD') };
    return build.add('DepthToSpace', [value], mode);
  }
  const [batch, channels, ...counted] = build.dims(value);
  const kept = channels / sizeOf(counts);
  const rank = strides.length;
  const split = build.reshape(value, [batch, kept, ...counts, ...counted]);
  const order = strides.flatMap((_, axis) => [2 + rank + axis, 2 + axis]);
  const merged = build.transpose(split, [0, 1, ...order]);
  const spread = spreadPhases(build, merged, strides, phases);
  return build.reshape(spread, [batch, kept, ...counted.map((n, axis) => n * strides[axis])]);
}

/** All combinations of 0 … count − 1 of several axes, in row-major order. */
export function cartesian(counts: readonly number[]): number[][] {
  return counts.reduce<number[][]>(
    (heads, count) =>
      heads.flatMap((head) => Array.from({ length: count }, (_, i) => [...head, i])),
    [[]],
  );
}

/**
 * Interleaves phases that are values of their own, [N, C, n…] each, in row-major order of the phases.
 * @param parts `null` for a phase that is zero; at least one is not
 */
export function interleaveParts(
  build: Builder,
  parts: readonly (string | null)[],
  strides: readonly number[],
): string {
  if (parts.length === 1) return parts[0]!;
  const dims = build.dims(parts.find((part) => part !== null)!);
  const zeros = parts.includes(null) ? build.zeros(dims) : '';
  const stacked = build.add(
    'Concat',
    parts.map((part) => part ?? zeros),
    { axis: attr.int(1) },
  );
  const [batch, channels, ...counts] = dims;
  const rank = strides.length;
  if (rank === 2 && strides[0] === strides[1]) {
    const mode = { blocksize: attr.int(strides[0]), mode: attr.string('DCR') };
    return build.add('DepthToSpace', [stacked], mode);
  }
  const split = build.reshape(stacked, [batch, ...strides, channels, ...counts]);
  const order = strides.flatMap((_, axis) => [2 + rank + axis, 1 + axis]);
  const merged = build.transpose(split, [0, 1 + rank, ...order]);
  return build.reshape(merged, [batch, channels, ...counts.map((n, axis) => n * strides[axis])]);
}

/** Pads [N, C, n1, phases1, n2, phases2, …] so that every axis has all phases. */
function spreadPhases(
  build: Builder,
  value: string,
  strides: readonly number[],
  phases: readonly (readonly number[])[],
): string {
  let result = value;
  strides.forEach((stride, axis) => {
    result = spreadAxis(build, result, 3 + 2 * axis, stride, phases[axis]);
  });
  return result;
}

function spreadAxis(
  build: Builder,
  value: string,
  axis: number,
  stride: number,
  phases: readonly number[],
): string {
  if (phases.length === stride) return value;
  const contiguous = phases.every((phase, i) => phase === phases[0] + i);
  if (contiguous) {
    const zeros = build.dims(value).map(() => 0);
    const begin = zeros.with(axis, phases[0]);
    return pad(build, value, begin, zeros.with(axis, stride - phases[0] - phases.length));
  }
  const parts = phases.map((phase, i) => {
    const gap = (phases[i + 1] ?? stride) - phase - 1;
    const zeros = build.dims(value).map(() => 0);
    const part = slice(build, value, axis, i, i + 1);
    return pad(build, part, zeros.with(axis, i === 0 ? phase : 0), zeros.with(axis, gap));
  });
  return build.add('Concat', parts, { axis: attr.int(axis) });
}
