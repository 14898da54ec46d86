/**
 * Lets the first value pass at once, and then one each interval: always the latest, and the last one too.
 */
export class Throttle<T> {
  readonly #interval: number;
  readonly #pass: (value: T) => void;
  #timer: NodeJS.Timeout | undefined;
  #latest: { value: T } | undefined;

  /** @param interval in milliseconds */
  constructor(interval: number, pass: (value: T) => void) {
    this.#interval = interval;
    this.#pass = pass;
  }

  push(value: T): void {
    this.#latest = { value };
    if (!this.#timer) this.#release();
  }

  /** Lets the latest value pass now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#latest) this.#pass(this.#latest.value);
    this.#latest = undefined;
  }

  #release(): void {
    this.flush();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#latest) this.#release();
    }, this.#interval);
    this.#timer.unref();
  }
}
