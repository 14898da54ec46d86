/**
 * Redraws of the channel-pooled, normalised score. Its three parts are mean ρ over pairs of images, so none of them is
 * a mean over images that could be weighed anew: the rank vectors themselves are drawn again. With w_i the times that
 * image i of a class is drawn and W = Σ w_i r̂_i, all three come from sums (see pairwise.ts), in time linear in images:
 *
 * - T_same: over pairs of different originals, (|W|² − Σ w_i² |r̂_i|²) / (n² − Σ w_i²). Two copies of one image are no
 *   pair: their ρ of 1 would raise T_same above what any two photographs of the class have.
 * - T_diff: W · Σ W of the other classes, which are drawn again too, over all pairs.
 * - T_P: Σ w_i ρ(P, i) / n.
 */
import { setImmediate } from 'node:timers/promises';
import type { Draw } from './bootstrap.ts';

/** Memory that the rank vectors of all classes together may take, in bytes: of ResNet-18 some 5,000 images. */
const RANK_BYTES = 256 * 2 ** 20;

/** The natural images of a class whose rank vectors are kept. */
export interface RankedClass {
  /** Standardised ranks of the pooled activations, [images, channels of all taps, one tap after another]. */
  readonly ranks: Float32Array;
  /** One per replicate, over these images. */
  readonly draws: readonly Draw[];
}

/** What redraws make of a class, [replicates, taps]; NaN where there is no pair. */
export interface Redraws {
  readonly draws: readonly Draw[];
  readonly same: readonly Float64Array[];
  readonly different: readonly Float64Array[];
}

/**
 * How many images of a class keep their rank vectors: ten at least, and no more than fit beside those of other classes.
 * @param channels of all taps together
 */
export function rankedImages(classes: number, channels: number): number {
  return Math.max(10, Math.floor(RANK_BYTES / (4 * channels * classes)));
}

/** The place of an image among `kept` that are spread evenly over `all`, or `undefined` where it is not one of them. */
export function placeOf(image: number, all: number, kept: number): number | undefined {
  const place = Math.floor((image * kept) / all);
  return Math.floor(((image + 1) * kept) / all) > place ? place : undefined;
}

/**
 * T_same and T_diff of every redraw.
 * @param lengths channels of each tap @param signal looked at before each tap
 * @returns one per class, in their order
 */
export async function redraw(
  classes: readonly RankedClass[],
  lengths: readonly number[],
  signal?: AbortSignal,
): Promise<Redraws[]> {
  const stride = lengths.reduce((sum, length) => sum + length, 0);
  const redraws = classes.map(({ draws }) => ({
    draws,
    same: draws.map(() => new Float64Array(lengths.length)),
    different: draws.map(() => new Float64Array(lengths.length)),
  }));
  let at = 0;
  for (const [tap, length] of lengths.entries()) {
    // Other work of this thread, such as being told to stop, takes its turn.
    await setImmediate();
    signal?.throwIfAborted();
    const own = classes.map(({ ranks, draws }) => new RankedTap(ranks, draws, at, stride, length));
    redraws[0]?.draws.forEach((_, replicate) => {
      drawnTogether(own, replicate).forEach(({ same, different }, c) => {
        redraws[c].same[replicate][tap] = same;
        redraws[c].different[replicate][tap] = different;
      });
    });
    at += length;
  }
  return redraws;
}

/** T_same and T_diff of each class in one redraw of all. */
function drawnTogether(classes: readonly RankedTap[], replicate: number) {
  const drawn = classes.map((each) => each.draw(replicate));
  const total = new Float64Array(drawn[0].sum.length);
  for (const { sum } of drawn) for (let i = 0; i < sum.length; i++) total[i] += sum[i];
  const everyone = drawn.reduce((sum, { images }) => sum + images, 0);
  return drawn.map(({ images, sum, square, same }) => ({
    same,
    different: meanOver(images * (everyone - images), product(sum, total) - square),
  }));
}

/**
 * T_P of a redraw, for each tap.
 * @param pairs ρ of the subject with each image, [images, taps]
 */
export function redrawnPairwise(pairs: Float64Array, draw: Draw): Float64Array {
  const taps = pairs.length / draw.length;
  const sums = new Float64Array(taps);
  draw.forEach((weight, image) => {
    if (weight === 0) return;
    const share = weight / draw.length;
    for (let tap = 0, at = image * taps; tap < taps; tap++, at++) sums[tap] += share * pairs[at];
  });
  return sums;
}

/** ρ of a subject with each image whose ranks are kept, [images, taps]. @param subject its ranks, tap by tap */
export function pairsOf(ranks: Float32Array, subject: readonly Float32Array[]): Float64Array {
  const channels = subject.reduce((sum, { length }) => sum + length, 0);
  const pairs = new Float64Array((ranks.length / channels) * subject.length);
  let at = 0;
  for (let pair = 0; pair < pairs.length; pair++) {
    const own = subject[pair % subject.length];
    let product = 0;
    for (let i = 0; i < own.length; i++) product += own[i] * ranks[at++];
    pairs[pair] = product;
  }
  return pairs;
}

/** A class in one redraw of one tap. */
interface Drawn {
  readonly images: number;
  readonly same: number;
  /** W, which lasts until the next redraw. */
  readonly sum: Float64Array;
  /** |W|². */
  readonly square: number;
}

/** The rank vectors of a class in one tap. */
class RankedTap {
  readonly #vectors: readonly Float32Array[];
  readonly #draws: readonly Draw[];
  /** |r̂_i|²: 1, or 0 for constant activations. */
  readonly #squares: readonly number[];
  readonly #sum: Float64Array;

  constructor(
    ranks: Float32Array,
    draws: readonly Draw[],
    at: number,
    stride: number,
    length: number,
  ) {
    this.#vectors = Array.from({ length: ranks.length / stride }, (_, image) =>
      ranks.subarray(image * stride + at, image * stride + at + length),
    );
    this.#draws = draws;
    this.#squares = this.#vectors.map((vector) => (vector.some((rank) => rank !== 0) ? 1 : 0));
    this.#sum = new Float64Array(length);
  }

  draw(replicate: number): Drawn {
    const weights = this.#draws[replicate];
    const sum = this.#sum.fill(0);
    let [copies, own] = [0, 0];
    this.#vectors.forEach((vector, image) => {
      const weight = weights[image];
      if (weight === 0) return;
      addTimes(weight, vector, sum);
      copies += weight * weight;
      own += weight * weight * this.#squares[image];
    });
    const images = this.#vectors.length;
    const square = product(sum, sum);
    return { images, sum, square, same: meanOver(images * images - copies, square - own) };
  }
}

/** Rounding leaves a trace in the sum of no pairs at all. */
function meanOver(pairs: number, sum: number): number {
  return pairs === 0 ? NaN : sum / pairs;
}

function addTimes(factor: number, vector: Float32Array, sum: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] += factor * vector[i];
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
