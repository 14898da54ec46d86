import { describe, expect, it } from 'vitest';
import { Arena } from '../kernels/arena.ts';
import { Stream } from '../../random/philox.ts';
import { Pixels } from './pixels.ts';
import { sigmoid } from './sigmoid.ts';

describe('the logistic function', () => {
  it('agrees with Math.exp to single precision from -80 to 80', () => {
    const arena = new Arena(1e6);
    const values = arena.copy(Array.from({ length: 32_001 }, (_, i) => (i - 16_000) / 200));
    const out = arena.floats(values.length);
    sigmoid(values, out);
    values.forEach((value, i) => {
      const exact = 1 / (1 + Math.exp(-value));
      expect(Math.abs(out[i] / exact - 1)).toBeLessThan(1.3e-7);
    });
  });

  it('ends at 0 and 1 without overflow, and passes on what is not a number', () => {
    const arena = new Arena(1e5);
    const out = arena.floats(5);
    sigmoid(arena.copy([-Infinity, -1e9, 1e9, Infinity, NaN]), out);
    expect(out[0]).toBeLessThan(1e-38);
    expect(out[1]).toBeLessThan(1e-38);
    expect([out[2], out[3]]).toEqual([1, 1]);
    expect(out[4]).toBeNaN();
  });
});

describe('pixels', () => {
  it('start as noise of the given deviation about middle grey', () => {
    const pixels = new Pixels(20_000, 0.01);
    const arena = new Arena(1e6);
    const parameters = arena.floats(pixels.size);
    pixels.init(new Stream(0, 1, 2, 'start'), parameters);
    const deviation = Math.sqrt(parameters.reduce((sum, x) => sum + x * x, 0) / pixels.size);
    expect(deviation).toBeCloseTo(0.01, 3);
    const image = arena.floats(pixels.size);
    pixels.toImage(parameters, image);
    expect(image.reduce((sum, x) => sum + x, 0) / pixels.size).toBeCloseTo(0.5, 3);
  });

  it('pull a gradient back by the derivative of the logistic function', () => {
    const pixels = new Pixels(3, 1);
    const arena = new Arena(1e5);
    const parameters = arena.copy([-2, 0, 0.7]);
    const image = arena.floats(3);
    pixels.toImage(parameters, image);
    const out = arena.floats(3);
    pixels.adjoint(image, arena.copy([1, 2, -3]), out);
    const slope = (x: number): number => {
      const f = (t: number): number => 1 / (1 + Math.exp(-t));
      return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5;
    };
    [1, 2, -3].forEach((factor, i) => {
      expect(Math.abs(out[i] - factor * slope(parameters[i]))).toBeLessThan(1e-6);
    });
  });
});
