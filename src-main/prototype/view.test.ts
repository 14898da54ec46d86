import { describe, expect, it } from 'vitest';
import { preprocessOf } from '../classifier/preprocess.ts';
import { Arena } from './kernels/arena.ts';
import { Stream } from '../random/philox.ts';
import { View } from './view.ts';

const shape = { channels: 3, height: 9, width: 8 };
const size = 3 * 9 * 8;
const imagenet = preprocessOf({
  range: 1,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  order: 'RGB',
  resize: 9,
});
const ranges = { scale: [0.7, 1.3], rotation: 180, translation: 0.5 } as const;
const job = { classIndex: 1, prototype: 0 };

function noise(address: number): Float32Array {
  const out = new Float32Array(size);
  new Stream(4, address, 0, 'start').normal(out, 1);
  return out;
}

const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);

describe.each([
  ['with the affine map', ranges],
  ['without', undefined],
])('what the network sees %s', (_, used) => {
  it('has the adjoint of its linear part: <A d, y> = <d, Aᵀ y>', () => {
    const arena = new Arena(1e5);
    const view = new View(arena, shape, imagenet, used, 0, job);
    const [x, d, y] = [1, 2, 3].map((address) => arena.copy(noise(address)));
    const [low, high, pulled] = [0, 1, 2].map(() => arena.floats(size));
    for (let step = 0; step < 6; step++) {
      view.transformed(step, x, low);
      const further = arena.copy(x.map((value, i) => value + d[i]));
      view.transformed(step, further, high);
      // The next step's map is worked out before this one's adjoint is taken.
      view.prepare(step + 1);
      view.transformedAdjoint(step, y, pulled.fill(0));
      const moved = high.map((value, i) => value - low[i]);
      expect(Math.abs(dot(moved, y) - dot(d, pulled))).toBeLessThan(1e-3);
    }
  });
});

it('shows the mean colour outside the image: 0 after preprocessing', () => {
  const away = { scale: [1, 1], rotation: 0, translation: 1 } as const;
  const arena = new Arena(1e5);
  const view = new View(arena, shape, imagenet, away, 0, job);
  const seen = arena.floats(size).fill(NaN);
  view.transformed(0, arena.floats(size).fill(1), seen);
  const white = (1 - 0.485) / 0.229;
  const red = [...seen.subarray(0, 72)];
  expect(red.filter((value) => value === 0).length).toBeGreaterThan(0);
  expect(red.every((value) => value >= 0 && value <= white + 1e-5)).toBe(true);
});
