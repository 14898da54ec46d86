import type { Preprocess } from '../classifier/preprocess.ts';
import { adam, type Moments } from './adam.ts';
import type { Checkpoint, Stage } from './checkpoint.ts';
import type { Configuration } from './configuration.ts';
import { PrototypeError } from './errors.ts';
import { toBytes, type GenerationEvent, type Losses, type Prototype } from './events.ts';
import type { Job } from './job.ts';
import { Arena, kernelsOf } from './kernels/arena.ts';
import { largestVariance } from './objective.ts';
import type { Medium } from './medium.ts';
import type { ImageShape } from './penalty.ts';
import { Stream } from '../random/philox.ts';
import { Stopwatch } from './stopwatch.ts';
import { View } from './view.ts';

/** What all prototypes of one generation share. */
export interface Workshop extends Medium {
  readonly configuration: Configuration;
  readonly shape: ImageShape;
  /** Number of classes. */
  readonly classes: number;
  readonly labels: readonly string[];
  readonly preprocess: Preprocess;
  /** See `identityOf`. */
  readonly identity: string;
}

/** What the network says of one image: logits [K], probability variance, and gradient [C, H, W] of the objective. */
export interface Verdict {
  readonly logits: Float32Array;
  readonly variance: number;
  readonly gradient: Float32Array;
}

/** Weights of the objective for one image. */
export interface Weights {
  readonly logit: number;
  readonly variance: number;
}

/** `unsettled`: done, but not yet an image that can be; `last`: nothing will change any more. */
type Phase = Stage | 'unsettled' | 'last';

const WEIGHTS: Readonly<Record<Phase, Weights>> = {
  baseline: { logit: 0, variance: 1 },
  prototype: { logit: -1, variance: 0 },
  unsettled: { logit: 0, variance: 0 },
  last: { logit: 0, variance: 0 },
};

/**
 * One prototype in the making (method.md, section 2). A step is `show`, then `prepare` while the network runs, then
 * `learn`; after the last step of stage 2 the network looks once more, at the untransformed image, and where that has
 * to be settled (whole numbers, one category), once more after that.
 */
export class PrototypeInProgress {
  readonly job: Job;
  readonly #workshop: Workshop;
  readonly #view: View;
  readonly #stopwatch: Stopwatch;
  readonly #parameters: Float32Array;
  readonly #moments: Moments;
  readonly #slope: Float32Array;
  readonly #image: Float32Array;
  readonly #gradient: Float32Array;
  /** What the network sees, and later its gradient there. */
  readonly #seen: Float32Array;
  #stage: Phase;
  #step: number;
  #baselineSteps: number;
  #stillSteps: number;
  /** The image that stage 2 started from. */
  readonly #baseline: Float32Array;
  #unsettledLogit: number | undefined;
  #highFrequency = 0;
  #stopped = false;

  private constructor(workshop: Workshop, job: Job, state: Checkpoint) {
    const { configuration, shape, parameterisation } = workshop;
    const pixels = shape.channels * shape.height * shape.width;
    const { size } = parameterisation;
    const ranges = configuration.affine.enabled ? configuration.affine : undefined;
    const lengths = [size, size, size, size, pixels, pixels, pixels, ...View.lengths(shape)];
    const arena = new Arena(Arena.sizeOf(...lengths));
    this.job = job;
    this.#workshop = workshop;
    this.#view = new View(arena, shape, workshop.preprocess, ranges, configuration.seed, job);
    this.#stopwatch = new Stopwatch(state.timings);
    this.#parameters = arena.copy(state.parameters);
    this.#moments = { first: arena.copy(state.first), second: arena.copy(state.second) };
    this.#slope = arena.floats(size);
    this.#image = arena.floats(pixels);
    this.#gradient = arena.floats(pixels);
    this.#seen = arena.floats(pixels);
    this.#baseline = state.baseline?.slice() ?? new Float32Array(pixels);
    this.#stage = state.stage;
    this.#step = state.step;
    this.#baselineSteps = state.baselineSteps;
    this.#stillSteps = state.stillSteps;
  }

