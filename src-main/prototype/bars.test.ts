import { expect, it } from 'vitest';
import type { Feature } from '../classifier/features.ts';
import { BARS_SIDE, barsOf } from './bars.ts';
import { pictureOf, pictureSize } from './picture.ts';

const features: Feature[] = [
  { name: 'age', column: 0, width: 1, min: 20, max: 60, integer: false },
  {
    ...{ name: 'home', column: 1, width: 2, min: 0, max: 1, integer: false },
    categories: ['owns', 'rents'],
  },
];
const row = Float32Array.of(0.25, 0, 1);

const isGrey = ([r, g, b]: Uint8Array): boolean => Math.max(r, g, b) - Math.min(r, g, b) < 12;

/** Shares of the track along a line of pixels that are filled: from and to, of its length. */
function filledAlong(y: number): [number, number] {
  const data = barsOf(features, row);
  const pixels = Array.from({ length: BARS_SIDE }, (_, x) => {
    const at = 3 * (y * BARS_SIDE + x);
    return data.subarray(at, at + 3);
  });
  const track = pixels.flatMap((pixel, x) => (pixel[0] === 255 && isGrey(pixel) ? [] : [x]));
  const [first, length] = [track[0], track.length];
  const filled = track.filter((x) => !isGrey(pixels[x]));
  return [(filled[0] - first) / length, (filled.at(-1) + 1 - first) / length];
}

it('a number fills its bar up to its value, and a category is one piece of as many as there are', () => {
  const age = filledAlong(BARS_SIDE / 4);
  expect(age[0]).toBe(0);
  expect(age[1]).toBeCloseTo(0.25, 2);
  const home = filledAlong((3 * BARS_SIDE) / 4);
  expect(home[0]).toBeCloseTo(0.5, 2);
  expect(home[1]).toBeCloseTo(1, 2);
});

it('a picture has room for thousands of features', () => {
  const many = Array.from({ length: 4096 }, (_, column) => ({ ...features[0], column }));
  const data = barsOf(many, new Float32Array(4096).fill(1));
  expect(data.length).toBe(BARS_SIDE * BARS_SIDE * 3);
  expect(data.some((byte) => byte < 100)).toBe(true);
});

it('a picture of an image is the image', () => {
  const input = { channels: 1, height: 1, width: 2 };
  expect([...pictureOf(Float32Array.of(0, 1), { input }).data]).toEqual([0, 255]);
  expect(pictureSize({ input })).toEqual({ height: 1, width: 2 });
  expect(pictureSize({ input, features }).width).toBe(BARS_SIDE);
});
