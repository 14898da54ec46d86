import { describe, expect, it } from 'vitest';
import { bootstrap, drawsOf } from './bootstrap.ts';
import { RunningMean } from './running-mean.ts';
import { scoresOf } from './scores.ts';
import { naturalSide, subjectSide, type NaturalSide, type SubjectSide } from './sides.ts';
import { interval, naturalMeans, ones, quantile, wins, type ClassFigures } from './summary.ts';

/** n images, one tap: S_i = i / n, D_i = 1, leave-one-out S_i = 0 in both variants. */
function figures(n: number): ClassFigures {
  const natural = new Float64Array(6 * n);
  for (let i = 0; i < n; i++) natural.set([i / n, 1, 0, i / n, 1, 0], 6 * i);
  const variants = <T>(value: T) => ({ full: [value], pooled: [value] });
  return { n, natural, same: variants(0.6), different: variants(0.2), constant: variants(0) };
}

const redrawn = (own: ClassFigures, classIndex: number, seed: number, resamples: number) =>
  bootstrap(own, drawsOf(own.n, classIndex, seed, resamples));

describe('natural means', () => {
  it('weigh images, and lengthen the distance from the mean of the others by n / (n − 1)', () => {
    expect([...naturalMeans(figures(4), ones(4))].slice(0, 4)).toEqual([0.375, 1, 0, 4 / 3]);
    expect(naturalMeans(figures(4), [0, 0, 0, 4])[0]).toBe(0.75);
  });
});

describe('percentages', () => {
  it('count each layer once, duplicates of a value included, and ties as wins', () => {
    const natural = Float64Array.of(0.5, 1, 0.5, 1, 0.1, 0, 0, 0, 0.9, 2, 0.1, 2, 0.1, 0, 0, 0);
    const subject = Float64Array.of(0.5, 1, 0, 0.1, 0, 0, 0.5, 3, 0, 0.1, 0, 0);
    const { full, pooled } = wins(natural, subject, [0, 1, 1, 1]);
    expect(full).toEqual([25, 25, 100, 25]);
    expect(pooled).toEqual([100, 100, 100, 100]);
  });

  it('give nobody the layers in which there is no order to agree on', () => {
    // One activation, or the same ones for every image: no ρ on either side, and no distance.
    const [natural, subject] = [new Float64Array(8), new Float64Array(6)];
    expect(wins(natural, subject, [0])).toEqual({
      full: [0, 100, 0, 100],
      pooled: [0, 100, 0, 100],
    });
  });

  it('average the quantities over classes before layers are counted', () => {
    // Against one class S_P wins by little, against the other it loses by much.
    const own = figures(10);
    const [wins, loses] = [0.5, -1].map((s) => subjectSide(own, Float64Array.of(s, 0, 0, 0, 0, 0)));
    const naturals = new RunningMean<NaturalSide>();
    const subjects = new RunningMean<SubjectSide>();
    const percent = () => scoresOf(naturals.mean()!, subjects.mean()!, [0]).full.spearman.percent;
    naturals.add(naturalSide(own, redrawn(own, 0, 1, 20)));
    subjects.add(wins);
    expect(percent()).toBe(100);
    naturals.add(naturalSide(own, redrawn(own, 1, 1, 20)));
    subjects.add(loses);
    expect(percent()).toBe(0);
  });

  it('have an interval that is open where the subject lies within the spread of draws', () => {
    const own = figures(12);
    const natural = naturalSide(own, redrawn(own, 3, 7, 400));
    const share = (s: number) =>
      scoresOf(natural, subjectSide(own, Float64Array.of(s, 0, 0, s, 0, 0)), [0]).full.spearman;
    expect(share(0.46)).toEqual({ percent: 100, interval: [0, 100] });
    expect(share(0.99)).toEqual({ percent: 100, interval: [100, 100] });
    expect(share(0.01)).toEqual({ percent: 0, interval: [0, 0] });
  });

  it('leave the normalised score to the thirds that are defined', () => {
    const own = figures(10);
    // T_P = 4 / 10, between T_diff = 0.2 and T_same = 0.6.
    const subject = Float64Array.of(0, 0, 4, 0, 0, 2);
    const natural = naturalSide(own, redrawn(own, 0, 0, 2));
    const scores = scoresOf(natural, subjectSide(own, subject), [0, 0, 0]);
    expect(scores.full.normalised.all).toBeCloseTo(0.5, 12);
    expect(scores.pooled.normalised.first).toBeCloseTo(0, 12);
  });
});

describe('the bootstrap', () => {
  it('draws the same for a seed and class, whatever else is drawn', () => {
    const own = figures(15);
    expect(redrawn(own, 2, 5, 30)).toEqual(redrawn(own, 2, 5, 40).slice(0, 30));
    expect(redrawn(own, 2, 5, 3)).not.toEqual(redrawn(own, 2, 6, 3));
    expect(redrawn(own, 2, 5, 3)).not.toEqual(redrawn(own, 3, 5, 3));
  });

  it('has the mean of the images and the standard error of their mean', () => {
    const own = figures(20);
    const draws = redrawn(own, 0, 1, 4000).map((means) => means[0]);
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
    const deviation = Math.sqrt(draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length);
    // Variance of 0, 1/20 … 19/20 is (20² − 1) / 12 / 20²; of their mean a twentieth of that.
    expect(mean).toBeCloseTo(0.475, 2);
    expect(deviation).toBeCloseTo(Math.sqrt(399 / 12 / 400 / 20), 2);
  });
});

describe('quantiles', () => {
  it('interpolate linearly between order statistics', () => {
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(quantile([7], 0.9)).toBe(7);
    expect(interval(Array.from({ length: 41 }, (_, i) => 40 - i))).toEqual([1, 39]);
  });
});
