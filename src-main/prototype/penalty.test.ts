import { describe, expect, it } from 'vitest';
import { Arena } from './kernels/arena.ts';
import { penalty as inArena, SPATIAL_PENALTIES, type ImageShape } from './penalty.ts';
import { Stream } from '../random/philox.ts';

const shape = { channels: 2, height: 3, width: 4 };
const size = 24;

/** The penalty of arrays that lie anywhere. */
function penalty(
  kind: (typeof SPATIAL_PENALTIES)[number],
  image: Float32Array,
  of: ImageShape,
  weight: number,
  gradient: Float32Array,
): number {
  const arena = new Arena(1e5);
  const slope = arena.floats(image.length).fill(NaN);
  const total = inArena(kind, arena.copy(image), of, weight, slope);
  gradient.set(slope);
  return total;
}

/** x = a · column + b · row in both channels. */
const ramp = (a: number, b: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => a * (i % 4) + b * (Math.floor(i / 4) % 3));

const value = (kind: 'sum' | 'mean' | 'l1', image: Float32Array): number =>
  penalty(kind, image, shape, 1, new Float32Array(image.length));

describe('the high-frequency penalty', () => {
  it('of a ramp is the square of its slopes times the number of differences', () => {
    const image = ramp(0.125, 0.25);
    // 2 · 3 · 3 differences along the width, 2 · 2 · 4 along the height.
    expect(value('sum', image)).toBeCloseTo(18 * 0.125 ** 2 + 16 * 0.25 ** 2, 6);
    expect(value('mean', image)).toBeCloseTo(0.125 ** 2 + 0.25 ** 2, 6);
    expect(value('l1', image)).toBeCloseTo(18 * 0.125 + 16 * 0.25, 6);
  });

  it('is 0 with gradient 0 for a plain image', () => {
    const gradient = new Float32Array(size).fill(NaN);
    for (const kind of SPATIAL_PENALTIES) {
      expect(penalty(kind, new Float32Array(size).fill(0.3), shape, 5, gradient)).toBe(0);
      expect([...gradient].every((slope) => slope === 0)).toBe(true);
    }
  });

  it('pulls a single bright pixel down by twice the number of its neighbours', () => {
    const image = new Float32Array(size);
    image[5] = 1;
    const gradient = new Float32Array(size);
    expect(penalty('sum', image, shape, 1, gradient)).toBe(4);
    expect(gradient[5]).toBe(8);
    expect([1, 4, 6, 9].map((i) => gradient[i])).toEqual([-2, -2, -2, -2]);
  });

  it.each(SPATIAL_PENALTIES)(
    '%s has the gradient of finite differences, times the weight',
    (kind) => {
      const image = new Float32Array(size);
      new Stream(1, 0, 0, 'start').normal(image, 1);
      const gradient = new Float32Array(size);
      penalty(kind, image, shape, 3, gradient);
      for (let i = 0; i < size; i++) {
        const [up, down] = [Float32Array.from(image), Float32Array.from(image)];
        up[i] += 2 ** -7;
        down[i] -= 2 ** -7;
        const slope = (value(kind, up) - value(kind, down)) / (up[i] - down[i]);
        expect(Math.abs(gradient[i] - 3 * slope)).toBeLessThan(1e-3);
      }
    },
  );

  it('is 0 for an image of one pixel', () => {
    const gradient = new Float32Array(1);
    const one = { channels: 1, height: 1, width: 1 };
    expect(penalty('mean', Float32Array.of(0.5), one, 1, gradient)).toBe(0);
  });
});
