import type { Classifier } from '../classifier/classifier.ts';
import type { Layer } from '../classifier/layers.ts';
import type { Engine } from '../engine/engine.ts';
import { bootstrap } from './bootstrap.ts';
import { cacheKey, TemporaryCache, type Cache } from './cache.ts';
import { Desks } from './desks.ts';
import { SimilarityError } from './errors.ts';
import { largest, measureNatural, type NaturalClass } from './natural.ts';
import { decodeRecord, encodeRecord, RECORD_VERSION, type ClassRecord } from './record.ts';
import { classResult, figuresOf, seriesTotals, type Measured } from './report.ts';
import type { SimilarityResult } from './result.ts';
import { Strangers } from './strangers.ts';
import { plainControls, type Subject } from './subjects.ts';
import { MIN_IMAGES } from './summary.ts';
import { TappedClassifier } from './tap.ts';

/** Room for 30 images of ResNet-18 at 224². */
const KEEP_BYTES = 512 * 2 ** 20;

/** Where a measurement stands. */
export interface SimilarityProgress {
  readonly phase: 'natural images' | 'subjects';
  readonly label: string;
  /** Steps of the whole measurement: each image counts twice, each subject once. */
  readonly done: number;
  readonly total: number;
}

export interface SimilarityOptions {
  /** In the order in which they are computed. */
  readonly layers: readonly Layer[];
  readonly classes: readonly NaturalClass[];
  /** Prototypes and the controls that need a model; noise and grey are added here. */
  readonly subjects: readonly Subject[];
  /** `predicted` by default: natural images count that the model itself classifies as the class. */
  readonly filter?: 'predicted' | 'labelled';
  /** Of noise and bootstrap; 0 by default. */
  readonly seed?: number;
  /** Bootstrap replicates; 1000 by default. */
  readonly resamples?: number;
  /** Where yardsticks are kept between runs; without one, in a temporary folder that is removed. */
  readonly cache?: Cache;
  /** Activations that may stay in memory between the two passes over a class, in bytes; 512 MB by default. */
  readonly keepBytes?: number;
  /** Threads that rank; by default one for each processor. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SimilarityProgress) => void;
}

/**
 * Path similarity of prototypes and controls with natural images, class by class and over all classes
 * (method.md, section 3; definitions: Tagade and Rumbelow 2023, normalisation: Geirhos et al. 2023).
 *
 * Memory holds one class's yardsticks, the sum of all classes' ranks, the activations of three images and `keepBytes`
 * more, however many images and classes there are.
 *
 * @throws SimilarityError in one sentence; EngineError; the signal's reason when it is aborted, within one image
 */
export async function pathSimilarity(
  engine: Engine,
  classifier: Classifier,
  options: SimilarityOptions,
): Promise<SimilarityResult> {
  checkSubjects(classifier, options);
  const closing: (() => unknown)[] = [];
  try {
    const network = await TappedClassifier.open(engine, classifier, options.layers);
    closing.push(() => network.release());
    const cache = options.cache ?? (await temporaryCache(closing));
    const desks = new Desks(network.taps, options.threads);
    closing.push(() => desks.close());
    return await new Measurement(engine, classifier, network, desks, options, cache).result();
  } finally {
    await Promise.all(closing.map((close) => close()));
  }
}

async function temporaryCache(closing: (() => unknown)[]): Promise<Cache> {
  const cache = await TemporaryCache.open();
  closing.push(() => cache.dispose());
  return cache;
}

/** One measurement under way. */
class Measurement {
  readonly #engine: Engine;
  readonly #classifier: Classifier;
  readonly #network: TappedClassifier;
  readonly #desks: Desks;
  readonly #options: SimilarityOptions;
  readonly #cache: Cache;
  readonly #subjects: readonly Subject[];
  readonly #filter: 'predicted' | 'labelled';
  readonly #seed: number;
  #done = 0;

  constructor(
    engine: Engine,
    classifier: Classifier,
    network: TappedClassifier,
    desks: Desks,
    options: SimilarityOptions,
    cache: Cache,
  ) {
    this.#engine = engine;
    this.#classifier = classifier;
    this.#network = network;
    this.#desks = desks;
    this.#options = options;
    this.#cache = cache;
    this.#filter = options.filter ?? 'predicted';
    this.#seed = options.seed ?? 0;
    const indices = options.classes.map(({ index }) => index);
    const { channels, height, width } = classifier.input;
    this.#subjects = [
      ...options.subjects,
      ...plainControls(indices, channels * height * width, this.#seed),
    ];
  }

