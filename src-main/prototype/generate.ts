import type { Classifier } from '../classifier/classifier.ts';
import { preprocessOf } from '../classifier/preprocess.ts';
import type { Engine, EngineInfo } from '../engine/engine.ts';
import { checkCheckpoint, fitsGeneration, identityOf, type Checkpoint } from './checkpoint.ts';
import type { Configuration } from './configuration.ts';
import { Crew, handsFor, sharedFloats } from './crew.ts';
import type { GenerationEvent } from './events.ts';
import { checkJob, type Job } from './job.ts';
import { Objective, type Evaluation } from './objective.ts';
import { openMedium } from './medium.ts';
import type { ImageShape } from './penalty.ts';
import { PrototypeInProgress, type Verdict, type Workshop } from './prototype-in-progress.ts';
import { isOver, SeatedHere, type Seated } from './seated.ts';

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
 * Prototypes that run together, and what the network is to see of them. While it runs those of one lane, those of
 * another take their step: so it never waits for anything but itself.
 */
interface Lane {
  /** A seat is empty when no job is left for it. */
  readonly seats: (Seated | undefined)[];
  /** [N, C, H, W] */
  readonly images: Float32Array;
  /** [N, C, H, W], in memory that other threads see; absent where they do nothing. */
  readonly gradients?: Float32Array;
  /** [N, K] */
  readonly logitWeights: Float32Array;
  /** [N] */
  readonly varianceWeight: Float32Array;
  /** The network's last answer, when all have taken their step. */
  spent?: Evaluation;
}

/** A job that waits, to be begun in a seat of a lane. */
type Entry = (lane: Lane, seat: number) => Promise<Seated>;

/** Lanes for a network that computes so many runs at once: all of these compute while one more prepares. */
export const lanesFor = (width: number): number => width + 1;

/**
 * Runs of a network that are asked for at the same time. An image of a batch is rounded differently from seat to seat:
 * with several of them who comes to sit where would be left to the fastest, and a run would not have the same bytes again.
 */
