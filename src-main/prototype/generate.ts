import type { Classifier } from '../classifier/classifier.ts';
import { preprocessOf } from '../classifier/preprocess.ts';
import type { Engine, EngineInfo } from '../engine/engine.ts';
import { checkCheckpoint, fitsGeneration, identityOf, type Checkpoint } from './checkpoint.ts';
import type { Configuration } from './configuration.ts';
import { PrototypeError } from './errors.ts';
import type { GenerationEvent } from './events.ts';
import { checkJob, type Job } from './job.ts';
import { Objective, type Evaluation } from './objective.ts';
import { openMedium } from './medium.ts';
import type { ImageShape } from './penalty.ts';
import { PrototypeInProgress, type Verdict, type Workshop } from './prototype-in-progress.ts';

export interface GenerationOptions {
  /** Called for every event, oldest first, while the network is busy with the next step; a promise is waited for. */
  readonly onEvent: (event: GenerationEvent) => void | Promise<void>;
  /** Steps from one checkpoint of a prototype to its next; 0, the default, for none. */
  readonly checkpointEvery?: number;
  /** Where interrupted jobs go on; a job without one starts afresh. */
  readonly checkpoints?: readonly Checkpoint[];
  /** Stops within a step: every prototype under way gives a checkpoint and its image so far. */
  readonly signal?: AbortSignal;
}

/**
 * Images that run together, unless the caller chooses. On a CPU four images take four times as long as one, and only
 * one at a time has the same bytes whatever else is generated: in a batch, onnxruntime's vectorised kernels round an
 * image differently from seat to seat. A GPU wants more to do.
 */
export const defaultBatch = (engine: EngineInfo): number => (engine.threads > 0 ? 1 : 8);

/**
 * Prototypes that run together, and what the network is to see of them. While it runs those of one lane, those of the
 * other take their step: so it never waits for anything but itself.
 */
interface Lane {
  /** A seat is empty when no job is left for it. */
  readonly seats: (PrototypeInProgress | undefined)[];
  /** [N, C, H, W] */
  readonly images: Float32Array;
  /** [N, K] */
  readonly logitWeights: Float32Array;
  /** [N] */
  readonly varianceWeight: Float32Array;
}

/** One computes while the other prepares. */
export const LANES = 2;

/** Makes prototypes of one classifier under one configuration. */
export class PrototypeGenerator {
  /** Time that differentiating and compiling took, in milliseconds. */
  readonly compileMs: number;
  /** Images that run together. */
  readonly batch: number;
  /** Why parts of the network run elsewhere than the engine says, in one sentence; absent when none do. */
  readonly fallback: string | undefined;
  readonly #objective: Objective;
  readonly #workshop: Workshop;
  /** When the network's last answer came. */
  #answered = 0;

  private constructor(objective: Objective, workshop: Workshop) {
    this.#objective = objective;
    this.#workshop = workshop;
    this.compileMs = objective.compileMs;
    this.batch = objective.batch;
    this.fallback = objective.fallback;
  }

  /**
   * @param batch images that run together; a classifier that fixes it decides itself
   * @throws GraphError when the classifier cannot be differentiated, EngineError when the engine refuses it,
   * PrototypeError `bad-configuration` when it is for images and the classifier for tables, or the other way round
   */
  static async open(
    classifier: Classifier,
    engine: Engine,
    configuration: Configuration,
    batch = defaultBatch(engine.info),
  ): Promise<PrototypeGenerator> {
    const fixed = classifier.input.batch;
    const medium = await openMedium(engine, classifier, configuration);
    const objective = await Objective.compile(classifier, engine, fixed === 'free' ? batch : fixed);
    const shape: ImageShape = classifier.input;
    const workshop: Workshop = {
      configuration,
      shape,
      classes: objective.classes,
      labels: classifier.labels,
      preprocess: preprocessOf(classifier.preprocessing),
      ...medium,
      identity: identityOf(classifier, configuration, engine.info),
    };
    return new PrototypeGenerator(objective, workshop);
  }

