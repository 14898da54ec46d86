import { sizeOf } from '../graph/ir.ts';
import { poolingOf, type Pooling } from './channels.ts';
import { Scratch } from './scratch.ts';
import { Gathering, Scoring, type Yardstick } from './yardstick.ts';

/** A value of the network that is looked at. */
export interface Tap {
  readonly value: string;
  /** Shape with the batch first. */
  readonly dims: readonly number[];
}

/** The yardsticks of one tap: of all its activations, and of its channels. */
export interface TapYardstick {
  readonly full: Yardstick;
  readonly pooled: Yardstick;
}

/** Figures that `measure` and `score` return for each tap: three of all activations, then three of the channels. */
export const FIGURES = 6;

/** What comes back when activations were used. */
export interface Used {
  /** [taps, 6]; empty where nothing is measured. */
  readonly figures: Float64Array;
  /** Standardised ranks of the pooled activations, one vector per tap; empty where nothing is measured. */
  readonly ranks: readonly Float32Array[];
  /** The activations' memory, which the next image may be written into. */
  readonly spent: readonly Float32Array[];
}

/** Elements of one image in a tap. */
export function lengthOf(tap: Tap): number {
  return sizeOf(tap.dims.slice(1));
}

/** Pooled values of one image in all taps together. */
export function channelsOf(taps: readonly Tap[]): number {
  return taps.reduce((sum, { dims }) => sum + poolingOf(dims).length, 0);
}

/**
 * Where the arithmetic on activations happens: one desk per thread, each with a share of the taps.
 * Every method takes one argument, so that a call can be sent to another thread as it is.
 */
export class Desk {
  readonly #taps: readonly Tap[];
  readonly #pooling: readonly Pooling[];
  readonly #scratch = new Scratch();
  /** Activations of images between the passes, in the order in which they were added. */
  #kept: (readonly Float32Array[])[] = [];
  #gatherings: { full: Gathering; pooled: Gathering }[] = [];
  #scorings: { full: Scoring; pooled: Scoring }[] = [];

  constructor(taps: readonly Tap[]) {
    this.#taps = taps;
    this.#pooling = taps.map((tap) => poolingOf(tap.dims));
  }

  /** Starts a class. */
  start(_: null): void {
    this.#scorings = [];
    this.#kept = [];
    this.#gatherings = this.#taps.map((tap, i) => ({
      full: new Gathering(lengthOf(tap), this.#scratch),
      pooled: new Gathering(this.#pooling[i].length, this.#scratch),
    }));
  }

  /** First pass. @param values one vector per tap @param keep whether `measureKept` will ask for this image */
  add({ values, keep }: { values: readonly Float32Array[]; keep: boolean }): Used {
    if (keep) this.#kept.push(values);
    this.#gatherings.forEach(({ full, pooled }, i) => {
      full.add(values[i]);
      pooled.add(this.#pooling[i].pool(values[i]));
    });
    return { figures: new Float64Array(0), ranks: [], spent: keep ? [] : values };
  }

  settle(_: null): void {
    this.#gatherings.forEach(({ full, pooled }, i) =>
      this.#named(i, () => {
        full.settle();
        pooled.settle();
      }),
    );
  }

  /** Second pass. @returns ρ with the mean, distance from it, ρ with the mean of the others; for full and pooled */
  measure(values: readonly Float32Array[]): Used {
    return this.#figures(values, (vector, i, variant, ranks) => {
      const { spearman, l1, leaveOneOut } = this.#gatherings[i][variant].measure(vector, ranks);
      return [spearman, l1, leaveOneOut];
    });
  }

  /** As `measure`, for the first image that was kept and not yet measured. */
  measureKept(_: null): Used {
    return this.measure(this.#kept.shift()!);
  }

  /** Ends a class. */
  finish(_: null): TapYardstick[] {
    const yardsticks = this.#gatherings.map(({ full, pooled }) => ({
      full: full.yardstick(),
      pooled: pooled.yardstick(),
    }));
    this.#gatherings = [];
    return yardsticks;
  }

  /** Prepares for scoring against a class. */
  load(yardsticks: readonly TapYardstick[]): void {
    this.#gatherings = [];
    this.#kept = [];
    this.#scorings = yardsticks.map(({ full, pooled }) => ({
      full: new Scoring(full, this.#scratch),
      pooled: new Scoring(pooled, this.#scratch),
    }));
  }

  /** @returns ρ with the mean, distance from it, Σ of ρ with each natural image; for full and pooled */
  score(values: readonly Float32Array[]): Used {
    return this.#figures(values, (vector, i, variant, ranks) => {
      const { spearman, l1, pairSum } = this.#scorings[i][variant].score(vector, ranks);
      return [spearman, l1, pairSum];
    });
  }

  #figures(
    values: readonly Float32Array[],
    figures: (
      vector: Float32Array,
      index: number,
      variant: 'full' | 'pooled',
      ranks?: Float32Array,
    ) => number[],
  ): Used {
    const out = new Float64Array(FIGURES * values.length);
    const ranks = this.#pooling.map(({ length }) => new Float32Array(length));
    values.forEach((vector, i) =>
      this.#named(i, () => {
        out.set(figures(vector, i, 'full'), FIGURES * i);
        const pooled = this.#pooling[i].pool(vector);
        out.set(figures(pooled, i, 'pooled', ranks[i]), FIGURES * i + FIGURES / 2);
      }),
    );
    return { figures: out, ranks, spent: values };
  }

  /** Says in which layer an error happened. */
  #named(index: number, work: () => void): void {
    try {
      work();
    } catch (error) {
      throw new Error(`${(error as Error).message} in the layer ${this.#taps[index].value}`, {
        cause: error,
      });
    }
  }
}
