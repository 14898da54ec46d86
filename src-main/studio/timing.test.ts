import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace } from './pace.ts';
import { Throttle } from './throttle.ts';

describe('the remaining time', () => {
  it('follows from the pace since the work was begun here, not from what was done before', () => {
    let now = 0;
    const pace = new Pace(() => now);
    expect(pace.remaining(60, 100)).toBeUndefined();
    now = 4000;
    // 10 in 4 seconds, so 30 more in 12.
    expect(pace.remaining(70, 100)).toBe(12);
    expect(pace.remaining(100, 100)).toBe(0);
  });

  it('is not told before there is a pace', () => {
    let now = 0;
    const pace = new Pace(() => now);
    pace.remaining(0, 100);
    now = 1999;
    expect(pace.remaining(50, 100)).toBeUndefined();
    now = 60_000;
    expect(pace.remaining(0, 100)).toBeUndefined();
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
