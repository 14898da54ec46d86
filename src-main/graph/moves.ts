import type { Builder } from './builder.ts';
import { attr } from './attributes.ts';
import { ints } from './tensor.ts';

/** Adds zeros before and after along every axis; returns `value` itself where there is nothing to add. */
export function pad(
  build: Builder,
  value: string,
  before: readonly number[],
  after: readonly number[],
): string {
  if ([...before, ...after].every((count) => count === 0)) return value;
  return build.add('Pad', [value, build.shape([...before, ...after])]);
}

/** The elements from `start` to `end` (exclusive) of some axes; returns `value` itself where that is everything. */
export function cut(
  build: Builder,
  value: string,
  starts: readonly number[],
  ends: readonly number[],
  axes: readonly number[],
): string {
  const dims = build.dims(value);
  const partial = axes.filter((axis, i) => starts[i] !== 0 || ends[i] !== dims[axis]);
  if (partial.length === 0) return value;
  const at = (bounds: readonly number[]): string =>
    build.shape(partial.map((axis) => bounds[axes.indexOf(axis)]));
  return build.add('Slice', [value, at(starts), at(ends), build.shape(partial)]);
}

/** The elements of one axis in reverse order. */
export function reverse(build: Builder, value: string, axis: number): string {
  const bound = [
    build.shape([-1]),
    build.shape([-(2 ** 31)]),
    build.shape([axis]),
    build.shape([-1]),
  ];
  return build.add('Slice', [value, ...bound]);
}

/**
 * The adjoint of choosing `indices` along an axis of size `size`: each position of the result sums what was taken from
 * it. Written as a Gather of the inverse table (and a sum where an index occurs more than once), because scattering
 * is slow on a CPU and not deterministic on a GPU.
 * @param value has `indices.length` elements along `axis`
 * @returns a value that has `size` elements along `axis`
 */
export function gatherAdjoint(
  build: Builder,
  value: string,
  axis: number,
  indices: readonly number[],
  size: number,
): string {
  const dims = build.dims(value);
  const takers = Array.from({ length: size }, (): number[] => []);
  indices.forEach((index, position) => takers[index].push(position));
  const most = Math.max(1, ...takers.map((positions) => positions.length));
  const table = takers.flatMap((positions) =>
    Array.from({ length: most }, (_, i) => positions[i] ?? indices.length),
  );
  const none = dims.map(() => 0);
  const complete = !table.includes(indices.length);
  const source = complete ? value : pad(build, value, none, none.with(axis, 1));
  const gathered = build.add('Gather', [source, build.constant(ints([table.length], table))], {
    axis: attr.int(axis),
  });
  if (most === 1) return gathered;
  const split = [...dims.slice(0, axis), size, most, ...dims.slice(axis + 1)];
  return build.sum(build.reshape(gathered, split), [axis + 1], false);
}