  /**
   * Makes a prototype for each job, `batch` at a time in each lane; when one is done the next takes its place. A job
   * that fails says so with an event and the others go on. Only one call at a time.
   * @throws PrototypeError `bad-job` or `bad-checkpoint` before anything is computed, and what `onEvent` throws
   */
  async generate(jobs: readonly Job[], options: GenerationOptions): Promise<void> {
    const { classes, identity, parameterisation } = this.#workshop;
    const checkpoints = options.checkpoints ?? [];
    for (const job of jobs) checkJob(job, classes);
    for (const one of checkpoints) checkCheckpoint(one, identity, parameterisation.size);
    const waiting = jobs.map((job) => () => this.#enter(job, checkpoints));
    const broken = new AbortController();
    const lanes = Array.from({ length: LANES }, () => this.#work(waiting, options, broken));
    const ends = await Promise.allSettled(lanes);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  /** Takes waiting jobs until none is left. What breaks one lane ends the other too. */
  async #work(
    waiting: (() => Promise<PrototypeInProgress>)[],
    options: GenerationOptions,
    broken: AbortController,
  ): Promise<void> {
    const lane = this.#openLane();
    const { seats } = lane;
    let events: GenerationEvent[] = [];
    try {
      while (!broken.signal.aborted) {
        const stopping = options.signal?.aborted ?? false;
        if (stopping) events.push(...stopAll(seats));
        else await fill(seats, waiting);
        if (!seats.some(Boolean)) break;
        events = await this.#step(lane, events, options);
      }
      for (const event of events) await options.onEvent(event);
    } catch (error) {
      broken.abort();
      throw error;
    }
  }

  #openLane(): Lane {
    const { batch } = this;
    const { classes, shape } = this.#workshop;
    return {
      seats: new Array<undefined>(batch).fill(undefined),
      images: new Float32Array(batch * shape.channels * shape.height * shape.width),
      logitWeights: new Float32Array(batch * classes),
      varianceWeight: new Float32Array(batch),
    };
  }

  /** Whether a checkpoint can go on here: it cannot after a change of model, configuration, engine or threads. */
  fits(checkpoint: Checkpoint): boolean {
    const { identity, parameterisation } = this.#workshop;
    return fitsGeneration(checkpoint, identity, parameterisation.size);
  }

  /** As `Executable.computedMs`, of the network. */
  get computedMs(): number | undefined {
    return this.#objective.computedMs;
  }

  /** Frees what it holds on the engine. */
  async release(): Promise<void> {
    await this.#objective.release();
    await this.#workshop.parameterisation.release();
  }

  async #enter(job: Job, checkpoints: readonly Checkpoint[]): Promise<PrototypeInProgress> {
    const checkpoint = checkpoints.find(
      (one) => one.job.classIndex === job.classIndex && one.job.prototype === job.prototype,
    );
    if (!checkpoint) return PrototypeInProgress.start(this.#workshop, job);
    return PrototypeInProgress.resume(this.#workshop, checkpoint);
  }

  /** One run of the network for all seats. @returns what happened, to be told during the next run */
  async #step(
    lane: Lane,
    events: readonly GenerationEvent[],
    options: GenerationOptions,
  ): Promise<GenerationEvent[]> {
    const { seats, images, logitWeights, varianceWeight } = lane;
    seats.forEach((prototype, seat) => this.#show(lane, prototype, seat));
    const asked = performance.now();
    const running = this.#objective.run(images, logitWeights, varianceWeight);
    const timed = running.then((evaluation) => ({ evaluation, spent: this.#spentSince(asked) }));
    const [answer, told] = await Promise.allSettled([timed, meanwhile(seats, events, options)]);
    if (answer.status === 'rejected') throw answer.reason;
    if (told.status === 'rejected') throw told.reason;
    const { evaluation, spent } = answer.value;
    const share = spent / seats.filter(Boolean).length;
    const happened: GenerationEvent[] = [];
    for (const [seat, prototype] of seats.entries()) {
      if (!prototype) continue;
      const verdict = this.#verdict(evaluation, seat);
      const own = await learn(prototype, verdict, share, options.checkpointEvery ?? 0);
      happened.push(...own);
      if (isOver(own.at(-1))) seats[seat] = undefined;
    }
    return happened;
  }

  /** Milliseconds that the network took for what it was asked then: it answers one question after the other. */
  #spentSince(asked: number): number {
    const now = performance.now();
    const spent = now - Math.max(asked, this.#answered);
    this.#answered = now;
    return spent;
  }

  #show(lane: Lane, prototype: PrototypeInProgress | undefined, seat: number): void {
    const { images, logitWeights, varianceWeight } = lane;
    const { classes } = this.#workshop;
    const size = images.length / this.batch;
    const weights = prototype?.show(images.subarray(seat * size, (seat + 1) * size));
    logitWeights.fill(0, seat * classes, (seat + 1) * classes);
    varianceWeight[seat] = weights?.variance ?? 0;
    if (prototype) logitWeights[seat * classes + prototype.job.classIndex] = weights?.logit ?? 0;
  }

  #verdict({ logits, variance, gradient }: Evaluation, seat: number): Verdict {
    const { classes } = this.#workshop;
    const size = gradient.length / this.batch;
    return {
      logits: logits.subarray(seat * classes, (seat + 1) * classes),
      variance: variance[seat],
      gradient: gradient.subarray(seat * size, (seat + 1) * size),
    };
  }
}

/** Gives empty seats to waiting jobs. */
async function fill(
  seats: Lane['seats'],
  waiting: (() => Promise<PrototypeInProgress>)[],
): Promise<void> {
  for (const [seat, prototype] of seats.entries()) {
    const next = prototype ? undefined : waiting.shift();
    if (next) seats[seat] = await next();
  }
}

/** What does not need the network's answer. */
async function meanwhile(
  seats: Lane['seats'],
  events: readonly GenerationEvent[],
  options: GenerationOptions,
): Promise<void> {
  for (const prototype of seats) prototype?.prepare();
  for (const event of events) await options.onEvent(event);
}

async function learn(
  prototype: PrototypeInProgress,
  verdict: Verdict,
  networkMs: number,
  checkpointEvery: number,
): Promise<GenerationEvent[]> {
  try {
    const events = await prototype.learn(verdict, networkMs);
    const due = checkpointEvery > 0 && prototype.age % checkpointEvery === 0;
    if (due && !prototype.last) events.push(checkpointOf(prototype));
    return events;
  } catch (error) {
    if (!(error instanceof PrototypeError)) throw error;
    return [{ type: 'failed', job: prototype.job, error }];
  }
}

/** Ends every optimisation where it is. @returns their checkpoints */
function stopAll(seats: Lane['seats']): GenerationEvent[] {
  return seats.flatMap((prototype) => {
    if (!prototype || prototype.last) return [];
    const event = checkpointOf(prototype);
    prototype.stop();
    return [event];
  });
}

const checkpointOf = (prototype: PrototypeInProgress): GenerationEvent => ({
  type: 'checkpoint',
  checkpoint: prototype.checkpoint(),
});

const isOver = (event: GenerationEvent | undefined): boolean =>
  event?.type === 'finished' || event?.type === 'failed';
