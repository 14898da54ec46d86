import { channelsOf, FIGURES, lengthOf, type Tap, type Used } from './desk.ts';
import type { Desks } from './desks.ts';
import { SimilarityError } from './errors.ts';
import { placeOf } from './pooled-bootstrap.ts';
import type { ClassRecord } from './record.ts';
import type { TappedClassifier } from './tap.ts';

/** Problems with single images, collected on the way. */
export interface Skipped {
  readonly name: string;
  readonly reason: string;
}

/** The natural images of one class, which can be gone through any number of times in the same order. */
export interface NaturalClass {
  /** Index among the classifier's outputs. */
  readonly index: number;
  readonly label: string;
  /** Changes whenever an image, its name or the way that it is read changes. */
  readonly fingerprint: string;
  readonly count: number;
  /**
   * Planar [channels, height, width] in [0, 1].
   * @param only names of the images that are asked for; all of them where it is absent
   */
  images(skipped: Skipped[], only?: ReadonlySet<string>): AsyncIterable<NaturalImage>;
}

export interface NaturalImage {
  readonly name: string;
  readonly pixels: Float32Array;
}

export interface MeasureOptions {
  /** `predicted`: only images that the model itself classifies as the class; `labelled`: all. */
  readonly filter: 'predicted' | 'labelled';
  /** Activations that may stay in memory between the two passes, in bytes. */
  readonly keepBytes: number;
  /** Images whose pooled rank vectors go into the record, at most. */
  readonly rankedImages: number;
  readonly signal?: AbortSignal;
  /** Called after each image of each of the two passes, with the number of steps done. */
  readonly onSteps?: (steps: number) => void;
}

/**
 * Measures the natural images of a class in two passes: the first finds the images that count and their mean, the
 * second compares each with the mean and with the mean of the others. As many activations as fit into `keepBytes` stay
 * in memory between the passes; the other images run through the network twice, so memory does not grow with their
 * number and nothing is written to disk. While the desks rank one image, the engine runs the next and the one after is
 * decoded.
 */
export async function measureNatural(
  network: TappedClassifier,
  desks: Desks,
  natural: NaturalClass,
  options: MeasureOptions,
): Promise<ClassRecord> {
  const counting = new Counting(network, desks, natural, options);
  const { given, images, skipped, kept } = await counting.firstPass();
  const rest = { given, images, skipped };
  if (images.length < 2) {
    return { ...rest, figures: new Float64Array(0), ranks: new Float32Array(0), yardsticks: [] };
  }
  await desks.settle();
  const measured = await counting.secondPass(images, kept);
  return { ...rest, ...measured, yardsticks: await desks.finish() };
}

/** The two passes over one class. */
class Counting {
  readonly #network: TappedClassifier;
  readonly #desks: Desks;
  readonly #natural: NaturalClass;
  readonly #options: MeasureOptions;
  /** What the desks are busy with: the image before the one that the engine runs. */
  #busy: Promise<unknown> = Promise.resolve();

  constructor(
    network: TappedClassifier,
    desks: Desks,
    natural: NaturalClass,
    options: MeasureOptions,
  ) {
    this.#network = network;
    this.#desks = desks;
    this.#natural = natural;
    this.#options = options;
  }

  async firstPass() {
    const skipped: Skipped[] = [];
    const images: { name: string; logit: number }[] = [];
    const room = Math.floor(this.#options.keepBytes / this.#bytesPerImage());
    let given = 0;
    await this.#desks.start();
    for await (const { name, pixels } of this.#natural.images(skipped)) {
      const { logits, values } = await this.#run(pixels);
      given++;
      const counts = this.#options.filter === 'labelled' || largest(logits) === this.#natural.index;
      // An image that does not count is done with.
      this.#options.onSteps?.(counts ? 1 : 2);
      if (!counts) {
        this.#network.recycle(values);
        continue;
      }
      images.push({ name, logit: logits[this.#natural.index] });
      this.#give(this.#desks.add(values, images.length <= room), () => undefined);
    }
    await this.#busy;
    return { given, images, skipped, kept: Math.min(room, images.length) };
  }

  /** @param kept how many of the first images' activations the desks still hold @returns as in the record */
  async secondPass(images: readonly { name: string }[], kept: number) {
    const sheet = new Sheet(this.#network.taps, images.length, this.#options.rankedImages);
    let done = 0;
    const take = (measured: Promise<Used>) => {
      const image = done++;
      this.#give(measured, (used) => sheet.write(image, used));
      this.#options.onSteps?.(1);
    };
    while (done < kept) {
      this.#options.signal?.throwIfAborted();
      await this.#busy;
      take(this.#desks.measureKept());
    }
    const others = new Set(images.slice(kept).map(({ name }) => name));
    if (others.size > 0) {
      for await (const { pixels } of this.#natural.images([], others)) {
        const { values } = await this.#run(pixels);
        take(this.#desks.measure(values));
      }
    }
    await this.#busy;
    if (done !== images.length) {
      throw new SimilarityError('The images changed while they were measured; measure them again.');
    }
    return { figures: sheet.figures, ranks: sheet.ranks };
  }

  /** Runs the network on one image while the desks are busy with the one before. */
  async #run(pixels: Float32Array) {
    this.#options.signal?.throwIfAborted();
    const [activity] = await Promise.all([this.#network.run(pixels), this.#busy]);
    return activity;
  }

  /** Leaves work to the desks. It is awaited before they get more, so its failure is reported there, once. */
  #give(work: Promise<Used>, use: (used: Used) => void): void {
    this.#busy = work.then((used) => {
      use(used);
      this.#network.recycle(used.spent);
    });
    this.#busy.catch(() => undefined);
  }

  #bytesPerImage(): number {
    return this.#network.taps.reduce((sum, tap) => sum + 4 * lengthOf(tap), 0);
  }
}

/** What is kept of each image of a class. */
class Sheet {
  readonly figures: Float64Array;
  readonly ranks: Float32Array;
  readonly #stride: number;
  readonly #channels: number;
  readonly #images: number;
  readonly #ranked: number;

  constructor(taps: readonly Tap[], images: number, rankedImages: number) {
    this.#stride = FIGURES * taps.length;
    this.#channels = channelsOf(taps);
    this.#images = images;
    this.#ranked = Math.min(images, rankedImages);
    this.figures = new Float64Array(this.#stride * images);
    this.ranks = new Float32Array(this.#channels * this.#ranked);
  }

  write(image: number, { figures, ranks }: Used): void {
    this.figures.set(figures, this.#stride * image);
    const place = placeOf(image, this.#images, this.#ranked);
    if (place === undefined) return;
    let at = this.#channels * place;
    for (const vector of ranks) {
      this.ranks.set(vector, at);
      at += vector.length;
    }
  }
}

/** Index of the largest value; of the first of several. */
export function largest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
