import { axisOf, type Tensor } from '../ir.ts';

/** The number that every element of a constant is, or `undefined` where they differ or it is no constant. */
export function constantNumber(value: Tensor | undefined): number | undefined {
  if (!value || value.data.length === 0) return undefined;
  const first = value.data[0];
  return value.data.every((element: number | bigint) => element === first)
    ? Number(first)
    : undefined;
}

/** Axes made non-negative, in rising order. */
export function resolvedAxes(axes: readonly number[], rank: number): number[] {
  return axes.map((axis) => axisOf(axis, rank)).sort((a, b) => a - b);
}
