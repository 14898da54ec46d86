import { expect, it } from 'vitest';
import { CLASS_COLUMN, sizeOf } from './size.ts';

it('is by itself the largest at which all columns can be seen', () => {
  for (const [columns, width] of [
    [1, 900],
    [6, 1000],
    [6, 1500],
  ]) {
    const { columnWidth } = sizeOf('auto', columns, width);
    expect(CLASS_COLUMN + columns * columnWidth).toBeLessThanOrEqual(width);
    const larger = (['s', 'm', 'l'] as const)
      .map((density) => sizeOf(density, columns, width).columnWidth)
      .filter((other) => other > columnWidth);
    for (const other of larger) expect(CLASS_COLUMN + columns * other).toBeGreaterThan(width);
  }
});

it('is small where nothing fits', () => {
  expect(sizeOf('auto', 40, 800)).toEqual(sizeOf('s', 1, 9000));
});
