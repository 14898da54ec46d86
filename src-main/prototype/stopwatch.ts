import type { Timings } from './checkpoint.ts';

/** Adds up milliseconds by what they were spent on. */
export class Stopwatch {
  readonly #spent: Record<keyof Timings, number>;

  constructor(before?: Timings) {
    this.#spent = before
      ? { ...before }
      : { network: 0, affine: 0, parameterisation: 0, penalty: 0, adam: 0 };
  }

  add(part: keyof Timings, milliseconds: number): void {
    this.#spent[part] += milliseconds;
  }

  /** Runs `work` and counts its time. */
  time<T>(part: keyof Timings, work: () => T): T {
    const start = performance.now();
    const result = work();
    this.#spent[part] += performance.now() - start;
    return result;
  }

  /** Waits for `work`, if there is anything to wait for, and counts the time until it is done. */
  async wait(part: keyof Timings, work: () => void | Promise<void>): Promise<void> {
    const start = performance.now();
    await work();
    this.#spent[part] += performance.now() - start;
  }

  read(): Timings {
    return { ...this.#spent };
  }
}
