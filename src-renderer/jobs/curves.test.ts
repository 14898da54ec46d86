import { expect, it } from 'vitest';
import type { Making, Point } from '../../src-main/api/job.ts';
import { curvesOf, stageOf } from './curves.ts';

const point = (stage: Point['stage'], step: number, logit: number): Point => ({
  ...{ stage, step, logit },
  losses: { variance: 0.5, highFrequency: 7 },
});
const making = (points: Point[], baseline = 100): Making => ({
  tile: {
    ...{ runId: 1, modelId: 1, classIndex: 0, label: 'cat', profile: 'paper' },
    ...{ prototypeIndex: 0, state: 'running' },
  },
  ...{ modelName: 'm', height: 8, width: 8, steps: { baseline, prototype: 1512 }, points },
});

it('plots the stage under way alone, each step where it belongs', () => {
  const points = [point('baseline', 0, 9), point('prototype', 0, 1), point('prototype', 64, 4)];
  const [logit, loss] = curvesOf(making(points));
  expect(logit).toMatchObject({ places: [0, 64], lines: [{ values: [1, 4] }] });
  expect(loss).toMatchObject({ term: 'highFrequency', lines: [{ values: [7, 7] }] });
  const [, variance] = curvesOf(making(points.slice(0, 1)));
  expect(variance).toMatchObject({ term: 'variance', places: [0], lines: [{ values: [0.5] }] });
});

it('says where an optimisation is', () => {
  expect(stageOf(making([]), undefined)).toEqual({ stage: 'Preparing', step: '' });
  expect(stageOf(making([]), point('baseline', 4, 0))).toEqual({
    ...{ stage: 'Stage 1 of 2: a neutral start', step: 'step 5 of at most 100' },
  });
  expect(stageOf(making([]), point('prototype', 1023, 0))).toEqual({
    ...{ stage: 'Stage 2 of 2: raising the logit', step: 'step 1,024 of 1,512' },
  });
  expect(stageOf(making([], 0), point('prototype', 0, 0)).stage).toBe('Raising the logit');
});
