import { describe, expect, it } from 'vitest';
import { Stream } from '../random/philox.ts';
import { drawsOf, type Draw } from './bootstrap.ts';
import { normalisedOf } from './normalised.ts';
import {
  pairsOf,
  placeOf,
  rankedImages,
  redraw,
  redrawnPairwise,
  type RankedClass,
} from './pooled-bootstrap.ts';
import { Ranker, spearman } from './rank.ts';
import { RunningMean } from './running-mean.ts';
import { naturalSide, subjectSide, type NaturalSide, type SubjectSide } from './sides.ts';

const stream = new Stream(3, 0, 0, 'noise').seek(0);
const normals = (length: number, deviation: number): Float32Array => {
  const values = new Float32Array(length);
  stream.normal(values, deviation);
  return values;
};

const ranker = new Ranker();

/** r̂, by the ranker that is tested against SciPy. */
function standardised(values: Float32Array): Float32Array {
  const ranks = new Float32Array(values.length);
  const norm = ranker.centred(values, ranks);
  return norm === 0 ? ranks : ranks.map((rank) => rank / norm);
}

/** Images of one tap of a class as `redraw` takes them. */
function rankedClass(images: readonly Float32Array[], draws: readonly Draw[]): RankedClass {
  return { ranks: Float32Array.from(images.flatMap((image) => [...standardised(image)])), draws };
}

const meanOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a redraw', () => {
  const [a, b] = [3, 2].map((n) => Array.from({ length: n }, () => normals(8, 1)));
  const draws = [Uint32Array.of(2, 1, 0), Uint32Array.of(3, 0, 0), Uint32Array.of(1, 1, 1)];
  const others = [Uint32Array.of(0, 2), Uint32Array.of(1, 1), Uint32Array.of(2, 0)];
  const drawn = redraw([rankedClass(a, draws), rankedClass(b, others)], [8]);

  it('counts pairs of different originals only', async () => {
    const [{ same }] = await drawn;
    const pairs = [spearman(a[0], a[1]), spearman(a[0], a[2]), spearman(a[1], a[2])];
    // Twice the first image and once the second: of three pairs one is of copies.
    expect(same[0][0]).toBeCloseTo(pairs[0], 6);
    expect(same[1][0]).toBeNaN();
    expect(same[2][0]).toBeCloseTo(meanOf(pairs), 6);
  });

  it('compares with the other class as it is redrawn', async () => {
    const [{ different }, { different: back }] = await drawn;
    expect(different[0][0]).toBeCloseTo((2 * spearman(a[0], b[1]) + spearman(a[1], b[1])) / 3, 6);
    expect(different[1][0]).toBeCloseTo((spearman(a[0], b[0]) + spearman(a[0], b[1])) / 2, 6);
    expect(back.map(([each]) => each)).toEqual(
      different.map(([each]) => expect.closeTo(each, 12) as number),
    );
  });

  it('weighs a subject’s pairs, tap by tap', () => {
    const subject = normals(8, 1);
    const { ranks } = rankedClass(a, []);
    const pairs = pairsOf(ranks, [standardised(subject)]);
    a.forEach((image, i) => expect(pairs[i]).toBeCloseTo(spearman(image, subject), 6));
    expect([...redrawnPairwise(Float64Array.of(1, 10, 2, 20, 3, 30), draws[0])]).toEqual([
      expect.closeTo(4 / 3, 12),
      expect.closeTo(40 / 3, 12),
    ]);
  });

  it('counts the pairs of an image without ranks as zero', async () => {
    const images = [a[0], new Float32Array(8), a[1]];
    const [{ same }] = await redraw([rankedClass(images, [Uint32Array.of(1, 1, 1)])], [8]);
    expect(same[0][0]).toBeCloseTo(spearman(a[0], a[1]) / 3, 6);
  });

  it('stops when it is told to', async () => {
    const stop = AbortSignal.abort(new Error('stopped'));
    await expect(redraw([rankedClass(a, draws)], [8], stop)).rejects.toThrow('stopped');
  });
});

