import type { Weights, PrototypeInProgress, Verdict } from './prototype-in-progress.ts';
import { PrototypeError } from './errors.ts';
import type { GenerationEvent } from './events.ts';
import type { Job } from './job.ts';

/** One prototype in the making as a lane sees it, wherever its arithmetic is done. */
export interface Seated {
  readonly job: Job;
  /** Has what the network is to see in its part of the lane's images, and says with which weights. */
  show(): Weights;
  /** Does all of the step that needs no answer of the network. */
  prepare(): void;
  /**
   * Takes the network's answer, and a step.
   * @param networkMs time that the answer took
   * @returns what happened, oldest first, with a checkpoint where one is due; a failure of its own is an event
   */
  learn(verdict: Verdict, networkMs: number): Promise<GenerationEvent[]>;
  /** Ends the optimisation where it is. @returns its checkpoint, unless it was done */
  stop(): Promise<GenerationEvent[]>;
}

/** A prototype whose arithmetic is done in this thread. */
export class SeatedHere implements Seated {
  readonly #prototype: PrototypeInProgress;
  readonly #part: Float32Array;
  readonly #checkpointEvery: number;

  /**
   * @param part of the lane's images, [C, H, W]
   * @param checkpointEvery steps from one checkpoint to the next; 0 for none
   */
  constructor(prototype: PrototypeInProgress, part: Float32Array, checkpointEvery: number) {
    this.#prototype = prototype;
    this.#part = part;
    this.#checkpointEvery = checkpointEvery;
  }

  get job(): Job {
    return this.#prototype.job;
  }

  show(): Weights {
    return this.#prototype.show(this.#part);
  }

  prepare(): void {
    this.#prototype.prepare();
  }

  async learn(verdict: Verdict, networkMs: number): Promise<GenerationEvent[]> {
    const prototype = this.#prototype;
    const every = this.#checkpointEvery;
    try {
      const events = await prototype.learn(verdict, networkMs);
      const due = every > 0 && prototype.age % every === 0;
      return due && !prototype.last ? [...events, this.#checkpoint()] : events;
    } catch (error) {
      if (!(error instanceof PrototypeError)) throw error;
      return [{ type: 'failed', job: prototype.job, error }];
    }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- another thread needs time, this one does not
  async stop(): Promise<GenerationEvent[]> {
    if (this.#prototype.last) return [];
    const event = this.#checkpoint();
    this.#prototype.stop();
    return [event];
  }

  #checkpoint(): GenerationEvent {
    return { type: 'checkpoint', checkpoint: this.#prototype.checkpoint() };
  }
}

/** Whether nothing comes after an event of a prototype. */
export const isOver = (event: GenerationEvent | undefined): boolean =>
  event?.type === 'finished' || event?.type === 'failed';
