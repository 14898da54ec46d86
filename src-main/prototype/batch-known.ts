import type { Classifier } from '../classifier/classifier.ts';
import type { Engine } from '../engine/engine.ts';
import { isOutOfMemory } from '../engine/out-of-memory.ts';

/** How fast images go through the network when so many run together. */
export interface BatchTrial {
  readonly batch: number;
  /** Time of an image's forward and backward pass, in milliseconds. */
  readonly msPerImage: number;
}

/** How many images ran together when a prototype was made, and why; every run records it. */
export interface BatchRecord {
  /** Images of one run of the network when the prototype was done. */
  readonly images: number;
  /** Why not more, in one sentence. */
  readonly because: string;
  /** What was measured, the smallest number first; empty where nothing had to be. */
  readonly trials: readonly BatchTrial[];
  /** Numbers of images for which memory ran out while prototypes were made, in the order in which it did. */
  readonly ranOut: readonly number[];
}

/** A batch twice as large must make an image faster by this much, or it is not worth its memory. */
const WORTH = 1.1;

/** Whether a larger batch is not worth its memory. */
export const isHardlyFaster = (larger: BatchTrial, smaller: BatchTrial): boolean =>
  smaller.msPerImage < WORTH * larger.msPerImage;

/** By engine, which dies with its process; then by what of a classifier decides how fast it is. */
const all = new WeakMap<Engine, Map<string, KnownBatches>>();

/**
 * What an engine has shown of the batches of a classifier. It is kept as long as the engine is open: an audit measures
 * each model once, and the next audit not at all.
 */
export class KnownBatches {
  readonly #times = new Map<number, number>();
  readonly #failures = new Map<number, unknown>();
  #fitting: number | undefined;

  static of({ files, logits, input }: Classifier, engine: Engine): KnownBatches {
    const models = all.get(engine) ?? new Map<string, KnownBatches>();
    all.set(engine, models);
    const key = JSON.stringify([files.map(({ sha256 }) => sha256), logits, input]);
    const known = models.get(key) ?? new KnownBatches();
    models.set(key, known);
    return known;
  }

  /** As `imagesThatFit`, which differentiates the whole network: once is enough. */
  fitting(count: () => number): number {
    return (this.#fitting ??= count());
  }

  /** Milliseconds of an image in a batch: as it was measured, or by measuring now. @throws what measuring throws */
  async time(batch: number, measure: (batch: number) => Promise<number>): Promise<number> {
    if (this.#failures.has(batch)) throw this.#failures.get(batch);
    const before = this.#times.get(batch);
    if (before !== undefined) return before;
    try {
      const found = await measure(batch);
      this.#times.set(batch, found);
      return found;
    } catch (error) {
      if (isOutOfMemory(error)) this.ranOut(batch, error);
      throw error;
    }
  }

  /**
   * Memory ran out with so many images, or with as many as that and more. One image is tried again each time: other
   * programs may have ended, and nothing smaller is left to try.
   */
  ranOut(batch: number, error: unknown): void {
    if (batch > 1) this.#failures.set(batch, error);
  }

  /**
   * The batch that `chooseBatch` would find without measuring anything.
   * @returns undefined where a measurement is missing
   */
  choice(limit: number): number | undefined {
    let best: BatchTrial | undefined;
    for (let batch = 1; batch <= limit && !this.#failures.has(batch); batch *= 2) {
      const msPerImage = this.#times.get(batch);
      if (msPerImage === undefined) return undefined;
      const trial = { batch, msPerImage };
      if (best && isHardlyFaster(trial, best)) break;
      best = trial;
    }
    return best?.batch;
  }
}
