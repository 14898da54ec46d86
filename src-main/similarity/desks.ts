import { extname } from 'node:path';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { FIGURES, lengthOf, type Desk, type Tap, type TapYardstick, type Used } from './desk.ts';
import type { Answer, DeskMethod } from './desk-worker.ts';
import { SimilarityError } from './errors.ts';

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** One thread with a desk. */
class Seat {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #serial = 0;
  #failure: SimilarityError | undefined;

  constructor(taps: readonly Tap[]) {
    // The worker lies beside this file, as TypeScript in the source tree and as JavaScript in a build.
    const file = new URL(
      `./desk-worker${extname(new URL(import.meta.url).pathname)}`,
      import.meta.url,
    );
    this.#worker = new Worker(file, { workerData: taps });
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    this.#worker.on('error', (error) => this.#fail((error as Error).message));
    this.#worker.on('exit', () => this.#fail('its thread ended'));
  }

  call<M extends DeskMethod>(
    method: M,
    argument: Parameters<Desk[M]>[0],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<ReturnType<Desk[M]>> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#serial++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, method, argument }, [...transfer]);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer)
      waiting?.reject(new SimilarityError(`Similarity cannot be measured: ${answer.error}.`));
    else waiting?.resolve(answer.result as never);
  }

  #fail(reason: string): void {
    this.#failure ??= new SimilarityError(`Ranking activations stopped: ${reason}.`);
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

/** Desks on worker threads that share the taps out among them by number of activations. */
export class Desks {
  readonly #seats: readonly { seat: Seat; taps: readonly number[] }[];
  readonly #count: number;

  /** @param threads at least 1; by default the machine's processors, at most 8 */
  constructor(taps: readonly Tap[], threads = Math.min(8, availableParallelism())) {
    this.#count = taps.length;
    this.#seats = share(taps.map(lengthOf), Math.min(threads, taps.length)).map((indices) => ({
      seat: new Seat(indices.map((index) => taps[index])),
      taps: indices,
    }));
  }

  async start(): Promise<void> {
    await Promise.all(this.#seats.map(({ seat }) => seat.call('start', null)));
  }

  /**
   * @param values one vector per tap; their buffers are given away, and come back with the result
   * @param keep as `Desk.add`
   */
  async add(values: readonly Float32Array[], keep: boolean): Promise<Used> {
    return this.#inOrder(
      await Promise.all(
        this.#seats.map(({ seat, taps }) => {
          const own = taps.map((tap) => values[tap]);
          return seat.call('add', { values: own, keep }, buffersOf(own));
        }),
      ),
    );
  }

  async settle(): Promise<void> {
    await Promise.all(this.#seats.map(({ seat }) => seat.call('settle', null)));
  }

  /** @param values as in `add` @returns as `Desk.measure`, in the order of the taps */
  async measure(values: readonly Float32Array[]): Promise<Used> {
    return this.#inOrder(await this.#send('measure', values));
  }

  async measureKept(): Promise<Used> {
    return this.#inOrder(
      await Promise.all(this.#seats.map(({ seat }) => seat.call('measureKept', null))),
    );
  }

  async finish(): Promise<TapYardstick[]> {
    const parts = await Promise.all(this.#seats.map(({ seat }) => seat.call('finish', null)));
    const yardsticks = new Array<TapYardstick>(this.#count);
    parts.forEach((part, s) =>
      part.forEach((each, i) => (yardsticks[this.#seats[s].taps[i]] = each)),
    );
    return yardsticks;
  }

  async load(yardsticks: readonly TapYardstick[]): Promise<void> {
    const copies = this.#seats.map(({ taps }) => taps.map((tap) => copyOf(yardsticks[tap])));
    await Promise.all(
      this.#seats.map(({ seat }, s) =>
        seat.call('load', copies[s], copies[s].flatMap(yardstickBuffers)),
      ),
    );
  }

  /** @param values as in `add` @returns as `Desk.score`, in the order of the taps */
  async score(values: readonly Float32Array[]): Promise<Used> {
    return this.#inOrder(await this.#send('score', values));
  }

  /** Ends the threads. Calls under way are rejected. */
  async close(): Promise<void> {
    await Promise.all(this.#seats.map(({ seat }) => seat.close()));
  }

  #send<M extends 'measure' | 'score'>(method: M, values: readonly Float32Array[]) {
    return Promise.all(
      this.#seats.map(({ seat, taps }) => {
        const own = taps.map((tap) => values[tap]);
        return seat.call<M>(method, own, buffersOf(own));
      }),
    );
  }

  /** Puts the seats' parts in the order of the taps. */
  #inOrder(parts: readonly Used[]): Used {
    const figures = new Float64Array(parts[0].figures.length && FIGURES * this.#count);
    const ranks = new Array<Float32Array>(parts[0].ranks.length && this.#count);
    const spent = new Array<Float32Array>(parts[0].spent.length && this.#count);
    parts.forEach((part, s) =>
      this.#seats[s].taps.forEach((tap, i) => {
        const own = part.figures.subarray(FIGURES * i, FIGURES * (i + 1));
        if (own.length > 0) figures.set(own, FIGURES * tap);
        if (ranks.length > 0) ranks[tap] = part.ranks[i];
        if (spent.length > 0) spent[tap] = part.spent[i];
      }),
    );
    return { figures, ranks, spent };
  }
}

function copyOf({ full, pooled }: TapYardstick): TapYardstick {
  const copy = (each: TapYardstick['full']) => ({
    mean: each.mean.slice(),
    rankSum: each.rankSum.slice(),
    ranked: each.ranked,
  });
  return { full: copy(full), pooled: copy(pooled) };
}

function yardstickBuffers({ full, pooled }: TapYardstick): ArrayBuffer[] {
  return buffersOf([full.mean, full.rankSum, pooled.mean, pooled.rankSum]);
}

function buffersOf(vectors: readonly Float32Array[]): ArrayBuffer[] {
  return vectors.map((vector) => vector.buffer as ArrayBuffer);
}

/** Deals indices to `hands` so that their sizes add up evenly: the largest first, each to the lightest hand. */
export function share(sizes: readonly number[], hands: number): number[][] {
  const dealt = Array.from({ length: hands }, () => ({ total: 0, indices: [] as number[] }));
  const order = sizes.map((_, index) => index).sort((a, b) => sizes[b] - sizes[a] || a - b);
  for (const index of order) {
    const lightest = dealt.reduce((least, hand) => (hand.total < least.total ? hand : least));
    lightest.total += sizes[index];
    lightest.indices.push(index);
  }
  return dealt.map(({ indices }) => indices);
}
