import { describe, expect, it } from 'vitest';
import type { JobProgress } from '../../src-main/api/job.ts';
import type { Job } from '../../src-main/api/studio.ts';
import { about, doing, inOrder, left, percent, share, standing } from './words.ts';

const progress: JobProgress = {
  ...{ jobId: 1, auditId: 1, done: 25, total: 100, phase: 'prototypes', label: '', looks: [] },
  prototypes: { done: 1200, total: 4000 },
};
const summary = {
  ...{ id: 1, name: 'a', state: 'cancelled' as const, createdAt: '' },
  ...{ models: [1], imageSets: [], classes: 3 },
  progress: { queued: 1, running: 0, finished: 2, failed: 1, cancelled: 0 },
};

describe('how a job stands, in words', () => {
  it.each([
    [0, 'less than a minute'],
    [60, 'about 1 minute'],
    [149, 'about 2 minutes'],
    [580, 'about 10 minutes'],
    [1700, 'about 30 minutes'],
    [3500, 'about 1 h'],
    [4600, 'about 1 h 15 min'],
    [35_000, 'about 9 h 45 min'],
    [50_000, 'about 14 h'],
    [400_000, 'about 5 days'],
  ])('rounds %d seconds to what can be known: %s', (seconds, words) => {
    expect(about(seconds)).toBe(words);
  });

  it('says no time before there is one', () => {
    expect(left(progress)).toBe('');
    expect(left({ ...progress, remainingSeconds: 70 })).toBe('about 1 minute left');
  });

  it('says what is done in things that a person knows', () => {
    expect(doing(progress)).toBe('1,200 of 4,000 prototypes done');
    const measured = { what: 'natural images' as const, done: 7, total: 90 };
    expect(doing({ ...progress, phase: 'similarity', measured })).toBe(
      '1,200 of 4,000 prototypes done. Path similarity: 7 of 90 natural images measured',
    );
    expect(standing(summary)).toBe('2 of 4 prototypes, 1 failed');
  });

  it('never says 100 % of what goes on', () => {
    expect(percent(share(undefined, { ...progress, done: 100 }))).toBe('99 %');
    expect(percent(share(undefined, { ...progress, total: 0 }))).toBe('0 %');
    expect(percent(share(summary))).toBe('75 %');
  });
});

it('lists what is under way, what waits and what is paused, then what has ended, the newest first', () => {
  const jobs = (
    [
      ['finished', '2026-01-01'],
      ['paused', undefined],
      ['queued', undefined],
      ['failed', '2026-01-03'],
      ['running', undefined],
      ['queued', undefined],
    ] as const
  ).map(([state, endedAt], id): Job => ({
    ...{ id, auditId: id, name: '', notes: [], createdAt: '', state },
    ...(endedAt && { endedAt }),
  }));
  expect(inOrder(jobs).map(({ id }) => id)).toEqual([4, 2, 5, 1, 3, 0]);
});
