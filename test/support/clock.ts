import { vi } from 'vitest';
import type { Engine } from '../../src-main/engine/engine.ts';

/**
 * A clock in place of `performance.now` that stands still until it is moved: what is timed by it is the same however
 * busy the machine is.
 */
export class Clock {
  #now = performance.now();
  readonly #spy = vi.spyOn(performance, 'now').mockImplementation(() => this.#now);

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Gives the real clock back. */
  restore(): void {
    this.#spy.mockRestore();
  }
}

export interface RunTimes {
  /** Milliseconds of a run, by images. */
  readonly of: (images: number) => number;
  /** Share of it in which the network computes. */
  readonly computing?: number;
  readonly onRun?: () => void;
}

/** An engine whose runs take as long as is said, by a clock; it computes as the given one does. */
export function timed(
  engine: Engine,
  clock: Clock,
  { of, computing = 1, onRun }: RunTimes,
): Engine {
  return {
    info: engine.info,
    close: () => Promise.resolve(),
    async compile(graph, atOnce) {
      const executable = await engine.compile(graph, atOnce);
      const [images] = graph.types.get(graph.inputs[0].name)!.dims;
      let computedMs = 0;
      return {
        compileMs: 0,
        ...(executable.width !== undefined && { width: executable.width }),
        get computedMs() {
          return computedMs;
        },
        release: () => executable.release(),
        run: (feeds, into) => {
          onRun?.();
          clock.advance(of(images));
          computedMs += computing * of(images);
          return executable.run(feeds, into);
        },
      };
    },
  };
}
