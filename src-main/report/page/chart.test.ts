import { expect, it } from 'vitest';
import { chart } from './chart.ts';

const line = (values: (number | null)[]) => ({ name: 'a', stroke: 0, values });
const drawn = (values: (number | null)[]): string =>
  /class="stroke-0" d="([^"]*)"/.exec(
    chart({ title: 't', lines: [line(values)], levels: [], limits: [-1, 1] }).text,
  )![1];

it('draws a point a layer, the larger the higher', () => {
  const [, first, second] = /^M[\d.]+ ([\d.]+)L[\d.]+ ([\d.]+)$/.exec(drawn([0, 1]))!;
  expect(Number(first)).toBeGreaterThan(Number(second));
});

it('leaves a gap where a figure is undefined', () => {
  expect(drawn([0, null, 1])).toMatch(/^M[\d. ]+M[\d. ]+$/);
});

it('draws what lies beyond the limits at the edge', () => {
  // 8 units from the top is where the drawing ends.
  expect(drawn([0, 50])).toMatch(/L[\d.]+ 8$/);
});