describe('the images whose ranks are kept', () => {
  it('are all, or a sample that is spread evenly', () => {
    const places = (all: number, kept: number) =>
      Array.from({ length: all }, (_, image) => placeOf(image, all, kept));
    expect(places(4, 4)).toEqual([0, 1, 2, 3]);
    expect(places(6, 3)).toEqual([undefined, 0, undefined, 1, undefined, 2]);
    for (const kept of [1, 5, 48, 49]) {
      const own = places(49, kept).filter((place) => place !== undefined);
      expect(own).toEqual(Array.from({ length: kept }, (_, place) => place));
    }
  });

  it('take 256 MB together, and are ten of a class at least', () => {
    expect(rankedImages(4, 16384) * 4 * 16384 * 4).toBe(256 * 2 ** 20);
    expect(rankedImages(1000, 1e6)).toBe(10);
  });
});

describe('the interval', () => {
  const channels = 16;
  const taps = [0, 1, 2];
  const [classes, images, audits, resamples] = [3, 14, 120, 200];
  const templates = Array.from({ length: classes }, () => taps.map(() => normals(channels, 1)));
  // Between its own class and the next, so that all three parts of the score matter.
  const subjects = templates.map((own, c) =>
    own.map((values, tap) =>
      standardised(values.map((value, i) => value + templates[(c + 1) % classes][tap][i])),
    ),
  );
  const photograph = (c: number) =>
    templates[c].map((values) => {
      const noise = normals(channels, 1.5);
      return standardised(values.map((value, i) => value + noise[i]));
    });
  const inner = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
    return sum;
  };

  /** Of all photographs that there could be: ρ of independent ones is the product of their mean rank vectors. */
  function truth(): number {
    const many = 4000;
    const means = templates.map((_, c) => {
      const sums = taps.map(() => new Float64Array(channels));
      for (let n = 0; n < many; n++) {
        photograph(c).forEach((ranks, tap) => ranks.forEach((r, i) => (sums[tap][i] += r / many)));
      }
      return sums;
    });
    const scores = taps.map((tap) => {
      const own = means.map((each) => each[tap]);
      const same = meanOf(own.map((mean) => inner(mean, mean)));
      const different = meanOf(
        own.flatMap((a, c) => own.filter((_, d) => d !== c).map((b) => inner(a, b))),
      );
      const pairwise = meanOf(own.map((mean, c) => inner(mean, subjects[c][tap])));
      return (pairwise - different) / (same - different);
    });
    return meanOf(scores);
  }

  async function simulated(audit: number) {
    const ranked = templates.map((_, c) => ({
      ranks: Float32Array.from(
        Array.from({ length: images }, () => photograph(c)).flatMap((each) =>
          each.flatMap((ranks) => [...ranks]),
        ),
      ),
      draws: drawsOf(images, c, audit, resamples),
    }));
    const lengths = taps.map(() => channels);
    const redraws = await redraw(ranked, lengths);
    // With every image once, the redraw is the class itself.
    const whole = await redraw(
      ranked.map(({ ranks }) => ({ ranks, draws: [new Uint32Array(images).fill(1)] })),
      lengths,
    );
    const naturals = new RunningMean<NaturalSide>();
    const subjectSides = new RunningMean<SubjectSide>();
    ranked.forEach(({ ranks }, c) => {
      const pairs = pairsOf(ranks, subjects[c]);
      const subject = new Float64Array(6 * taps.length);
      taps.forEach((tap) => {
        for (let i = tap; i < pairs.length; i += taps.length) subject[6 * tap + 5] += pairs[i];
      });
      const [same, different] = [[...whole[c].same[0]], [...whole[c].different[0]]];
      const both = <T>(value: T) => ({ full: value, pooled: value });
      const figures = {
        ...{ n: images, natural: new Float64Array(0), constant: both([0, 0, 0]) },
        ...{ same: both(same), different: both(different) },
      };
      naturals.add(naturalSide(figures, [], redraws[c]));
      subjectSides.add(subjectSide(figures, subject, { redraws: redraws[c], pairs }));
    });
    return normalisedOf(naturals.mean()!, subjectSides.mean()!, 'pooled', taps);
  }

  it('contains the truth about 95 times in 100', async () => {
    const score = truth();
    let inside = 0;
    for (let audit = 0; audit < audits; audit++) {
      const { all, interval } = await simulated(audit);
      const [low, high] = interval!;
      expect(low).toBeLessThanOrEqual(all!);
      expect(high).toBeGreaterThanOrEqual(all!);
      if (low <= score && score <= high) inside++;
    }
    expect(inside / audits).toBeGreaterThan(0.9);
    expect(inside / audits).toBeLessThan(0.99);
  });
});
