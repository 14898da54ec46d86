import { expect, it } from 'vitest';
import { Stream } from '../random/philox.ts';
import type { Feature } from './features.ts';
import { middleRow, randomRow } from './random-row.ts';

const features: Feature[] = [
  { name: 'income', column: 0, width: 1, min: -10, max: 30, integer: false },
  { name: 'children', column: 1, width: 1, min: 1, max: 6, integer: true },
  {
    ...{ name: 'home', column: 2, width: 4, min: 0, max: 1, integer: false },
    categories: ['owns', 'rents', 'free', 'other'],
  },
  {
    ...{ name: 'region', column: 6, width: 1, min: 0, max: 2, integer: true },
    categories: ['north', 'south', 'west'],
  },
];

it('is in the middle of all bounds, whole where it must be, and of no category in particular', () => {
  const [income, children, ...rest] = middleRow(features);
  expect(-10 + 40 * income).toBe(10);
  expect(1 + 5 * children).toBeCloseTo(4, 6);
  expect(rest).toEqual([0.25, 0.25, 0.25, 0.25, 0.5]);
});

it('is a row that could be, and reaches every place of the bounds alike', () => {
  const stream = new Stream(0, 0, 0, 'noise').seek(0);
  const rows = Array.from({ length: 4000 }, () => randomRow(features, stream));
  const seen = new Map<string, number>();
  const count = (key: string): void => void seen.set(key, (seen.get(key) ?? 0) + 1);
  let sum = 0;
  for (const [income, children, ...rest] of rows) {
    sum += income;
    expect(rest.slice(0, 4).toSorted()).toEqual([0, 0, 0, 1]);
    count(`home ${rest.indexOf(1)}`);
    count(`children ${(1 + 5 * children).toFixed(4)}`);
    count(`region ${2 * rest[4]}`);
  }
  // Four standard errors of means of 4000 draws.
  expect(Math.abs(sum / 4000 - 0.5)).toBeLessThan(4 / Math.sqrt(12 * 4000));
  const shares = (name: string) =>
    [...seen].filter(([key]) => key.startsWith(name)).map(([, n]) => n / 4000);
  for (const [name, many] of [
    ['home', 4],
    ['children', 6],
    ['region', 3],
  ] as const) {
    expect(shares(name)).toHaveLength(many);
    for (const share of shares(name)) expect(Math.abs(share - 1 / many)).toBeLessThan(0.03);
  }
});
