import type { Desks } from './desks.ts';
import { FIGURES } from './desk.ts';
import { SimilarityError } from './errors.ts';
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
  /** Planar [channels, height, width] in [0, 1]. */
  images(
    skipped: Skipped[],
  ): AsyncIterable<{ readonly name: string; readonly pixels: Float32Array }>;
}

export interface MeasureOptions {
  /** `predicted`: only images that the model itself classifies as the class; `labelled`: all. */
  readonly filter: 'predicted' | 'labelled';
  readonly signal?: AbortSignal;
  /** Called after each image of each of the two passes. */
  readonly onImage?: () => void;
}

/**
 * Measures the natural images of a class in two passes: the first finds the images that count and their mean, the
 * second compares each with the mean and with the mean of the others. Running the network twice costs less than
 * writing all activations to disk and reading them back, and memory does not grow with the number of images.
 * While the desks rank one image, the engine runs the next and the one after is decoded.
 */
export async function measureNatural(
  network: TappedClassifier,
  desks: Desks,
  natural: NaturalClass,
  options: MeasureOptions,
): Promise<ClassRecord> {
  const skipped: Skipped[] = [];
  await desks.start();
  const images: { name: string; logit: number }[] = [];
  let given = 0;
  let busy: Promise<unknown> = Promise.resolve();
  for await (const { name, pixels } of natural.images(skipped)) {
    const { logits, values } = await running(network, pixels, options, busy);
    given++;
    if (options.filter === 'predicted' && largest(logits) !== natural.index) continue;
    images.push({ name, logit: logits[natural.index] });
    busy = watched(desks.add(values));
  }
  await busy;
  if (images.length < 2)
    return { given, images, skipped, figures: new Float64Array(0), yardsticks: [] };
  await desks.settle();
  const figures = await measureEach(network, desks, natural, options, images);
  return { given, images, skipped, figures, yardsticks: await desks.finish() };
}

async function measureEach(
  network: TappedClassifier,
  desks: Desks,
  natural: NaturalClass,
  options: MeasureOptions,
  images: readonly { name: string }[],
): Promise<Float64Array> {
  const stride = FIGURES * network.taps.length;
  const figures = new Float64Array(stride * images.length);
  let done = 0;
  let busy: Promise<unknown> = Promise.resolve();
  for await (const { name, pixels } of natural.images([])) {
    if (images[done]?.name !== name) {
      options.onImage?.();
      continue;
    }
    const { values } = await running(network, pixels, options, busy);
    const at = stride * done++;
    busy = watched(desks.measure(values).then((each) => figures.set(each, at)));
  }
  await busy;
  if (done < images.length) {
    throw new SimilarityError(
      'The images changed while they were measured; run the measurement again.',
    );
  }
  return figures;
}

/** Runs the network on one image while the desks are busy with the one before. */
async function running(
  network: TappedClassifier,
  pixels: Float32Array,
  options: MeasureOptions,
  busy: Promise<unknown>,
) {
  options.signal?.throwIfAborted();
  const [activity] = await Promise.all([network.run(pixels), busy]);
  options.onImage?.();
  return activity;
}

/** Marks a promise that is awaited later as handled, so that its failure is reported once, there. */
function watched<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Index of the largest value; of the first of several. */
export function largest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
