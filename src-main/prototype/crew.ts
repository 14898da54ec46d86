import { NativeThread } from '../engine/native-thread.ts';
import type { EngineInfo } from '../engine/engine.ts';
import { physicalParallelism } from '../engine/processor.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Configuration } from './configuration.ts';
import type { CrewAnswer, CrewRequest, Place, PlainEvent, Workplace } from './crew-worker.ts';
import { PrototypeError } from './errors.ts';
import type { GenerationEvent } from './events.ts';
import type { Job } from './job.ts';
import type { ImageShape } from './penalty.ts';
import type { Verdict, Weights } from './prototype-in-progress.ts';
import type { Seated } from './seated.ts';

// The built program holds JavaScript beside it, the source tree TypeScript.
const WORKER = new URL(
  `./crew-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`,
  import.meta.url,
);

/** Values of an image below which a message to another thread costs more than the arithmetic. */
const FEWEST = 1 << 14;
/** More threads than that wait for the copies that one thread makes. */
const MOST = 8;

/**
 * How many threads do the arithmetic besides the one that asks the network. A processor's own threads are busy with the
 * network, and prototypes that an engine makes an image of (Fourier) wait for it anyway.
 * @param batch images of one run
 */
export function handsFor(
  { threads }: EngineInfo,
  { parameterisation }: Configuration,
  { channels, height, width }: ImageShape,
  batch: number,
): number {
  const isWorth = batch > 1 && channels * height * width >= FEWEST;
  if (threads > 0 || parameterisation !== 'pixels' || !isWorth) return 0;
  return Math.min(batch, MOST, physicalParallelism());
}

type Hand = NativeThread<CrewRequest, CrewAnswer>;

/** An array in memory that all threads see. */
export const sharedFloats = (length: number): Float32Array =>
  new Float32Array(new SharedArrayBuffer(4 * length));

/**
 * Threads that do the arithmetic of prototypes, so that a fast network does not wait for it. The same code computes in
 * the same order in each: a prototype has the same bytes as without.
 */
export class Crew {
  readonly #hands: readonly Hand[];
  #seats = 0;

  private constructor(hands: readonly Hand[]) {
    this.#hands = hands;
  }

  static async hire(workplace: Workplace, count: number): Promise<Crew> {
    const hire = (): Hand => new NativeThread(WORKER, 'The arithmetic of prototypes');
    const hands = Array.from({ length: count }, hire);
    const crew = new Crew(hands);
    try {
      await Promise.all(hands.map((hand) => hand.call({ kind: 'open', workplace })));
      return crew;
    } catch (error) {
      await crew.dismiss();
      throw error;
    }
  }

  /**
   * A prototype at its start, or where a checkpoint left it.
   * @param seat number among its lane's: each seat's prototypes are made by the same thread
   */
  async enter(
    seat: number,
    place: Place,
    work: { job: Job; checkpoint?: Checkpoint; checkpointEvery: number },
  ): Promise<Seated> {
    const hand = this.#hands[seat % this.#hands.length];
    const id = this.#seats++;
    const { weights } = await hand.call({ kind: 'enter', seat: id, ...place, ...work });
    return new SeatedElsewhere(hand, id, work.job, place.gradient, weights!);
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.#hands.map((hand) => hand.end()));
  }
}

/** A prototype whose arithmetic another thread does, ahead of its being asked. */
class SeatedElsewhere implements Seated {
  readonly job: Job;
  readonly #hand: Hand;
  readonly #seat: number;
  readonly #gradient: Float32Array;
  #weights: Weights;

  constructor(hand: Hand, seat: number, job: Job, gradient: Float32Array, weights: Weights) {
    this.#hand = hand;
    this.#seat = seat;
    this.job = job;
    this.#gradient = gradient;
    this.#weights = weights;
  }

  show(): Weights {
    return this.#weights;
  }

  prepare(): void {}

  learn({ logits, variance, gradient }: Verdict, networkMs: number): Promise<GenerationEvent[]> {
    this.#gradient.set(gradient);
    // A view would take the logits of all others along.
    return this.#ask({
      ...{ kind: 'learn', seat: this.#seat, logits: logits.slice(), variance, networkMs },
    });
  }

  stop(): Promise<GenerationEvent[]> {
    return this.#ask({ kind: 'stop', seat: this.#seat });
  }

  async #ask(request: CrewRequest): Promise<GenerationEvent[]> {
    const { events, weights } = await this.#hand.call(request);
    if (weights) this.#weights = weights;
    return events.map(whole);
  }
}

const whole = (event: PlainEvent): GenerationEvent =>
  event.type === 'failed'
    ? { ...event, error: new PrototypeError(event.error.code, event.error.message) }
    : event;
