import { describe, expect, it } from 'vitest';
import { AffineSampler, drawAffine, type AffineDraw } from './affine.ts';
import { Arena } from './kernels/arena.ts';
import golden from './golden/affine.json' with { type: 'json' };
import { Stream } from '../random/philox.ts';

const still: AffineDraw = { scale: 1, rotation: 0, shiftX: 0, shiftY: 0 };

function sample(
  image: Float32Array,
  height: number,
  width: number,
  draw: AffineDraw,
): Float32Array {
  const arena = new Arena(1e5);
  const sampler = new AffineSampler(arena, height, width);
  sampler.prepare(draw);
  const out = arena.floats(image.length).fill(NaN);
  sampler.apply(arena.copy(image), out);
  return out;
}

function noise(length: number, purpose: number): Float32Array {
  const out = new Float32Array(length);
  new Stream(11, purpose, 0, 'start').normal(out, 1);
  return out;
}

const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);

function expectClose(actual: Float32Array, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(tolerance));
}

describe('the affine sampler', () => {
  it('leaves the image as it is under the identity', () => {
    const image = noise(3 * 5 * 4, 1);
    expect(sample(image, 5, 4, still)).toEqual(image);
  });

  it('turns a square image clockwise by 90 degrees', () => {
    const size = 5;
    const image = noise(size * size, 2);
    const turned = sample(image, size, size, { ...still, rotation: 90 });
    const expected = Array.from(image, (_, i) => {
      const [row, column] = [Math.floor(i / size), i % size];
      return image[(size - 1 - column) * size + row];
    });
    expectClose(turned, expected, 1e-6);
  });

  it('shifts to the right and downwards by whole pixels, with 0 coming in', () => {
    const image = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const shifted = sample(image, 2, 4, { ...still, shiftX: 0.25, shiftY: 0.5 });
    expectClose(shifted, [0, 0, 0, 0, 0, 1, 2, 3], 1e-6);
  });

  it('magnifies about the centre', () => {
    const image = Float32Array.of(0, 0, 1, 0, 0);
    const wide = sample(image, 1, 5, { ...still, scale: 2 });
    expectClose(wide, [0, 0.5, 1, 0.5, 0], 1e-6);
  });

  it.each(golden.cases)('agrees with affine_grid and grid_sample of PyTorch: $draw', (entry) => {
    const arena = new Arena(1e5);
    const sampler = new AffineSampler(arena, golden.height, golden.width);
    sampler.prepare(entry.draw);
    const out = arena.floats(entry.image.length);
    sampler.apply(arena.copy(entry.image), out);
    expectClose(out, entry.sampled, 1e-6);
    const gradient = arena.floats(entry.image.length);
    sampler.adjoint(arena.copy(entry.cotangent), [1, 1], gradient);
    expectClose(gradient, entry.gradient, 2e-6);
  });

  it.each([
    [3, 13, 17],
    [1, 1, 9],
    [2, 6, 1],
    [1, 1, 1],
  ])('has an exact adjoint: <A x, y> = <x, Aᵀ y> for %i × %i × %i', (channels, height, width) => {
    const size = channels * height * width;
    const ranges = { scale: [0.7, 1.3], rotation: 180, translation: 0.5 } as const;
    for (let step = 0; step < 20; step++) {
      const arena = new Arena(1e5);
      const sampler = new AffineSampler(arena, height, width);
      sampler.prepare(drawAffine(new Stream(3, 0, 0, 'affine').seek(step), ranges));
      const [x, y] = [arena.copy(noise(size, 3)), arena.copy(noise(size, 4))];
      const [sampled, pulled] = [arena.floats(size), arena.floats(size)];
      sampler.apply(x, sampled);
      sampler.adjoint(y, new Array<number>(channels).fill(1), pulled);
      expect(Math.abs(dot(sampled, y) - dot(x, pulled))).toBeLessThan(1e-6 * Math.max(1, size));
    }
  });

  it('adds the adjoint, times the gain of the channel, to what is there', () => {
    const arena = new Arena(1e5);
    const sampler = new AffineSampler(arena, 1, 2);
    sampler.prepare(still);
    const out = arena.copy([1, 1, 1, 1]);
    sampler.adjoint(arena.copy([1, 2, 3, 4]), [10, 100], out);
    expect([...out]).toEqual([11, 21, 301, 401]);
  });
});

describe('a draw', () => {
  it('stays within its ranges and reaches close to their ends', () => {
    const ranges = { scale: [0.7, 1.3], rotation: 180, translation: 0.5 } as const;
    const stream = new Stream(0, 0, 0, 'affine');
    const draws = Array.from({ length: 500 }, (_, step) => drawAffine(stream.seek(step), ranges));
    const span = (values: number[]): number[] => [Math.min(...values), Math.max(...values)];
    const near = (values: number[], low: number, high: number): void => {
      const [least, most] = span(values);
      const width = high - low;
      expect(least).toBeGreaterThanOrEqual(low);
      expect(most).toBeLessThanOrEqual(high);
      expect(most - least).toBeGreaterThan(0.97 * width);
    };
    near(
      draws.map((draw) => draw.scale),
      0.7,
      1.3,
    );
    near(
      draws.map((draw) => draw.rotation),
      -180,
      180,
    );
    near(
      draws.map((draw) => draw.shiftX),
      -0.5,
      0.5,
    );
    near(
      draws.map((draw) => draw.shiftY),
      -0.5,
      0.5,
    );
  });
});
