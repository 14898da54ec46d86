import { poolingOf } from './channels.ts';
import { bootstrap, drawsOf } from './bootstrap.ts';
import { channelsOf } from './desk.ts';
import { largest, type MeasureOptions, type NaturalClass } from './natural.ts';
import type { SimilarityOptions, SimilarityProgress } from './options.ts';
import {
  pairsOf,
  rankedImages,
  redraw,
  type RankedClass,
  type Redraws,
} from './pooled-bootstrap.ts';
import type { ClassRecord } from './record.ts';
import { recordOf, type Observatory } from './records.ts';
import {
  addToTotals,
  classResult,
  figuresOf,
  type Measured,
  type MeasuredSubject,
} from './report.ts';
import type { ClassSimilarity, SimilarityResult } from './result.ts';
import { naturalSide } from './sides.ts';
import { Strangers } from './strangers.ts';
import { pixelsOf, plainControls, type Subject } from './subjects.ts';
import { MIN_IMAGES } from './summary.ts';
import { Totals } from './totals.ts';

/** Room for 30 images of ResNet-18 at 224². */
const KEEP_BYTES = 512 * 2 ** 20;

/** One measurement under way. */
export class Measurement {
  readonly #observatory: Observatory;
  readonly #options: SimilarityOptions;
  readonly #subjects: readonly Subject[];
  readonly #filter: 'predicted' | 'labelled';
  readonly #seed: number;
  readonly #resamples: number;
  #done = 0;

  constructor(observatory: Observatory, options: SimilarityOptions) {
    this.#observatory = observatory;
    this.#options = options;
    this.#filter = options.filter ?? 'predicted';
    this.#seed = options.seed ?? 0;
    this.#resamples = options.resamples ?? 1000;
    const indices = options.classes.map(({ index }) => index);
    const { channels, height, width } = observatory.classifier.input;
    this.#subjects = [
      ...options.subjects,
      ...(options.controls ?? plainControls(indices, channels * height * width, this.#seed)),
    ];
  }

  async result(): Promise<SimilarityResult> {
    const { network } = this.#observatory;
    const { strangers, redraws } = await this.#together();
    const totals = new Totals();
    const classes: ClassSimilarity[] = [];
    const skipped: { name: string; reason: string }[] = [];
    for (const natural of this.#options.classes) {
      const record = await this.#record(natural);
      this.#tell('subjects', natural.label, 0);
      skipped.push(...record.skipped);
      const measured = await this.#class(natural, record, strangers, redraws.get(natural));
      redraws.delete(natural);
      classes.push(classResult(measured, network.tapOf));
      addToTotals(totals, measured);
    }
    return {
      layers: this.#layers(),
      leftOut: network.leftOut,
      classes,
      totals: totals.result(network.tapOf),
      skipped,
      filter: this.#filter,
      seed: this.#seed,
      resamples: this.#resamples,
    };
  }

  /** What only the natural images of all classes together tell. */
  async #together(): Promise<{ strangers: Strangers; redraws: Map<NaturalClass, Redraws> }> {
    const { taps } = this.#observatory.network;
    const strangers = new Strangers(taps);
    const ranked = new Map<NaturalClass, RankedClass>();
    const channels = channelsOf(taps);
    for (const natural of this.#options.classes) {
      const tell = (steps: number): void => this.#tell('natural images', natural.label, steps);
      const record = await this.#record(natural, tell);
      strangers.add(record);
      if (record.ranks.length === 0) continue;
      // A copy: what the record was read from is large.
      const ranks = record.ranks.slice();
      ranked.set(natural, { ranks, draws: this.#draws(natural, ranks.length / channels) });
    }
    const lengths = taps.map(({ dims }) => poolingOf(dims).length);
    const redrawn = await redraw([...ranked.values()], lengths, this.#options.signal);
    return { strangers, redraws: new Map([...ranked.keys()].map((key, i) => [key, redrawn[i]])) };
  }

  async #class(
    natural: NaturalClass,
    record: ClassRecord,
    strangers: Strangers,
    redraws: Redraws | undefined,
  ): Promise<Measured> {
    const figures = figuresOf(record, strangers);
    const enough = figures.n >= MIN_IMAGES;
    const replicates = enough ? bootstrap(figures, this.#draws(natural, figures.n)) : [];
    return {
      natural,
      record,
      figures,
      redraws,
      side: enough ? naturalSide(figures, replicates, redraws) : undefined,
      subjects: await this.#score(natural, record),
    };
  }

  #draws(natural: NaturalClass, images: number) {
    return drawsOf(images, natural.index, this.#seed, this.#resamples);
  }

  /** @param onSteps where the steps are to be counted: a class's images are asked for twice, and count once */
  #record(natural: NaturalClass, onSteps?: (steps: number) => void): Promise<ClassRecord> {
    const channels = channelsOf(this.#observatory.network.taps);
    const options: MeasureOptions = {
      filter: this.#filter,
      keepBytes: this.#options.keepBytes ?? KEEP_BYTES,
      rankedImages: rankedImages(this.#options.classes.length, channels),
      signal: this.#options.signal,
      onSteps,
    };
    return recordOf(this.#observatory, natural, options);
  }

  async #score(natural: NaturalClass, record: ClassRecord): Promise<MeasuredSubject[]> {
    const { classifier, network, desks } = this.#observatory;
    const own = this.#subjects.filter(({ classIndex }) => classIndex === natural.index);
    if (record.yardsticks.length === 0) return [];
    await desks.load(record.yardsticks);
    const scored: MeasuredSubject[] = [];
    for (const subject of own) {
      this.#options.signal?.throwIfAborted();
      const { series, kind } = subject;
      const { logits, values } = await network.run(pixelsOf(subject, classifier));
      const { figures, ranks, spent } = await desks.score(values);
      network.recycle(spent);
      scored.push({
        series,
        kind,
        logit: logits[natural.index],
        predicted: largest(logits),
        figures,
        pairs: pairsOf(record.ranks, ranks),
      });
      this.#tell('subjects', natural.label, 1);
    }
    return scored;
  }

  #layers(): SimilarityResult['layers'] {
    const { layers, taps, tapOf } = this.#observatory.network;
    return layers.map(({ name, value }, i) => ({
      name,
      value,
      activations: taps[tapOf[i]].dims.slice(1).reduce((product, dim) => product * dim, 1),
    }));
  }

  #tell(phase: SimilarityProgress['phase'], label: string, steps: number): void {
    const images = this.#options.classes.reduce((sum, { count }) => sum + count, 0);
    const total = 2 * images + this.#subjects.length;
    this.#done += steps;
    this.#options.onProgress?.({ phase, label, done: this.#done, total });
  }
}
