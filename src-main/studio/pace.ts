/** Before this much time has been watched, a pace cannot be told; in milliseconds. */
const FIRST_MS = 2000;

/** Shorter times than this are not worth a reading, in milliseconds. */
const READING_MS = 250;

/** A gain counts as at most this many times the pace: what was only read again was not worked for. */
const MOST_GAIN = 3;

/**
 * How fast something grows, recent times above all: what is learnt fades by 1/e over a memory. While nothing grows,
 * the pace stands; the wait counts when it is over.
 */
export class Pace {
  readonly #now: () => number;
  #last: { at: number; amount: number } | undefined;
  #watchedMs = 0;
  #gained = 0;
  #elapsedMs = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * @param amount how large it is now; the first is where it starts, and tells nothing of the pace
   * @param memoryMs over how many milliseconds what is learnt fades
   */
  read(amount: number, memoryMs: number): void {
    const at = this.#now();
    this.#last ??= { at, amount };
    const [elapsedMs, gained] = [at - this.#last.at, amount - this.#last.amount];
    if (elapsedMs < READING_MS || gained <= 0) return;
    this.#last = { at, amount };
    this.#learn(elapsedMs, gained, memoryMs);
  }

  /** Undefined before it can be told. */
  get perSecond(): number | undefined {
    return this.#watchedMs < FIRST_MS ? undefined : (1000 * this.#gained) / this.#elapsedMs;
  }

  /** Lets what was learnt count as little as this many milliseconds: from now on it is another kind of work. */
  fade(toMs: number): void {
    const kept = Math.min(1, toMs / Math.max(1, this.#elapsedMs));
    this.#gained *= kept;
    this.#elapsedMs *= kept;
  }

  #learn(elapsedMs: number, gained: number, memoryMs: number): void {
    const pace = this.perSecond ?? Infinity;
    const counted = Math.min(gained, (MOST_GAIN * pace * elapsedMs) / 1000);
    const kept = Math.exp(-elapsedMs / memoryMs);
    this.#watchedMs += elapsedMs;
    this.#gained = kept * this.#gained + counted;
    this.#elapsedMs = kept * this.#elapsedMs + elapsedMs;
  }
}

/**
 * The memory is a quarter of the time that is left, within these bounds in milliseconds: what takes hours is told
 * calmly, and what ends soon is told as it goes now.
 */
const LEAST_MEMORY_MS = 10_000;
const MOST_MEMORY_MS = 600_000;

/** How much the pace of one phase tells of the next, which costs more or less than it was estimated at. */
const OTHER_PHASE_MS = 5000;

/** How long work will go on, from the pace since it was begun here: what an earlier process did tells nothing. */
export class Remaining {
  readonly #pace: Pace;
  #phase: string | undefined;
  #memoryMs = LEAST_MEMORY_MS;

  constructor(now?: () => number) {
    this.#pace = new Pace(now);
  }

  /**
   * @param phase what kind of work it is now
   * @returns seconds that remain, or undefined before it can be told
   */
  seconds(done: number, total: number, phase = ''): number | undefined {
    if (phase !== this.#phase) this.#pace.fade(OTHER_PHASE_MS);
    this.#phase = phase;
    this.#pace.read(done, this.#memoryMs);
    const { perSecond } = this.#pace;
    if (perSecond === undefined) return undefined;
    const seconds = Math.max(0, total - done) / perSecond;
    this.#memoryMs = Math.min(MOST_MEMORY_MS, Math.max(LEAST_MEMORY_MS, (1000 * seconds) / 4));
    return seconds;
  }
}
