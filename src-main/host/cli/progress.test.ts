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

  it('prints a plain line every minute of long work, with the time that is left', () => {
    const out = sink(false);
    let time = 0;
    const progress = openProgress(out, () => time);
    for (; time <= 180_000; time += 1000) progress.update(time, 1e8, 'tench');
    expect(out.written).toEqual([
      '0 %: tench\n',
      '0 %, 27 h 45 min left: tench\n',
      '0 %, 27 h 44 min left: tench\n',
      '0 %, 27 h 43 min left: tench\n',
    ]);
  });

  it('tells the pace of work that begins anew, such as after reading photographs', () => {
    const out = sink(false);
    let time = 0;
    const progress = openProgress(out, () => time);
    for (; time < 100_000; time += 10_000) progress.update(1 + time / 10_000, 10, 'reading');
    progress.update(0, 100, 'tench');
    time += 10_000;
    progress.update(10, 100, 'tench');
    expect(out.written.slice(-3)).toEqual([
      '100 %, 0 s left: reading\n',
      '0 %: tench\n',
      '10 %, 1 min 30 s left: tench\n',
    ]);
  });

  it('hands no control character of a name on', () => {
    for (const isTTY of [true, false]) {
      const out = sink(isTTY);
      const progress = openProgress(out, () => 0);
      progress.update(0, 1, 'red\u001b[31m\nend');
      progress.note('bell\u0007');
      const said = out.written.join('').replaceAll('\r\x1b[2K', '');
      expect(said).not.toMatch(/[^\P{C}\n]/u);
      expect(said).toContain('red�[31m end');
    }
  });
});
