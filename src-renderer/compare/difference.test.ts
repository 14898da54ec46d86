import { expect, it } from 'vitest';
import { signedDifference } from './difference.ts';

const grey = (...values: number[]) => ({
  data: new Uint8ClampedArray(values.flatMap((value) => [value, value, value, 255])),
  width: values.length,
  height: 1,
});

it('shows equal pixels white, darker ones blue and lighter ones orange', () => {
  const { pixels, most } = signedDifference(grey(100, 100, 100), grey(100, 50, 150));
  expect([...pixels.slice(0, 3)]).toEqual([247, 247, 247]);
  expect(pixels[4 + 2]).toBeGreaterThan(pixels[4]);
  expect(pixels[8]).toBeGreaterThan(pixels[8 + 2]);
  expect(most).toBeCloseTo(50, 3);
});

it('says that equal pictures do not differ', () => {
  const { pixels, most } = signedDifference(grey(7, 8), grey(7, 8));
  expect([most, ...new Set(pixels)]).toEqual([0, 247, 255]);
});

it('uses the whole scale for the largest difference', () => {
  expect([...signedDifference(grey(0, 10), grey(0, 0)).pixels.slice(4, 7)]).toEqual([33, 102, 172]);
});