const runsAtOnce = (jobs: number, images: number): number | undefined =>
  images > 1 ? undefined : jobs;

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
  readonly #crew: Crew | undefined;
  /** When the network's last answer came. */
  #answered = 0;

  private constructor(objective: Objective, workshop: Workshop, crew: Crew | undefined) {
    this.#objective = objective;
    this.#workshop = workshop;
    this.#crew = crew;
    this.compileMs = objective.compileMs;
    this.batch = objective.batch;
    this.fallback = objective.fallback;
  }

  /**
   * @param batch images that run together; a classifier that fixes it decides itself
   * @param jobs prototypes that are to be made; by default more than can be made at once
   * @param hands threads that do the arithmetic besides this one; by default as many as the engine makes worth it
   * @throws GraphError when the classifier cannot be differentiated, EngineError when the engine refuses it,
   * PrototypeError `bad-configuration` when it is for images and the classifier for tables, or the other way round
   */
  static async open(
    classifier: Classifier,
    engine: Engine,
    configuration: Configuration,
    batch = defaultBatch(engine.info),
    jobs = Infinity,
    hands?: number,
  ): Promise<PrototypeGenerator> {
    const fixed = classifier.input.batch;
    const images = fixed === 'free' ? batch : fixed;
    const atOnce = runsAtOnce(jobs, images);
    const medium = await openMedium(engine, classifier, configuration, atOnce);
    const objective = await Objective.compile(classifier, engine, images, atOnce).catch(
      async (error: unknown) => {
        await medium.parameterisation.release();
        throw error;
      },
    );
    const shape: ImageShape = classifier.input;
    const workplace = {
      configuration,
      shape,
      classes: objective.classes,
      labels: classifier.labels,
      preprocess: preprocessOf(classifier.preprocessing),
      identity: identityOf(classifier, configuration, engine.info),
    };
    const count = hands ?? handsFor(engine.info, configuration, shape, objective.batch);
    const crew = count > 0 ? await Crew.hire(workplace, count) : undefined;
    return new PrototypeGenerator(objective, { ...workplace, ...medium }, crew);
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
    const waiting = jobs.map(
      (job): Entry =>
        (lane, seat) =>
          this.#enter(lane, seat, job, options),
    );
    const broken = new AbortController();
    const work = (): Promise<void> => this.#work(waiting, options, broken);
    const lanes = Array.from({ length: this.lanes }, work);
    const ends = await Promise.allSettled(lanes);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  /** Takes waiting jobs until none is left. What breaks one lane ends the others too. */
  async #work(
    waiting: Entry[],
    options: GenerationOptions,
    broken: AbortController,
  ): Promise<void> {
    const lane = this.#openLane();
    const { seats } = lane;
    let events: GenerationEvent[] = [];
    try {
      while (!broken.signal.aborted) {
        const stopping = options.signal?.aborted ?? false;
        if (stopping) events.push(...(await stopAll(seats)));
        else await fill(lane, waiting);
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
    const length = batch * shape.channels * shape.height * shape.width;
    const memory = this.#crew
      ? { images: sharedFloats(length), gradients: sharedFloats(length) }
      : { images: new Float32Array(length) };
    return {
      seats: new Array<undefined>(batch).fill(undefined),
      ...memory,
      logitWeights: new Float32Array(batch * classes),
      varianceWeight: new Float32Array(batch),
    };
  }

  /** Runs of the network that are computed at the same time. */
  get atOnce(): number {
    return this.#objective.width;
  }

  /** Groups of `batch` prototypes that are under way at the same time. */
  get lanes(): number {
    return lanesFor(this.atOnce);
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
    await this.#crew?.dismiss();
    await this.#objective.release();
    await this.#workshop.parameterisation.release();
  }

  async #enter(
    lane: Lane,
    seat: number,
    job: Job,
    { checkpoints, checkpointEvery = 0 }: GenerationOptions,
  ): Promise<Seated> {
    const checkpoint = checkpoints?.find(
      (one) => one.job.classIndex === job.classIndex && one.job.prototype === job.prototype,
    );
    const image = this.#part(lane.images, seat);
    if (this.#crew && lane.gradients) {
      const place = { image, gradient: this.#part(lane.gradients, seat) };
      return this.#crew.enter(seat, place, { job, checkpoint, checkpointEvery });
    }
    const prototype = await (checkpoint
      ? PrototypeInProgress.resume(this.#workshop, checkpoint)
      : PrototypeInProgress.start(this.#workshop, job));
    return new SeatedHere(prototype, image, checkpointEvery);
  }

  /** A seat's part of what a lane has of all. */
  #part(all: Float32Array, seat: number): Float32Array {
    const size = all.length / this.batch;
    return all.subarray(seat * size, (seat + 1) * size);
  }

  /** One run of the network for all seats. @returns what happened, to be told during the next run */
  async #step(
    lane: Lane,
    events: readonly GenerationEvent[],
    options: GenerationOptions,
  ): Promise<GenerationEvent[]> {
    const { seats, images, logitWeights, varianceWeight } = lane;
    seats.forEach((seated, seat) => this.#show(lane, seated, seat));
    const asked = performance.now();
    const running = this.#objective.run(images, logitWeights, varianceWeight, lane.spent);
    const timed = running.then((evaluation) => ({ evaluation, spent: this.#spentSince(asked) }));
    const [answer, told] = await Promise.allSettled([timed, meanwhile(seats, events, options)]);
    if (answer.status === 'rejected') throw answer.reason;
    if (told.status === 'rejected') throw told.reason;
    const { evaluation, spent } = answer.value;
    const share = spent / seats.filter(Boolean).length;
    const happened = await this.#learn(seats, evaluation, share);
    lane.spent = evaluation;
    happened.forEach((own, seat) => {
      if (isOver(own.at(-1))) seats[seat] = undefined;
    });
    return happened.flat();
  }

  /** Lets every prototype take its step: one after the other in this thread, all at once in others. */
  async #learn(
    seats: Lane['seats'],
    evaluation: Evaluation,
    share: number,
  ): Promise<GenerationEvent[][]> {
    const step = async (seated: Seated | undefined, seat: number): Promise<GenerationEvent[]> =>
      (await seated?.learn(this.#verdict(evaluation, seat), share)) ?? [];
    if (this.#crew) return Promise.all(seats.map(step));
    const happened: GenerationEvent[][] = [];
    for (const [seat, seated] of seats.entries()) happened.push(await step(seated, seat));
    return happened;
  }

  /**
   * The share of what was asked then in the time that went by, in milliseconds: the network gives one answer after the
   * other, however many it works on at once.
   */
  #spentSince(asked: number): number {
    const now = performance.now();
    const spent = now - Math.max(asked, this.#answered);
    this.#answered = now;
    return spent;
  }

  #show({ logitWeights, varianceWeight }: Lane, seated: Seated | undefined, seat: number): void {
    const { classes } = this.#workshop;
    const weights = seated?.show();
    logitWeights.fill(0, seat * classes, (seat + 1) * classes);
    varianceWeight[seat] = weights?.variance ?? 0;
    if (seated) logitWeights[seat * classes + seated.job.classIndex] = weights?.logit ?? 0;
  }

  #verdict({ logits, variance, gradient }: Evaluation, seat: number): Verdict {
    return {
      logits: this.#part(logits, seat),
      variance: variance[seat],
      gradient: this.#part(gradient, seat),
    };
  }
}

/** Gives empty seats to waiting jobs. */
async function fill(lane: Lane, waiting: Entry[]): Promise<void> {
  const { seats } = lane;
  for (const [seat, seated] of seats.entries()) {
    const next = seated ? undefined : waiting.shift();
    if (next) seats[seat] = await next(lane, seat);
  }
}

/** What does not need the network's answer. */
async function meanwhile(
  seats: Lane['seats'],
  events: readonly GenerationEvent[],
  options: GenerationOptions,
): Promise<void> {
  for (const seated of seats) seated?.prepare();
  for (const event of events) await options.onEvent(event);
}

/** Ends every optimisation where it is. @returns their checkpoints */
async function stopAll(seats: Lane['seats']): Promise<GenerationEvent[]> {
  const events = await Promise.all(seats.flatMap((seated) => (seated ? [seated.stop()] : [])));
  return events.flat();
}