  async result(): Promise<SimilarityResult> {
    const { classes, resamples = 1000 } = this.#options;
    const strangers = new Strangers(this.#network.taps);
    for (const natural of classes) strangers.add(await this.#record(natural));
    const measured: Measured[] = [];
    const skipped: { name: string; reason: string }[] = [];
    for (const natural of classes) {
      const record = await this.#record(natural);
      skipped.push(...record.skipped);
      const figures = figuresOf(record, strangers);
      const enough = figures.n >= MIN_IMAGES;
      const replicates = enough ? bootstrap(figures, natural.index, this.#seed, resamples) : [];
      const subjects = await this.#score(natural, record);
      measured.push({ natural, record: withoutVectors(record), figures, replicates, subjects });
    }
    return {
      layers: this.#layers(),
      leftOut: this.#network.leftOut,
      classes: measured.map((each) => classResult(each, this.#network.tapOf)),
      totals: seriesTotals(measured, this.#network.tapOf),
      skipped,
      filter: this.#filter,
      seed: this.#seed,
      resamples,
    };
  }

  /** The class's record, from the cache or measured. */
  async #record(natural: NaturalClass): Promise<ClassRecord> {
    const key = this.#key(natural);
    const stored = await this.#cache.get(key);
    const known = stored && decodeRecord(stored);
    if (known) {
      this.#tell('natural images', natural.label, 2 * natural.count);
      return known;
    }
    const record = await measureNatural(this.#network, this.#desks, natural, {
      filter: this.#filter,
      keepBytes: this.#options.keepBytes ?? KEEP_BYTES,
      signal: this.#options.signal,
      onSteps: (steps) => this.#tell('natural images', natural.label, steps),
    });
    await this.#cache.put(key, encodeRecord(record));
    return record;
  }

  /** All that a record depends on: engines differ in rounding, so the engine is part of it. */
  #key(natural: NaturalClass): string {
    const { id, provider, version } = this.#engine.info;
    const { files, preprocessing, input } = this.#classifier;
    return cacheKey({
      version: RECORD_VERSION,
      model: files.map(({ sha256 }) => sha256),
      preprocessing,
      input,
      engine: { id, provider, version },
      images: natural.fingerprint,
      class: natural.index,
      taps: this.#network.taps,
      filter: this.#filter,
    });
  }

  async #score(natural: NaturalClass, record: ClassRecord): Promise<Measured['subjects']> {
    const own = this.#subjects.filter(({ classIndex }) => classIndex === natural.index);
    if (record.yardsticks.length === 0) return [];
    await this.#desks.load(record.yardsticks);
    const scored: Measured['subjects'][number][] = [];
    for (const { series, kind, pixels } of own) {
      this.#options.signal?.throwIfAborted();
      const { logits, values } = await this.#network.run(pixels);
      const { figures, spent } = await this.#desks.score(values);
      this.#network.recycle(spent);
      scored.push({
        series,
        kind,
        logit: logits[natural.index],
        predicted: largest(logits),
        figures,
      });
      this.#tell('subjects', natural.label, 1);
    }
    return scored;
  }

  #layers(): SimilarityResult['layers'] {
    const { layers, taps, tapOf } = this.#network;
    return layers.map(({ name, value }, i) => ({
      name,
      value,
      activations: taps[tapOf[i]].dims.slice(1).reduce((product, dim) => product * dim, 1),
    }));
  }

  #tell(phase: SimilarityProgress['phase'], label: string, steps: number): void {
    const images = this.#options.classes.reduce((sum, { count }) => sum + count, 0);
    const total = 2 * images + this.#subjects.length;
    this.#done = Math.min(total, this.#done + steps);
    this.#options.onProgress?.({ phase, label, done: this.#done, total });
  }
}

/** What the report needs of a record: not the vectors, which are large. */
function withoutVectors(record: ClassRecord): ClassRecord {
  return { ...record, figures: record.figures.slice(), yardsticks: [] };
}

function checkSubjects(classifier: Classifier, options: SimilarityOptions): void {
  const { channels, height, width } = classifier.input;
  const known = new Set(options.classes.map(({ index }) => index));
  for (const { series, classIndex, pixels } of options.subjects) {
    if (pixels.length !== channels * height * width) {
      throw new SimilarityError(
        `An image of ${series} has ${pixels.length} values, but the model takes ${channels}×${height}×${width}.`,
      );
    }
    if (!known.has(classIndex)) {
      throw new SimilarityError(
        `There are no natural images of class ${classIndex}, which an image of ${series} shows; add a folder of them.`,
      );
    }
  }
}
