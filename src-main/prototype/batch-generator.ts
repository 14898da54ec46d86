import type { Classifier } from '../classifier/classifier.ts';
import { EngineError, type Engine } from '../engine/engine.ts';
import { KnownBatches, type BatchRecord } from './batch-known.ts';
import { isOutOfMemory } from '../engine/out-of-memory.ts';
import { chooseBatch, type BatchChoice } from './batch-size.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Configuration } from './configuration.ts';
import type { GenerationEvent } from './events.ts';
import { PrototypeGenerator, type GenerationOptions } from './generate.ts';
import type { Job } from './job.ts';

export interface BatchOptions {
  /** Prototypes that are to be made. */
  readonly jobs: number;
  /** Is told that memory ran out, in one sentence. */
  readonly onNote: (text: string) => void;
}

/** Steps that are done again at most where memory runs out. */
const CHECKPOINT_STEPS = 16;

/**
 * Makes prototypes as `PrototypeGenerator` does, as many at a time as the engine gains from. Where memory runs out
 * nevertheless, because other programs want it too, it goes on with half as many.
 */
export class BatchGenerator {
  readonly #site: Site;
  readonly #choice: BatchChoice;
  #generator: PrototypeGenerator;
  /** When the generation began. */
  #begun: number | undefined;
  /** Time that networks computed which were given up. */
  #computedMs = 0;

  private constructor(site: Site, choice: BatchChoice, generator: PrototypeGenerator) {
    this.#site = site;
    this.#choice = choice;
    this.#generator = generator;
  }

  /** @throws as `PrototypeGenerator.open`; EngineError where the memory does not hold one image */
  static async open(
    classifier: Classifier,
    engine: Engine,
    configuration: Configuration,
    { jobs, onNote }: BatchOptions,
  ): Promise<BatchGenerator> {
    const known = KnownBatches.of(classifier, engine);
    const ranOut: number[] = [];
    const site: Site = {
      open: (size) => PrototypeGenerator.open(classifier, engine, configuration, size, jobs),
      mayChange: classifier.input.batch === 'free',
      device: engine.info.device,
      onNote,
      ranOut,
      onRanOut: (batch, error) => {
        ranOut.push(batch);
        known.ranOut(batch, error);
      },
    };
    const choice = await chooseBatch(classifier, engine, jobs).catch((error: unknown) => {
      throw inWords(error, site);
    });
    return new BatchGenerator(site, choice, await openFitting(site, choice.batch));
  }

  /** Images that run together at present. */
  get batch(): number {
    return this.#generator.batch;
  }

