import { describe, expect, it } from 'vitest';
import golden from './golden/rank.json' with { type: 'json' };
import { Ranker, spearman } from './rank.ts';

const number = (text: string) => (text === 'inf' ? Infinity : Number(text));

function ranksOf(values: ArrayLike<number>): number[] {
  const source = Float32Array.from(values);
  const ranks = new Float32Array(source.length);
  new Ranker().centred(source, ranks);
  return Array.from(ranks, (rank) => rank + (source.length + 1) / 2);
}

/** The definition: one more than the values below, plus half of the other values that equal it. */
function naive(values: Float32Array): number[] {
  return Array.from(values, (x) => {
    let [below, equal] = [0, 0];
    for (const y of values) {
      if (y < x) below++;
      else if (y === x) equal++;
    }
    return below + (equal + 1) / 2;
  });
}

/** Numbers of every magnitude, sign and kind of tie, without a generator of random numbers. */
function mixture(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => {
    const x = Math.sin(i * 12.9898) * 43758.5453;
    const fraction = x - Math.floor(x) - 0.5;
    return i % 3 === 0
      ? Math.max(0, fraction)
      : i % 3 === 1
        ? Math.round(fraction * 40)
        : fraction ** 9 * 1e6;
  });
}

describe('average ranks', () => {
  for (const { name, values, ranks } of golden.ranks) {
    it(`are SciPy's for a vector that is ${name}`, () => {
      expect(ranksOf(values.map(number))).toEqual(ranks);
    });
  }

  it.each([1, 2, 3, 257, 2000])('are those of the definition for %i mixed values', (length) => {
    const values = mixture(length);
    expect(ranksOf(values)).toEqual(naive(values));
  });

  it('are those of a comparison sort for a layer of many activations', () => {
    const values = mixture(70_001);
    const sorted = Float32Array.from(values).sort();
    const ranks = ranksOf(values);
    for (let i = 0; i < values.length; i += 97) {
      const first = sorted.indexOf(values[i]);
      const last = sorted.lastIndexOf(values[i]);
      expect(ranks[i]).toBe((first + last) / 2 + 1);
    }
  });

  it('have the norm of what is written', () => {
    const ranks = new Float32Array(500);
    const norm = new Ranker().centred(mixture(500), ranks);
    expect(norm).toBeCloseTo(Math.hypot(...ranks), 3);
  });

  it('are right for a short vector after a long one in the same buffers', () => {
    const ranker = new Ranker();
    ranker.centred(mixture(5000), new Float32Array(5000));
    const ranks = new Float32Array(3);
    ranker.centred(Float32Array.of(5, -1, 0), ranks);
    expect([...ranks]).toEqual([1, -1, 0]);
  });

  it('are refused for a value that is not a number, of either sign', () => {
    const negative = new Float32Array(Uint32Array.of(0xffc00000).buffer);
    expect(() => ranksOf([1, NaN, 2])).toThrow('an activation is not a number');
    expect(() => ranksOf([1, negative[0]])).toThrow(RangeError);
  });
});

describe("Spearman's rank correlation", () => {
  it("is SciPy's, with and without ties", () => {
    for (const { a, b, rho } of golden.pairs) {
      expect(spearman(Float32Array.from(a), Float32Array.from(b))).toBeCloseTo(rho, 6);
    }
  });

  it('is 1 and −1 for every rising and falling function', () => {
    const x = mixture(300).filter((value) => value !== 0);
    expect(spearman(x, x.map(Math.cbrt))).toBeCloseTo(1, 5);
    expect(
      spearman(
        x,
        x.map((value) => -value),
      ),
    ).toBeCloseTo(-1, 9);
  });

  it('is 0 where a vector is constant', () => {
    expect(spearman(Float32Array.of(1, 1, 1), Float32Array.of(1, 2, 3))).toBe(0);
    expect(spearman(Float32Array.of(4), Float32Array.of(4))).toBe(0);
  });
});
