import { describe, expect, it } from 'vitest';
import type { Feature } from '../../classifier/features.ts';
import { Arena } from '../kernels/arena.ts';
import { Stream } from '../../random/philox.ts';
import { ColumnsOfFeatures } from './columns.ts';

const number = (column: number, integer: boolean): Feature => ({
  ...{ name: `n${column}`, column, width: 1, min: -2, max: 6, integer },
});
const group = (column: number, width: number): Feature => ({
  ...{ name: `g${column}`, column, width, min: 0, max: 1, integer: false },
  categories: Array.from({ length: width }, (_, i) => `c${i}`),
});
const features = [number(0, false), group(1, 3), number(4, true), group(5, 2)];
const columns = new ColumnsOfFeatures(features, 2);
const arena = new Arena(1e5);
const noise = (address: number): Float32Array => {
  const values = arena.floats(columns.size);
  new Stream(3, address, 0, 'start').normal(values, 1);
  return values;
};

describe('the columns of a table', () => {
  it('lie in 0 to 1, and those of a category sum to 1, also far out', () => {
    const row = arena.floats(columns.size);
    for (const factor of [0.1, 10, 1000]) {
      const far = noise(1).map((value) => factor * value);
      columns.toImage(arena.copy(far), row);
      expect(row.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(row[1] + row[2] + row[3]).toBeCloseTo(1, 6);
      expect(row[5] + row[6]).toBeCloseTo(1, 6);
    }
  });

  it('have an adjoint that agrees with finite differences', () => {
    const [at, gradient] = [noise(2), noise(3)];
    const [row, out] = [arena.floats(columns.size), arena.floats(columns.size)];
    columns.toImage(at, row);
    columns.adjoint(row, gradient, out);
    const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
    const share = (values: number[], i: number): number =>
      Math.exp(values[i]) / values.reduce((sum, value) => sum + Math.exp(value), 0);
    // The same map in double precision, written out.
    const loss = (p: number[]): number =>
      [
        logistic(p[0]),
        ...[0, 1, 2].map((i) => share(p.slice(1, 4), i)),
        logistic(p[4]),
        ...[0, 1].map((i) => share(p.slice(5, 7), i)),
      ].reduce((sum, value, i) => sum + gradient[i] * value, 0);
    for (let i = 0; i < columns.size; i++) {
      const moved = (by: number): number => loss([...at].map((p, k) => (k === i ? p + by : p)));
      expect(Math.abs(out[i] - (moved(1e-5) - moved(-1e-5)) / 2e-5)).toBeLessThan(1e-6);
    }
  });

  it('settle at the best category and the nearest whole number, and leave other numbers alone', () => {
    const row = arena.copy([0.3, 0.3, 0.2, 0.5, 0.8, 0.5, 0.5]);
    columns.settle!(row);
    // −2 + 0.8 · 8 = 4.4, nearest to 4, which lies at 0.75.
    expect([...row]).toEqual([Math.fround(0.3), 0, 0, 1, 0.75, 1, 0]);
  });

  it('have nothing to settle where every value can be', () => {
    expect(new ColumnsOfFeatures([number(0, false)], 1).settle).toBeUndefined();
  });
});