  /** How many images run together at present, and why. */
  get record(): BatchRecord {
    const ranOut = [...this.#site.ranOut];
    const last = ranOut.at(-1);
    const because = last === undefined ? this.#choice.because : `Memory ran out with ${last}.`;
    return { images: this.batch, because, trials: this.#choice.trials, ranOut };
  }

  get compileMs(): number {
    return this.#generator.compileMs;
  }

  get fallback(): string | undefined {
    return this.#generator.fallback;
  }

  /**
   * Share of the time since `generate` was called in which the network did not compute: where it is large, the engine
   * waits for JavaScript. Absent where the engine does not tell.
   */
  get shareOutsideNetwork(): number | undefined {
    const { computedMs } = this.#generator;
    if (computedMs === undefined || this.#begun === undefined) return undefined;
    return Math.max(0, 1 - (this.#computedMs + computedMs) / (performance.now() - this.#begun));
  }

  fits(checkpoint: Checkpoint): boolean {
    return this.#generator.fits(checkpoint);
  }

  /** As `PrototypeGenerator.generate`; a step that is taken again is told once. */
  async generate(jobs: readonly Job[], options: GenerationOptions): Promise<void> {
    const memory = new Memory(jobs, options);
    this.#begun = performance.now();
    this.#computedMs = -(this.#generator.computedMs ?? 0);
    for (;;) {
      try {
        return await this.#generator.generate(memory.left, memory.options);
      } catch (error) {
        await this.#halveFor(error);
      }
    }
  }

  release(): Promise<void> {
    return this.#generator.release();
  }

  /** Makes itself ready for half as many images. @throws the error where that would not help */
  async #halveFor(error: unknown): Promise<void> {
    const half = halved(error, this.batch, this.#site);
    this.#computedMs += this.#generator.computedMs ?? 0;
    await this.#generator.release();
    this.#generator = await openFitting(this.#site, half);
  }
}

/** Where a generator is opened. */
interface Site {
  readonly open: (batch: number) => Promise<PrototypeGenerator>;
  /** Whether the model takes another number of images too. */
  readonly mayChange: boolean;
  readonly device: string;
  readonly onNote: (text: string) => void;
  /** Numbers of images for which memory ran out. */
  readonly ranOut: readonly number[];
  readonly onRanOut: (batch: number, error: unknown) => void;
}

/** Opens a generator for so many images, or for half as many, and so on, where memory runs out. */
async function openFitting(site: Site, batch: number): Promise<PrototypeGenerator> {
  try {
    return await site.open(batch);
  } catch (error) {
    return openFitting(site, halved(error, batch, site));
  }
}

/** Half of a batch for which memory ran out. @throws the error where it says something else, or nothing is left to halve */
function halved(error: unknown, batch: number, site: Site): number {
  if (!isOutOfMemory(error) || batch === 1 || !site.mayChange) throw inWords(error, site);
  const half = Math.floor(batch / 2);
  site.onRanOut(batch, error);
  site.onNote(
    `The memory of ${site.device} ran out with ${batch} images at a time, so ${half} at a time are made from here on.`,
  );
  return half;
}

/** The error, or what to do where it says that memory ran out. */
function inWords(error: unknown, { device }: Site): unknown {
  if (!isOutOfMemory(error)) return error;
  const text = `The memory of ${device} does not hold this model; end other programs that use it, or choose the engine cpu.`;
  return new EngineError(text, { cause: error });
}

/** What of a generation is done, so that the rest can go on after a failure. */
class Memory {
  readonly options: GenerationOptions;
  readonly #jobs: Map<string, Job>;
  readonly #checkpoints = new Map<string, Checkpoint>();
  /** By job and kind of event: the latest step that was told. */
  readonly #told = new Map<string, number>();

  constructor(jobs: readonly Job[], options: GenerationOptions) {
    this.#jobs = new Map(jobs.map((job) => [keyOf(job), job]));
    for (const one of options.checkpoints ?? []) this.#checkpoints.set(keyOf(one.job), one);
    const isWanted = (options.checkpointEvery ?? 0) > 0;
    const checkpoints = this.#checkpoints;
    this.options = {
      ...options,
      checkpointEvery: options.checkpointEvery || CHECKPOINT_STEPS,
      get checkpoints() {
        return [...checkpoints.values()];
      },
      onEvent: (event) => {
        const isNew = this.#take(event);
        const isOwn = event.type === 'checkpoint' && !isWanted && !options.signal?.aborted;
        return isNew && !isOwn ? options.onEvent(event) : undefined;
      },
    };
  }

  /** Jobs that are not done. */
  get left(): Job[] {
    return [...this.#jobs.values()];
  }

  /** @returns whether it was not told before */
  #take(event: GenerationEvent): boolean {
    if (event.type === 'checkpoint') {
      this.#checkpoints.set(keyOf(event.checkpoint.job), event.checkpoint);
      return true;
    }
    const key = keyOf(event.job);
    if (event.type === 'finished' || event.type === 'failed') return this.#jobs.delete(key);
    const stage = event.type === 'step' ? event.stage : 'prototype';
    const name = `${key} ${event.type} ${stage}`;
    if (event.step <= (this.#told.get(name) ?? -1)) return false;
    this.#told.set(name, event.step);
    return true;
  }
}

const keyOf = ({ classIndex, prototype }: Job): string => `${classIndex}/${prototype}`;
