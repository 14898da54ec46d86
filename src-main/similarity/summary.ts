import { FIGURES } from './desk.ts';
import type { Variants } from './result.ts';

export const VARIANTS = ['full', 'pooled'] as const;

/** Natural images with this many or more allow a percentage. */
export const MIN_IMAGES = 10;

/** Figures of natural images: per variant S_N, D_N, and the same two against the mean of the others. */
const NATURAL = 4;

/** What a class brings to the totals. Arrays run over taps; those of figures hold both variants, `full` first. */
export interface ClassFigures {
  /** Number of natural images, at least two. */
  readonly n: number;
  /** [n, taps, 6] as `Desk.measure` returns them. */
  readonly natural: Float64Array;
  /** T_same and T_diff by variant and tap. */
  readonly same: Variants<readonly number[]>;
  readonly different: Variants<readonly (number | null)[]>;
  /** Images with constant activations, by variant and tap. */
  readonly constant: Variants<readonly number[]>;
}

/**
 * The natural images' side of the comparison: for each tap, variant by variant, the mean of S, D, leave-one-out S and
 * leave-one-out D. An image's distance from the mean of the others is n / (n − 1) times that from the mean of all.
 *
 * @param weights how often each image counts; they sum to n
 */
export function naturalMeans(
  { n, natural }: ClassFigures,
  weights: ArrayLike<number>,
): Float64Array {
  const stride = natural.length / n;
  const sums = new Float64Array(stride);
  for (let image = 0; image < n; image++) {
    const weight = weights[image] / n;
    if (weight === 0) continue;
    for (let i = 0, at = image * stride; i < stride; i++, at++) sums[i] += weight * natural[at];
  }
  const parts = (2 * stride) / FIGURES;
  const means = new Float64Array(parts * NATURAL);
  for (let part = 0; part < parts; part++) {
    const [s, d, loo] = sums.subarray(3 * part, 3 * part + 3);
    means.set([s, d, loo, (d * n) / (n - 1)], NATURAL * part);
  }
  return means;
}

/** Element by element. */
export function averageOf(vectors: readonly Float64Array[]): Float64Array {
  return vectors[0].map(
    (_, i) => vectors.reduce((sum, vector) => sum + vector[i], 0) / vectors.length,
  );
}

/** How many layers, in percent, a subject wins: four comparisons for each variant. */
export type Wins = Variants<readonly [number, number, number, number]>;

/**
 * Counts each layer once.
 * @param natural as `naturalMeans` gives it @param subject [taps, 6], both averaged over the same classes
 * @param tapOf the tap of each layer
 */
export function wins(natural: Float64Array, subject: Float64Array, tapOf: readonly number[]): Wins {
  const count = (variant: number): [number, number, number, number] => {
    const won: [number, number, number, number] = [0, 0, 0, 0];
    for (const tap of tapOf) {
      const n = NATURAL * (2 * tap + variant);
      const p = FIGURES * tap + 3 * variant;
      if (isAsSimilar(subject[p], natural[n])) won[0]++;
      if (subject[p + 1] <= natural[n + 1]) won[1]++;
      if (isAsSimilar(subject[p], natural[n + 2])) won[2]++;
      if (subject[p + 1] <= natural[n + 3]) won[3]++;
    }
    return won.map((each) => (100 * each) / tapOf.length) as typeof won;
  };
  return { full: count(0), pooled: count(1) };
}

/**
 * Whether S_P ≥ S_N. Two zeros are no tie: ρ is exactly 0 on both sides only where it is undefined, in a layer without
 * order such as a dead one or a single number, and nobody wins there.
 */
const isAsSimilar = (subject: number, natural: number): boolean =>
  subject >= natural && (subject !== 0 || natural !== 0);

/** Σ over the natural images of ρ with the subject. */
export function pairwiseOf(subject: Float64Array, tap: number, variant: 'full' | 'pooled'): number {
  return subject[FIGURES * tap + (variant === 'full' ? 2 : 5)];
}

/** The middle 95 % of some figures, by linear interpolation between order statistics. */
export function interval(values: readonly number[]): [number, number] {
  const sorted = Float64Array.from(values).sort();
  return [quantile(sorted, 0.025), quantile(sorted, 0.975)];
}

/** @param sorted rising, not empty @param p in [0, 1] */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.ceil(at);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

export function both<T>(make: (variant: 'full' | 'pooled') => T): Variants<T> {
  return { full: make('full'), pooled: make('pooled') };
}

export function ones(length: number): Float64Array {
  return new Float64Array(length).fill(1);
}
