import { expect, it } from 'vitest';
import { counted, figure, probability, withControl } from './figure.ts';

it('shows a dash for a figure that is undefined', () => {
  expect([figure(undefined, 1), figure(null, 1), figure(66.67, 1, ' %')]).toEqual([
    '–',
    '–',
    '66.7 %',
  ]);
});

it('shows no minus before a zero', () => {
  expect([figure(-0.001, 2), figure(-1.5, 1)]).toEqual(['0.00', '−1.5']);
});

it('does not round a probability to certainty', () => {
  expect([0.99999, 1, 0.00001, 0, 0.1234].map(probability)).toEqual([
    '> 99.9 %',
    '100 %',
    '< 0.1 %',
    '0 %',
    '12.3 %',
  ]);
});

it('counts in words', () => {
  expect([counted(1, 'class', 'classes'), counted(10_000, 'class', 'classes')]).toEqual([
    '1 class',
    '10,000 classes',
  ]);
});

it('writes a control behind the figure that it puts in its place', () => {
  expect([
    withControl(0.584, 0.449),
    withControl(-1.68, -0.92),
    withControl(0.5, undefined),
  ]).toEqual(['0.58 (0.45)', '−1.68 (−0.92)', '0.50']);
});
