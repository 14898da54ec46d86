import { expect, it } from 'vitest';
import type { Snapshot } from '../../src-main/api/prototype.ts';
import { pictured, placeOf, stepName } from './steps.ts';

const snapshot = (stage: Snapshot['stage'], step: number, imageHash?: string): Snapshot => ({
  ...{ stage, step, imageHash, logit: 1 },
  losses: { variance: null, highFrequency: null },
});
const steps = pictured([
  snapshot('baseline', 64, 'a'),
  snapshot('prototype', 0),
  snapshot('prototype', 64, 'b'),
]);

it('leaves out steps that have no picture', () => {
  expect(steps.map(({ imageHash }) => imageHash)).toEqual(['a', 'b']);
});

it('tells the same step of two stages apart', () => {
  const places = (['baseline', 'prototype'] as const).map((stage) =>
    placeOf(steps, { runId: 1, stage, step: 64 }),
  );
  expect(places).toEqual([0, 1]);
});

it('places the finished prototype, and a step that is not there, after all steps', () => {
  expect([
    placeOf(steps, { runId: 1 }),
    placeOf(steps, { runId: 1, stage: 'prototype', step: 5 }),
  ]).toEqual([2, 2]);
});

it('names steps', () => {
  expect([stepName({ stage: 'baseline', step: 6 }), stepName({})]).toEqual([
    'baseline, step 6',
    'finished',
  ]);
});