  /** A prototype at its random start. */
  static async start(workshop: Workshop, job: Job): Promise<PrototypeInProgress> {
    const { configuration, parameterisation } = workshop;
    const parameters = new Float32Array(parameterisation.size);
    const stream = new Stream(configuration.seed, job.classIndex, job.prototype, 'start');
    parameterisation.init(stream.seek(0), parameters);
    return PrototypeInProgress.resume(workshop, {
      job,
      identity: workshop.identity,
      stage: configuration.baseline.enabled ? 'baseline' : 'prototype',
      step: 0,
      baselineSteps: 0,
      stillSteps: 0,
      timings: new Stopwatch().read(),
      parameters,
      first: new Float32Array(parameters.length),
      second: new Float32Array(parameters.length),
    });
  }

  /** A prototype where a checkpoint of the same generation left it. */
  static async resume(workshop: Workshop, checkpoint: Checkpoint): Promise<PrototypeInProgress> {
    const prototype = new PrototypeInProgress(workshop, checkpoint.job, checkpoint);
    await prototype.#render();
    if (!checkpoint.baseline) prototype.#baseline.set(prototype.#image);
    prototype.#endOfStage();
    return prototype;
  }

  /** Steps of both stages that have been taken. */
  get age(): number {
    return this.#stage === 'baseline' ? this.#step : this.#baselineSteps + this.#step;
  }

  /** Whether all steps are taken. */
  get last(): boolean {
    return this.#stage === 'last' || this.#stage === 'unsettled';
  }

  /** Ends the optimisation here. */
  stop(): void {
    if (this.last) return;
    if (this.#stage === 'baseline') this.#beginSecondStage();
    this.#endOptimisation();
    this.#stopped = true;
  }

  /** Writes what the network is to see, [C, H, W], and says with which weights. */
  show(out: Float32Array): Weights {
    this.#stopwatch.time('affine', () => {
      if (this.#stage === 'prototype') this.#view.transformed(this.#step, this.#image, this.#seen);
      else this.#view.straight(this.#image, this.#seen);
      out.set(this.#seen);
    });
    return WEIGHTS[this.#stage];
  }

  /** All of the step that needs no answer of the network: the penalty, and the affine map of the next step. */
  prepare(): void {
    const { configuration, penalty } = this.#workshop;
    const weight = this.#stage === 'prototype' ? configuration.penalty.weight : 0;
    this.#highFrequency = this.#stopwatch.time('penalty', () =>
      penalty(this.#image, this.#baseline, weight, this.#gradient),
    );
    if (this.last) return;
    const next = this.#stage === 'prototype' ? this.#step + 1 : 0;
    this.#stopwatch.time('affine', () => this.#view.prepare(next));
  }

  /**
   * Takes the network's answer, and a step.
   * @param networkMs time that the answer took
   * @returns what happened, oldest first
   * @throws PrototypeError `not-finite` when a logit or the gradient is not a finite number
   */
  async learn(verdict: Verdict, networkMs: number): Promise<GenerationEvent[]> {
    this.#stopwatch.add('network', networkMs);
    if (!verdict.logits.every(Number.isFinite)) throw this.#notFinite('logits are');
    if (this.#stage === 'last') return [{ type: 'finished', ...this.#finish(verdict) }];
    if (this.#stage === 'unsettled') {
      this.#settle(verdict);
      return [];
    }
    const events = this.#report(this.#stage, verdict);
    const { baseline } = this.#workshop.configuration;
    const even = baseline.stopRatio * largestVariance(this.#workshop.classes);
    if (this.#stage === 'baseline' && verdict.variance < even) {
      this.#beginSecondStage();
      return events;
    }
    await this.#descend(this.#stage, verdict.gradient);
    this.#endOfStage();
    return events;
  }

  /** All that is needed to go on from here; the arrays are copies. */
  checkpoint(): Checkpoint {
    const stage = this.#stage;
    if (stage === 'last' || stage === 'unsettled')
      throw new Error('a prototype that is done has no checkpoint');
    // Only where the loss depends on it, which it does not in images.
    const isPulled = this.#workshop.configuration.penalty.kind === 'pull';
    return {
      job: this.job,
      identity: this.#workshop.identity,
      stage,
      step: this.#step,
      baselineSteps: this.#baselineSteps,
      stillSteps: this.#stillSteps,
      timings: this.#stopwatch.read(),
      parameters: this.#parameters.slice(),
      first: this.#moments.first.slice(),
      second: this.#moments.second.slice(),
      ...(isPulled && stage === 'prototype' && { baseline: this.#baseline.slice() }),
    };
  }

  async #descend(stage: Stage, gradient: Float32Array): Promise<void> {
    this.#seen.set(gradient);
    const size = kernelsOf(this.#seen).magnitude(gradient.length, this.#seen.byteOffset);
    if (!Number.isFinite(size)) throw this.#notFinite('gradient is');
    if (stage === 'prototype' && size === 0) this.#stillSteps++;
    this.#stopwatch.time('affine', () => {
      if (stage === 'prototype')
        this.#view.transformedAdjoint(this.#step, this.#seen, this.#gradient);
      else this.#view.straightAdjoint(this.#seen, this.#gradient);
    });
    const { configuration, parameterisation } = this.#workshop;
    await this.#stopwatch.wait('parameterisation', () =>
      parameterisation.adjoint(this.#image, this.#gradient, this.#slope),
    );
    this.#stopwatch.time('adam', () =>
      adam(configuration, this.#step, this.#parameters, this.#slope, this.#moments),
    );
    await this.#render();
    this.#step++;
  }

  async #render(): Promise<void> {
    await this.#stopwatch.wait('parameterisation', () =>
      this.#workshop.parameterisation.toImage(this.#parameters, this.#image),
    );
  }

  #endOfStage(): void {
    const { baseline, steps } = this.#workshop.configuration;
    if (this.#stage === 'baseline' && this.#step >= baseline.maxSteps) this.#beginSecondStage();
    if (this.#stage === 'prototype' && this.#step >= steps) this.#endOptimisation();
  }

  #endOptimisation(): void {
    this.#stage = this.#workshop.parameterisation.settle ? 'unsettled' : 'last';
  }

  #settle(verdict: Verdict): void {
    this.#unsettledLogit = verdict.logits[this.job.classIndex];
    this.#workshop.parameterisation.settle?.(this.#image);
    this.#stage = 'last';
  }

  /** Stage 2 is an optimisation of its own: Adam starts afresh at the baseline image. */
  #beginSecondStage(): void {
    this.#baselineSteps = this.#step;
    this.#stage = 'prototype';
    this.#step = 0;
    this.#moments.first.fill(0);
    this.#moments.second.fill(0);
    this.#baseline.set(this.#image);
    this.#endOfStage();
  }

