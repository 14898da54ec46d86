import { fitting, printable, shortened } from './printable.ts';

/** Where progress goes: standard error, so that standard output holds nothing but the result. */
export interface ProgressSink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Progress {
  /**
   * Tells how far the work is.
   * @param done work finished so far, in any unit, of `total`
   * @param label what is being done now
   */
  update(done: number, total: number, label: string): void;
  /** Prints a line that stays, without disturbing the bar. */
  note(text: string): void;
  /** Clears the bar. */
  end(): void;
}

const BAR_WIDTH = 24;
const REDRAW_MS = 100;
const PLAIN_STEP = 0.1;
const PLAIN_MS = 60_000;
const PLAIN_LABEL = 100;

/** A bar with remaining time on a terminal; elsewhere a plain line for every tenth of the work, and every minute. */
export function openProgress(sink: ProgressSink, now: () => number = Date.now): Progress {
  return sink.isTTY ? new Bar(sink, now) : new Lines(sink, now);
}

/** Seconds that remain at the pace so far, or `undefined` before a pace can be told. */
export function remainingSeconds(
  done: number,
  total: number,
  elapsedMs: number,
): number | undefined {
  if (done <= 0 || elapsedMs < 1000) return undefined;
  return ((total - done) / done) * (elapsedMs / 1000);
}

/** A duration for people: `42 s`, `3 min 10 s`, `2 h 05 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

class Clock {
  readonly #now: () => number;
  #start: number;
  #share = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#start = now();
  }

  /** The share of the work that is done; work that begins anew has a pace of its own. */
  share(done: number, total: number): { share: number; anew: boolean } {
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const anew = share < this.#share;
    if (anew) this.#start = this.#now();
    this.#share = share;
    return { share, anew };
  }

  elapsed(): number {
    return this.#now() - this.#start;
  }

  remaining(done: number, total: number): string {
    const seconds = remainingSeconds(done, total, this.elapsed());
    return seconds === undefined ? '' : `, ${duration(seconds)} left`;
  }
}

class Bar implements Progress {
  readonly #sink: ProgressSink;
  readonly #clock: Clock;
  #drawn = -Infinity;

  constructor(sink: ProgressSink, now: () => number) {
    this.#sink = sink;
    this.#clock = new Clock(now);
  }

  update(done: number, total: number, label: string): void {
    const { share, anew } = this.#clock.share(done, total);
    const elapsed = this.#clock.elapsed();
    if (!anew && elapsed - this.#drawn < REDRAW_MS && done < total) return;
    this.#drawn = elapsed;
    const filled = Math.round(share * BAR_WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    const text = `${bar} ${Math.floor(share * 100)} %${this.#clock.remaining(done, total)}  ${printable(label)}`;
    this.#sink.write(`\r\x1b[2K${fitting(text, (this.#sink.columns ?? 80) - 1)}`);
  }

  note(text: string): void {
    this.#sink.write(`\r\x1b[2K${printable(text)}\n`);
    this.#drawn = -Infinity;
  }

  end(): void {
    this.#sink.write('\r\x1b[2K');
  }
}

class Lines implements Progress {
  readonly #sink: ProgressSink;
  readonly #clock: Clock;
  #next = 0;
  #told = 0;

  constructor(sink: ProgressSink, now: () => number) {
    this.#sink = sink;
    this.#clock = new Clock(now);
  }

  update(done: number, total: number, label: string): void {
    const { share, anew } = this.#clock.share(done, total);
    if (anew) this.#next = 0;
    const elapsed = this.#clock.elapsed();
    if (share < this.#next && elapsed - this.#told < PLAIN_MS) return;
    this.#told = elapsed;
    this.#next = Math.floor(share / PLAIN_STEP + 1) * PLAIN_STEP;
    const pace = this.#clock.remaining(done, total);
    const what = shortened(printable(label), PLAIN_LABEL);
    this.#sink.write(`${Math.floor(share * 100)} %${pace}: ${what}\n`);
  }

  note(text: string): void {
    this.#sink.write(`${printable(text)}\n`);
  }

  end(): void {
    // Plain lines leave nothing to clear.
  }
}
