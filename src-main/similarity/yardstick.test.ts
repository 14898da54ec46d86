import { describe, expect, it } from 'vitest';
import { meanBetween, meanWithin, normalise } from './pairwise.ts';
import { dot, spearman } from './rank.ts';
import { Scratch } from './scratch.ts';
import { Gathering, Scoring } from './yardstick.ts';

/** Three images of four activations, and a stranger. */
const images = [
  [0, 1, 2, 5],
  [0, 3, 1, 4],
  [2, 0, 0, 9],
].map((values) => Float32Array.from(values));

function gathered(vectors: readonly Float32Array[]) {
  const gathering = new Gathering(vectors[0].length, new Scratch());
  for (const vector of vectors) gathering.add(vector);
  gathering.settle();
  return {
    figures: vectors.map((vector) => gathering.measure(vector)),
    yardstick: gathering.yardstick(),
  };
}

describe('the yardstick of a layer', () => {
  const { figures, yardstick } = gathered(images);

  it('holds the mean', () => {
    expect(yardstick.mean).toEqual(Float32Array.of(2 / 3, 4 / 3, 1, 6));
  });

  it('compares every image with the mean by hand-computed ranks', () => {
    // Ranks: mean [1, 3, 2, 4]; images [1, 2, 3, 4], [1, 3, 2, 4] and [3, 1.5, 1.5, 4].
    expect(figures[0].spearman).toBeCloseTo(0.8, 12);
    expect(figures[1].spearman).toBeCloseTo(1, 12);
    expect(figures[2].spearman).toBeCloseTo(1.5 / Math.sqrt(5 * 4.5), 12);
  });

  it('measures the mean absolute distance', () => {
    expect(figures[0].l1).toBeCloseTo((2 / 3 + 1 / 3 + 1 + 1) / 4, 6);
  });

  it('compares every image with the mean of the others', () => {
    // Means of the others: [1, 1.5, 0.5, 6.5], [1, 0.5, 1, 7], [0, 2, 1.5, 4.5].
    const means = [
      [1, 1.5, 0.5, 6.5],
      [1, 0.5, 1, 7],
      [0, 2, 1.5, 4.5],
    ];
    figures.forEach(({ leaveOneOut }, i) => {
      expect(leaveOneOut).toBeCloseTo(spearman(images[i], Float32Array.from(means[i])), 12);
    });
  });

  it('gives the mean ρ of all pairs from the sum of ranks', () => {
    const pairs = [
      [0, 1],
      [0, 2],
      [1, 2],
    ].map(([i, j]) => spearman(images[i], images[j]));
    const { rankSum, ranked } = yardstick;
    expect(meanWithin(dot(rankSum, rankSum), ranked, 3)).toBeCloseTo(
      (pairs[0] + pairs[1] + pairs[2]) / 3,
      6,
    );
  });

  it('scores a subject against the mean and against every image', () => {
    const subject = Float32Array.of(7, 1, 3, 3);
    const score = new Scoring(yardstick, new Scratch()).score(subject);
    expect(score.spearman).toBeCloseTo(spearman(subject, yardstick.mean), 12);
    expect(score.l1).toBeCloseTo((19 / 3 + 1 / 3 + 2 + 3) / 4, 6);
    const sum = images.reduce((total, image) => total + spearman(subject, image), 0);
    expect(score.pairSum).toBeCloseTo(sum, 6);
  });

  it('scores a member of an identical class as perfect', () => {
    const same = gathered([images[0], images[0], images[0]]);
    for (const figure of same.figures) {
      expect(figure).toMatchObject({ l1: 0, constant: false });
      expect(figure.spearman).toBeCloseTo(1, 12);
      expect(figure.leaveOneOut).toBeCloseTo(1, 12);
    }
  });

  it('counts a constant image as ρ = 0 with everything, in the sums as well', () => {
    const constant = new Float32Array(4).fill(2);
    const some = gathered([...images, constant]);
    expect(some.figures[3]).toMatchObject({ spearman: 0, leaveOneOut: 0, constant: true });
    expect(some.yardstick.ranked).toBe(3);
    const score = new Scoring(some.yardstick, new Scratch()).score(constant);
    expect(score).toMatchObject({ spearman: 0, pairSum: 0 });
  });

  it('leaves exact zeros where only the image itself was active', () => {
    const alone = gathered([Float32Array.of(0.1, 0, 0.7), Float32Array.of(0, 0, 0.3)]);
    // Without the first image the mean is [0, 0, 0.3]: ranks 1.5, 1.5, 3 against 2, 1, 3.
    expect(alone.figures[0].leaveOneOut).toBeCloseTo(1.5 / Math.sqrt(2 * 1.5), 12);
  });
});

describe('pairwise means', () => {
  it('are undefined without pairs', () => {
    expect(meanWithin(1, 1, 1)).toBeNull();
    expect(meanBetween(1, 3, 0)).toBeNull();
  });

  it('normalise to 1 for the own class, 0 for a stranger, and nothing where classes do not differ', () => {
    expect(normalise(0.75, 0.75, 0.25)).toBe(1);
    expect(normalise(0.25, 0.75, 0.25)).toBe(0);
    expect(normalise(0.5, 0.26, 0.25)).toBeNull();
    expect(normalise(0.5, 0.75, null)).toBeNull();
  });
});
