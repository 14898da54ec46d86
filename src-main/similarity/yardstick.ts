import { dot } from './rank.ts';
import type { Scratch } from './scratch.ts';

/**
 * What the natural images of a class leave behind for one layer: all that a prototype is scored against.
 * Both vectors are as long as the layer has activations.
 */
export interface Yardstick {
  /** ā, the mean activation. */
  readonly mean: Float32Array;
  /** Sum of the images' standardised rank vectors: centred ranks divided by their norm. */
  readonly rankSum: Float32Array;
  /** Images whose activations are not all equal: only these have ranks. */
  readonly ranked: number;
}

/** One natural image beside its class. */
export interface NaturalFigures {
  /** ρ(a_i, ā) in [−1, 1]; 0 where either is constant. */
  readonly spearman: number;
  /** mean |a_i − ā| ≥ 0, in units of the layer's activations. */
  readonly l1: number;
  /** ρ(a_i, mean of the others). */
  readonly leaveOneOut: number;
  readonly constant: boolean;
}

/** A prototype or control beside a class. */
export interface SubjectFigures {
  /** S_P = ρ(a_P, ā). */
  readonly spearman: number;
  /** D_P = mean |a_P − ā|. */
  readonly l1: number;
  /** T_P, before division by the number of images: Σ over i of ρ(a_P, a_i). */
  readonly pairSum: number;
}

/**
 * Builds one layer's yardstick from natural images in two passes: `add` each, `settle`, then `measure` each.
 * Holds a few vectors, however many images there are.
 */
export class Gathering {
  readonly #scratch: Scratch;
  /** In double precision, so that taking one image away leaves exactly the others, and zeros stay zeros. */
  readonly #sum: Float64Array;
  readonly #mean: Float32Array;
  readonly #meanRanks: Float32Array;
  readonly #rankSum: Float32Array;
  #meanNorm = 0;
  #count = 0;
  #ranked = 0;

  constructor(length: number, scratch: Scratch) {
    this.#scratch = scratch;
    this.#sum = new Float64Array(length);
    this.#mean = new Float32Array(length);
    this.#meanRanks = new Float32Array(length);
    this.#rankSum = new Float32Array(length);
  }

  add(values: Float32Array): void {
    const sum = this.#sum;
    for (let i = 0; i < sum.length; i++) sum[i] += values[i];
    this.#count++;
  }

  settle(): void {
    const [sum, mean, count] = [this.#sum, this.#mean, this.#count];
    for (let i = 0; i < sum.length; i++) mean[i] = sum[i] / count;
    this.#meanNorm = this.#scratch.ranker.centred(mean, this.#meanRanks);
  }

  /**
   * @param values of an image that was added; at least two were
   * @param standardised receives the image's standardised rank vector, where it is wanted
   */
  measure(values: Float32Array, standardised?: Float32Array): NaturalFigures {
    const { ranks, others, otherRanks } = this.#scratch.of(values.length);
    const norm = this.#scratch.ranker.centred(values, ranks);
    if (standardised) standardise(ranks, norm, standardised);
    const spearman = this.#addRanks(ranks, norm);
    const l1 = this.#split(values, others);
    const otherNorm = this.#scratch.ranker.centred(others, otherRanks);
    return {
      spearman,
      l1,
      leaveOneOut: norm * otherNorm === 0 ? 0 : dot(ranks, otherRanks) / (norm * otherNorm),
      constant: norm === 0,
    };
  }

  yardstick(): Yardstick {
    return { mean: this.#mean, rankSum: this.#rankSum, ranked: this.#ranked };
  }

  /** Adds standardised ranks to their sum. @returns ρ with the mean */
  #addRanks(ranks: Float32Array, norm: number): number {
    if (norm === 0) return 0;
    this.#ranked++;
    const [meanRanks, rankSum, scale] = [this.#meanRanks, this.#rankSum, 1 / norm];
    let product = 0;
    for (let i = 0; i < ranks.length; i++) {
      product += ranks[i] * meanRanks[i];
      rankSum[i] += ranks[i] * scale;
    }
    return this.#meanNorm === 0 ? 0 : product / (norm * this.#meanNorm);
  }

  /** Writes the sum of the other images, whose ranks are those of their mean. @returns the mean distance from ā */
  #split(values: Float32Array, others: Float32Array): number {
    const [sum, mean] = [this.#sum, this.#mean];
    let distance = 0;
    for (let i = 0; i < values.length; i++) {
      distance += Math.abs(values[i] - mean[i]);
      others[i] = sum[i] - values[i];
    }
    return distance / values.length;
  }
}

/** Divides centred ranks by their norm; the ranks of constant activations become zeros. */
function standardise(ranks: Float32Array, norm: number, out: Float32Array): void {
  const scale = norm === 0 ? 0 : 1 / norm;
  for (let i = 0; i < ranks.length; i++) out[i] = ranks[i] * scale;
}

/** A yardstick made ready to score many subjects. */
export class Scoring {
  readonly #scratch: Scratch;
  readonly #yardstick: Yardstick;
  readonly #meanRanks: Float32Array;
  readonly #meanNorm: number;

  constructor(yardstick: Yardstick, scratch: Scratch) {
    this.#scratch = scratch;
    this.#yardstick = yardstick;
    this.#meanRanks = new Float32Array(yardstick.mean.length);
    this.#meanNorm = scratch.ranker.centred(yardstick.mean, this.#meanRanks);
  }

  /** @param standardised as in `Gathering.measure` */
  score(values: Float32Array, standardised?: Float32Array): SubjectFigures {
    const { ranks } = this.#scratch.of(values.length);
    const norm = this.#scratch.ranker.centred(values, ranks);
    if (standardised) standardise(ranks, norm, standardised);
    const { mean, rankSum } = this.#yardstick;
    const meanRanks = this.#meanRanks;
    let [product, pairProduct, distance] = [0, 0, 0];
    for (let i = 0; i < ranks.length; i++) {
      product += ranks[i] * meanRanks[i];
      pairProduct += ranks[i] * rankSum[i];
      distance += Math.abs(values[i] - mean[i]);
    }
    return {
      spearman: norm * this.#meanNorm === 0 ? 0 : product / (norm * this.#meanNorm),
      l1: distance / values.length,
      pairSum: norm === 0 ? 0 : pairProduct / norm,
    };
  }
}
