import type { Builder } from '../builder.ts';
import { sizeOf } from '../ir.ts';
import { floats } from '../tensor.ts';

/** A linear map along one axis: row-major [to, from]. */
export interface AxisMap {
  readonly to: number;
  readonly from: number;
  readonly weights: Float32Array;
}

export function axisMap(to: number, from: number): AxisMap {
  return { to, from, weights: new Float32Array(to * from) };
}

/** The adjoint map. */
export function transposed(map: AxisMap): AxisMap {
  const result = axisMap(map.from, map.to);
  for (let row = 0; row < map.to; row++) {
    for (let column = 0; column < map.from; column++) {
      result.weights[column * map.to + row] = map.weights[row * map.from + column];
    }
  }
  return result;
}

/**
 * Applies one linear map per axis, a separable map of the whole tensor, as matrix products with constants.
 * @param maps one for each axis of `value`; `null` leaves the axis as it is
 * @returns a value whose axis i has `maps[i].to` elements
 */
export function applyMaps(
  build: Builder,
  value: string,
  maps: readonly (AxisMap | null)[],
): string {
  let result = value;
  // Shrinking axes first keeps the later products small.
  const order = maps
    .flatMap((map, axis) => (map && !isIdentity(map) ? [{ map, axis }] : []))
    .sort((a, b) => a.map.to / a.map.from - b.map.to / b.map.from);
  for (const { map, axis } of order) result = applyMap(build, result, axis, map);
  return result;
}

function applyMap(build: Builder, value: string, axis: number, map: AxisMap): string {
  const dims = build.dims(value);
  const target = dims.map((dim, i) => (i === axis ? map.to : dim));
  if (map.from === 1) {
    const column = dims.map((_, i) => (i === axis ? map.to : 1));
    return build.add('Mul', [value, build.constant(floats(column, map.weights))]);
  }
  const outer = sizeOf(dims.slice(0, axis));
  const inner = sizeOf(dims.slice(axis + 1));
  if (inner === 1) {
    const right = transposed(map);
    const flat = build.reshape(value, [outer, map.from]);
    const matrix = build.constant(floats([map.from, map.to], right.weights));
    return build.reshape(build.add('MatMul', [flat, matrix]), target);
  }
  const flat = build.reshape(value, [outer, map.from, inner]);
  const matrix = build.constant(floats([map.to, map.from], map.weights));
  return build.reshape(build.add('MatMul', [matrix, flat]), target);
}

function isIdentity(map: AxisMap): boolean {
  if (map.to !== map.from) return false;
  return map.weights.every((weight, i) => weight === (i % (map.from + 1) === 0 ? 1 : 0));
}
