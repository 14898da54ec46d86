import type { Classifier } from '../classifier/classifier.ts';
import type { Engine } from '../engine/engine.ts';
import { TemporaryCache, type Cache } from './cache.ts';
import { Desks } from './desks.ts';
import { SimilarityError } from './errors.ts';
import { Measurement } from './measurement.ts';
import type { SimilarityOptions } from './options.ts';
import type { SimilarityResult } from './result.ts';
import { TappedClassifier } from './tap.ts';

/**
 * Path similarity of prototypes and controls with natural images, class by class and over all classes
 * (method.md, section 3; definitions: Tagade and Rumbelow 2023, normalisation: Geirhos et al. 2023).
 *
 * Memory holds one class's yardsticks, the sum of all classes' ranks, the activations of three images, `keepBytes`
 * more, and 256 MB of pooled ranks or those of ten images a class. Of each class 16 bytes a bootstrap replicate and tap
 * wait for its turn, and 4 a replicate and redrawn image; what is averaged over classes is added up as it comes.
 *
 * @throws SimilarityError in one sentence; EngineError; the signal's reason when it is aborted, within one image
 */
export async function pathSimilarity(
  engine: Engine,
  classifier: Classifier,
  options: SimilarityOptions,
): Promise<SimilarityResult> {
  checkSubjects(options);
  const closing: (() => unknown)[] = [];
  try {
    const network = await TappedClassifier.open(engine, classifier, options.layers);
    closing.push(() => network.release());
    if (network.fallback !== undefined) options.onNote?.(network.fallback);
    const cache = options.cache ?? (await temporaryCache(closing));
    const desks = new Desks(network.taps, options.threads);
    closing.push(() => desks.close());
    const observatory = { engine: engine.info, classifier, network, desks, cache };
    return await new Measurement(observatory, options).result();
  } finally {
    await Promise.all(closing.map((close) => close()));
  }
}

async function temporaryCache(closing: (() => unknown)[]): Promise<Cache> {
  const cache = await TemporaryCache.open();
  closing.push(() => cache.dispose());
  return cache;
}

function checkSubjects(options: SimilarityOptions): void {
  const known = new Set(options.classes.map(({ index }) => index));
  for (const { series, classIndex } of options.subjects) {
    if (!known.has(classIndex)) {
      throw new SimilarityError(
        `There are no natural images of class ${classIndex}, which an image of ${series} shows; add a folder of them.`,
      );
    }
  }
}
