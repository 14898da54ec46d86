/** All combinations of 0 … count − 1 of several axes, in row-major order. */
export function cartesian(counts: readonly number[]): number[][] {
  return counts.reduce<number[][]>(
    (heads, count) =>
      heads.flatMap((head) => Array.from({ length: count }, (_, i) => [...head, i])),
    [[]],
  );
}
