/**
 * A thread that does the arithmetic of some prototypes: affine map, adjoint, penalty, Adam. Images and gradients lie in
 * memory that it shares with the thread that asks. Requests are served one after the other.
 */
import { parentPort } from 'node:worker_threads';
import type { Checkpoint } from './checkpoint.ts';
import type { PrototypeError } from './errors.ts';
import type { GenerationEvent } from './events.ts';
import type { Job } from './job.ts';
import { mediumOfPixels, type Medium } from './medium.ts';
import { PrototypeInProgress, type Weights, type Workshop } from './prototype-in-progress.ts';
import { isOver, SeatedHere } from './seated.ts';

/** What prototypes are made with, as far as it goes from thread to thread. */
export type Workplace = Omit<Workshop, keyof Medium>;

/** A place for a prototype: parts [C, H, W] of shared memory, for what the network sees and for its gradient. */
export interface Place {
  readonly image: Float32Array;
  readonly gradient: Float32Array;
}

export type CrewRequest =
  | { readonly kind: 'open'; readonly workplace: Workplace }
  | ({
      readonly kind: 'enter';
      readonly seat: number;
      readonly job: Job;
      readonly checkpoint?: Checkpoint;
      readonly checkpointEvery: number;
    } & Place)
  | {
      readonly kind: 'learn';
      readonly seat: number;
      readonly logits: Float32Array;
      readonly variance: number;
      readonly networkMs: number;
    }
  | { readonly kind: 'stop'; readonly seat: number };

/** An error's class does not go from thread to thread. */
export type PlainEvent =
  | Exclude<GenerationEvent, { type: 'failed' }>
  | {
      readonly type: 'failed';
      readonly job: Job;
      readonly error: Pick<PrototypeError, 'code' | 'message'>;
    };

export interface CrewAnswer {
  readonly events: readonly PlainEvent[];
  /** With which weights the network is to see what lies in the place now; absent where the prototype is done. */
  readonly weights?: Weights;
}

interface Seat {
  readonly seated: SeatedHere;
  readonly gradient: Float32Array;
}

let workshop: Workshop | undefined;
const seats = new Map<number, Seat>();

async function enter(request: Extract<CrewRequest, { kind: 'enter' }>): Promise<CrewAnswer> {
  const { seat, job, checkpoint, checkpointEvery, image, gradient } = request;
  const prototype = await (checkpoint
    ? PrototypeInProgress.resume(workshop!, checkpoint)
    : PrototypeInProgress.start(workshop!, job));
  const seated = new SeatedHere(prototype, image, checkpointEvery);
  seats.set(seat, { seated, gradient });
  return { events: [], weights: seated.show() };
}

async function serve(request: CrewRequest): Promise<CrewAnswer> {
  if (request.kind === 'open') {
    const { shape, configuration } = request.workplace;
    workshop = { ...request.workplace, ...mediumOfPixels(shape, configuration) };
    return { events: [] };
  }
  if (request.kind === 'enter') return enter(request);
  const { seated, gradient } = seats.get(request.seat)!;
  if (request.kind === 'stop') {
    return { events: (await seated.stop()).map(plain), weights: seated.show() };
  }
  const { logits, variance, networkMs } = request;
  const events = await seated.learn({ logits, variance, gradient }, networkMs);
  if (!isOver(events.at(-1))) return { events: events.map(plain), weights: seated.show() };
  seats.delete(request.seat);
  return { events: events.map(plain) };
}

const plain = (event: GenerationEvent): PlainEvent =>
  event.type === 'failed'
    ? { ...event, error: { code: event.error.code, message: event.error.message } }
    : event;

/** What the network's answer is not needed for is done once it can be asked. */
async function answer(id: number, request: CrewRequest): Promise<void> {
  try {
    const found = await serve(request);
    parentPort!.postMessage({ id, answer: found });
    if (request.kind !== 'open') seats.get(request.seat)?.seated.prepare();
  } catch (error) {
    parentPort!.postMessage({ id, error: (error as Error).message });
  }
}

let last: Promise<void> = Promise.resolve();
parentPort!.on('message', ({ id, request }: { id: number; request: CrewRequest }) => {
  last = last.then(() => answer(id, request));
});
