import { quantile as quantileOf } from '../similarity/summary.ts';

/** @param values not empty, in any order @param share in [0, 1] */
export const quantile = (values: readonly number[], share: number): number =>
  quantileOf(
    values.toSorted((a, b) => a - b),
    share,
  );

export const median = (values: readonly number[]): number => quantile(values, 0.5);
