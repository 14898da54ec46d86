import { expect, it } from 'vitest';
import { CLASS_COLUMN, sizeOf } from './size.ts';

const widthOf = (columns: number, width: number): number =>
  CLASS_COLUMN + columns * sizeOf('auto', columns, width).columnWidth;

it.each([
  [6, 1000],
  [6, 1500],
  [8, 1640],
])('fills the width with %i columns, and no more', (columns, width) => {
  const used = widthOf(columns, width);
  expect(used).toBeLessThanOrEqual(width);
  expect(used).toBeGreaterThan(width - columns);
});

it('does not blow up few pictures, nor shrink many to nothing', () => {
  expect(sizeOf('auto', 1, 3000).side).toBe(232);
  expect(sizeOf('auto', 40, 800)).toEqual(sizeOf('s', 1, 9000));
});