  #report(stage: Stage, verdict: Verdict): GenerationEvent[] {
    const job = this.job;
    const step = this.#step;
    const logit = verdict.logits[job.classIndex];
    const losses = this.#losses(verdict);
    const events: GenerationEvent[] = [{ type: 'step', job, stage, step, logit, losses }];
    const { snapshotEvery } = this.#workshop.configuration;
    if (stage === 'prototype' && snapshotEvery > 0 && step % snapshotEvery === 0) {
      const image = toBytes(this.#image, this.#workshop.shape.channels);
      events.push({ type: 'snapshot', job, step, logit, losses, image });
    }
    return events;
  }

  #losses(verdict: Verdict): Losses {
    const classLogit = -verdict.logits[this.job.classIndex];
    return { variance: verdict.variance, classLogit, highFrequency: this.#highFrequency };
  }

  #finish(verdict: Verdict): Prototype {
    return {
      job: this.job,
      complete: !this.#stopped,
      image: this.#image.slice(),
      logits: verdict.logits.slice(),
      logit: verdict.logits[this.job.classIndex],
      ...(this.#unsettledLogit !== undefined && { unsettledLogit: this.#unsettledLogit }),
      losses: this.#losses(verdict),
      baselineSteps: this.#baselineSteps,
      steps: this.#step,
      stillSteps: this.#stillSteps,
      timings: this.#stopwatch.read(),
    };
  }

  #notFinite(what: string): PrototypeError {
    const { classIndex, prototype } = this.job;
    const label = this.#workshop.labels[classIndex];
    return new PrototypeError(
      'not-finite',
      `The ${what} no longer finite at step ${this.#step} of stage ${this.#stage} of prototype ${prototype} ` +
        `of class ${classIndex} (${label}); lower the learning rate, or check the model's preprocessing.`,
    );
  }
}
