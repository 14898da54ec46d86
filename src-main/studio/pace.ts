/** Before this much time has passed, or before anything is done, a pace cannot be told; in milliseconds. */
const FIRST_MS = 2000;

/** How long work will go on, from the pace since it was begun here: what an earlier process did tells nothing. */
export class Pace {
  readonly #now: () => number;
  #start: { at: number; done: number } | undefined;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @returns seconds that remain, or undefined before it can be told */
  remaining(done: number, total: number): number | undefined {
    this.#start ??= { at: this.#now(), done };
    const elapsed = this.#now() - this.#start.at;
    const gained = done - this.#start.done;
    if (elapsed < FIRST_MS || gained <= 0) return undefined;
    return (Math.max(0, total - done) / gained) * (elapsed / 1000);
  }
}
