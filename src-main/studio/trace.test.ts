import { describe, expect, it } from 'vitest';
import type { Point } from '../api/job.ts';
import { MOST_POINTS, Trace } from './trace.ts';

const point = (step: number, stage: Point['stage'] = 'prototype'): Point => ({
  ...{ stage, step, logit: step / 10 },
  losses: { variance: 0, highFrequency: 0 },
});
const steps = (trace: Trace): number[] => trace.points.map(({ step }) => step);

describe('the curve of an optimisation under way', () => {
  it('keeps evenly spaced steps and the latest, however many there were', () => {
    const trace = new Trace([], point(0));
    for (let step = 1; step <= 100_001; step++) trace.add(point(step));
    const kept = steps(trace);
    expect(kept.length).toBeLessThanOrEqual(MOST_POINTS);
    expect(kept.length).toBeGreaterThan(MOST_POINTS / 4);
    expect(kept[0]).toBe(0);
    expect(kept.at(-1)).toBe(100_001);
    const gaps = kept.slice(1, -1).map((step, place) => step - kept[place]);
    expect(new Set(gaps).size).toBe(1);
  });

  it('keeps every step of a short one', () => {
    const trace = new Trace([], point(0, 'baseline'));
    trace.add(point(1, 'baseline'));
    trace.add(point(0));
    expect(trace.points).toEqual([point(0, 'baseline'), point(1, 'baseline'), point(0)]);
  });

  it('joins an interrupted one where it goes on, and forgets what it will come by again', () => {
    const before = [0, 64, 128, 192].map((step) => point(step));
    const trace = new Trace(before, point(112));
    for (const step of [113, 114]) trace.add(point(step));
    expect(steps(trace)).toEqual([0, 64, 112, 113, 114]);
  });

  it('forgets all of one that starts afresh', () => {
    expect(steps(new Trace([point(0), point(64)], point(0, 'baseline')))).toEqual([0]);
  });
});
