import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace, Remaining } from './pace.ts';
import { Throttle } from './throttle.ts';

describe('the remaining time', () => {
  let now: number;
  let remaining: Remaining;
  beforeEach(() => {
    now = 0;
    remaining = new Remaining(() => now);
  });
  /** Works at a pace per second for a time, and asks four times a second. @returns what was told */
  function work(from: number, pace: number, seconds: number, total: number): number[] {
    const told: (number | undefined)[] = [];
    for (let i = 1; i <= 4 * seconds; i++) {
      now += 250;
      told.push(remaining.seconds(from + (pace * i) / 4, total));
    }
    return told.filter((value) => value !== undefined);
  }

  it('follows from the pace since the work was begun here, not from what was done before', () => {
    expect(remaining.seconds(60, 100)).toBeUndefined();
    now = 4000;
    // 10 in 4 seconds, so 30 more in 12.
    expect(remaining.seconds(70, 100)).toBeCloseTo(12, 9);
    expect(remaining.seconds(100, 100)).toBe(0);
  });

  it('is not told before there is a pace', () => {
    remaining.seconds(0, 100);
    now = 1999;
    expect(remaining.seconds(50, 100)).toBeUndefined();
    now = 60_000;
    expect(new Remaining(() => now).seconds(0, 100)).toBeUndefined();
  });

  it('is what it will be while the pace is steady', () => {
    remaining.seconds(0, 1000);
    const told = work(0, 10, 100, 1000);
    told.forEach((value, place) => expect(value).toBeCloseTo(98 - place / 4, 6));
  });

  it('follows another pace within two minutes, and never jumps', () => {
    remaining.seconds(0, 2000);
    const told = [...work(0, 10, 100, 2000), ...work(1000, 2, 180, 2000)];
    // 640 are left, at 2 a second.
    expect(told.at(-1)).toBeGreaterThan(320 / 1.25);
    expect(told.at(-1)).toBeLessThan(320 * 1.25);
    const jumps = told.slice(1).map((value, place) => Math.abs(value / told[place] - 1));
    expect(Math.max(...jumps)).toBeLessThan(0.03);
  });

  it('stands while nothing is done, and counts the wait when it is over', () => {
    remaining.seconds(0, 1000);
    const before = work(0, 10, 20, 1000).at(-1);
    now += 60_000;
    expect(remaining.seconds(200, 1000)).toBe(before);
    now += 250;
    expect(remaining.seconds(202.5, 1000)).toBeGreaterThan(1.5 * before);
  });

  it('does not take for work what is only read again', () => {
    remaining.seconds(0, 10_000);
    work(0, 10, 20, 10_000);
    now += 250;
    // 1000 at once; 8800 are left, which take 880 seconds.
    expect(remaining.seconds(1200, 10_000)).toBeGreaterThan(880 / 1.25);
  });

  it('follows the pace of another phase at once', () => {
    remaining.seconds(0, 2000, 'one');
    for (let i = 1; i <= 400; i++) {
      now += 250;
      remaining.seconds(2.5 * i, 2000, 'one');
    }
    for (let i = 1; i <= 40; i++) {
      now += 250;
      remaining.seconds(1000 + 0.5 * i, 2000, 'two');
    }
    // 980 are left, at 2 a second.
    expect(remaining.seconds(1020, 2000, 'two')).toBeGreaterThan(490 / 2.5);
  });

  it.each(['two-phases', 'two-models'])('was near the truth in the audit of %s', (name) => {
    const address = new URL(`golden/${name}.json`, import.meta.url);
    const { rows, end } = JSON.parse(readFileSync(address, 'utf8')) as Recorded;
    const told = rows.flatMap(([at, done, phase]) => {
      now = at;
      const seconds = remaining.seconds(done, 1, phase);
      return seconds === undefined ? [] : [{ at, seconds, truth: (end - at) / 1000 }];
    });
    const within = (factor: number): number =>
      told.filter(
        ({ seconds, truth }) => seconds < factor * truth + 10 && seconds > truth / factor - 10,
      ).length / told.length;
    expect(told.length).toBeGreaterThan(0.85 * rows.length);
    expect(within(2)).toBeGreaterThan(0.85);
    expect(within(3)).toBe(1);
    const settled = told.filter(({ at }) => at > 10_000).map(({ seconds }) => seconds);
    const jumps = settled.slice(1).map((seconds, i) => Math.abs(seconds - settled[i]));
    expect(Math.max(...jumps)).toBeLessThan(0.2 * (end / 1000));
  });
});

/**
 * What real audits told of their work, and when: [milliseconds, share of the work, phase], and when it ended. The first
 * is ResNet-18 with two classes and 100 photographs, the second two small models; both with one thread.
 */
interface Recorded {
  readonly rows: readonly (readonly [at: number, done: number, phase: string])[];
  readonly end: number;
}

describe('a pace', () => {
  it('forgets what is long ago', () => {
    let now = 0;
    const pace = new Pace(() => now);
    for (let i = 0; i <= 400; i++) {
      now = 250 * i;
      pace.read(i < 200 ? 100 * i : 19_900 + (i - 199), 10_000);
    }
    // One a quarter second for 50 seconds, which is 5 times the memory: e⁻⁵ of the 400 before is left.
    expect(pace.perSecond).toBeCloseTo(4 + 396 * Math.exp(-5.025), 1);
  });
});
describe('what is thinned out', () => {
  let passed: number[];
  let throttle: Throttle<number>;
  beforeEach(() => {
    vi.useFakeTimers();
    passed = [];
    throttle = new Throttle(100, (value) => passed.push(value));
  });
  afterEach(() => void vi.useRealTimers());

  it('passes the first at once, then the latest of each interval', () => {
    for (let i = 0; i < 25; i++) {
      throttle.push(i);
      vi.advanceTimersByTime(10);
    }
    expect(passed).toEqual([0, 9, 19]);
    vi.advanceTimersByTime(1000);
    expect(passed).toEqual([0, 9, 19, 24]);
  });

  it('passes what is left when it is flushed, once', () => {
    throttle.push(1);
    throttle.push(2);
    throttle.flush();
    vi.advanceTimersByTime(1000);
    expect(passed).toEqual([1, 2]);
  });
});
