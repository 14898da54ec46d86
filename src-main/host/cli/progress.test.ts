import { describe, expect, it } from 'vitest';
import { duration, openProgress, remainingSeconds } from './progress.ts';

function sink(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 60, write: (text: string) => written.push(text) };
}

describe('progress', () => {
  it('extrapolates the remaining time from the pace so far', () => {
    expect(remainingSeconds(25, 100, 10_000)).toBe(30);
    expect(remainingSeconds(0, 100, 10_000)).toBeUndefined();
    expect(remainingSeconds(5, 100, 900)).toBeUndefined();
  });

  it('writes durations as people say them', () => {
    expect([0.4, 59, 190, 7500].map(duration)).toEqual(['0 s', '59 s', '3 min 10 s', '2 h 05 min']);
  });

  it('draws one bar that never exceeds the width of the terminal', () => {
    const out = sink(true);
    let time = 0;
    const progress = openProgress(out, () => time);
    time = 5000;
    progress.update(1, 4, 'a very long class name that would not fit into sixty columns at all');
    expect(out.written[0].replace('\r\x1b[2K', '').length).toBe(59);
    expect(out.written[0]).toContain('25 %, 15 s left');
  });

  it('prints a plain line for every tenth where there is no terminal', () => {
    const out = sink(false);
    const progress = openProgress(out, () => 0);
    for (let done = 0; done <= 100; done++) progress.update(done, 100, 'dalmatian');
    expect(out.written).toHaveLength(11);
    expect(out.written[0]).toBe('0 %: dalmatian\n');
    expect(out.written.every((line) => !line.includes('\x1b'))).toBe(true);
  });
});
