import { describe, expect, it } from 'vitest';
import { memoryInUse } from '../../test/support/memory.ts';
import { bootstrap, drawsOf } from './bootstrap.ts';
import { redraw } from './pooled-bootstrap.ts';
import { naturalSide, subjectSide } from './sides.ts';
import type { ClassFigures } from './summary.ts';
import { Totals } from './totals.ts';

const [taps, images, resamples] = [40, 10, 200];
const tapOf = Array.from({ length: taps }, (_, tap) => tap);

function figures(level: number): ClassFigures {
  const natural = Float64Array.from({ length: 6 * taps * images }, (_, i) => level + (i % 7) / 10);
  const variants = <T>(value: T) => {
    const all = tapOf.map(() => value);
    return { full: all, pooled: all };
  };
  return {
    n: images,
    natural,
    same: variants(0.6),
    different: variants(0.2),
    constant: variants(0),
  };
}

/** Adds a class with subjects whose ρ is `s` everywhere, and whose distance is 0. */
async function addClass(totals: Totals, index: number, subjects: Record<string, number>) {
  const own = figures(index);
  const draws = drawsOf(images, index, 0, resamples);
  const ranks = new Float32Array(taps * images);
  const [redraws] = await redraw(
    [{ ranks, draws }],
    tapOf.map(() => 1),
  );
  const pairs = new Float64Array(taps * images);
  const sides = Object.entries(subjects).map(([series, s]) => {
    totals.announce(series, 'prototype');
    const subject = Float64Array.from({ length: 6 * taps }, (_, i) => (i % 3 === 0 ? s : 0));
    return [series, subjectSide(own, subject, { redraws, pairs })] as const;
  });
  totals.add(images, naturalSide(own, bootstrap(own, draws), redraws), new Map(sides));
}

/** Bytes of typed arrays that are still in use. */
const arrayBytes = (): number => memoryInUse().arrayBuffers;

describe('totals', () => {
  it('average each series over its own classes only', async () => {
    const totals = new Totals();
    // Means over images lie between a class's index and 0.6 above it.
    await addClass(totals, 0, { all: 1, even: 1 });
    await addClass(totals, 1, { all: 1, odd: 1 });
    await addClass(totals, 2, { all: 4.5, even: 1, late: 2 });
    const percent = totals
      .result(tapOf)
      .map(({ series, classes, n, scores }) => [series, classes, n, scores!.full.spearman.percent]);
    // Natural averages: all 1 to 1.6, even 1 to 1.6 with subjects of 1, odd 1 to 1.6, late 2 to 2.6.
    expect(percent).toEqual([
      ['all', 3, 30, 100],
      ['even', 2, 20, 0],
      ['odd', 1, 10, 0],
      ['late', 1, 10, 0],
    ]);
  });

  it('have no scores for a series without a class of sufficient evidence', () => {
    const totals = new Totals();
    totals.announce('grey', 'grey');
    expect(totals.result(tapOf)).toEqual([
      { series: 'grey', kind: 'grey', classes: 0, n: 0, scores: null },
    ]);
  });

  it('take as much memory for a hundred classes as for four', async () => {
    const totals = new Totals();
    const before = arrayBytes();
    for (let i = 0; i < 4; i++) await addClass(totals, i, { a: 1, b: 2 });
    const few = arrayBytes() - before;
    for (let i = 4; i < 100; i++) await addClass(totals, i, { a: 1, b: 2 });
    const many = arrayBytes() - before;
    // 8 figures of replicates and 2 of redraws for the set of classes, and one for each of two series.
    const [ofOneClass, kept] = [10, 12].map((figure) => 8 * resamples * taps * figure);
    // Of the last class some may not be collected yet.
    for (const bytes of [few, many]) {
      expect(bytes).toBeGreaterThan(kept);
      expect(bytes).toBeLessThan(kept + 1.5 * ofOneClass);
    }
    expect(totals.result(tapOf)[0].classes).toBe(100);
  });
});

describe('what is kept of a class until its turn', () => {
  it('is 16 bytes a replicate and tap, and 4 a replicate and image that is redrawn', async () => {
    const draws = drawsOf(images, 0, 0, resamples);
    const ranks = new Float32Array(taps * images);
    const [redraws] = await redraw(
      [{ ranks, draws }],
      tapOf.map(() => 1),
    );
    const bytes = Object.values(redraws)
      .flat()
      .reduce((sum: number, { byteLength }: Uint32Array | Float64Array) => sum + byteLength, 0);
    expect(bytes).toBe(resamples * (16 * taps + 4 * images));
  });
});
