import { ServiceError } from '../api/wire.ts';
import type { Announce } from './announce.ts';
import { Throttle } from './throttle.ts';

/** Milliseconds between two words on how a task goes. */
const PROGRESS_MS = 200;

interface Task {
  readonly controller: AbortController;
  readonly result: Promise<unknown>;
}

/** What a task is given: a signal that stops it, and how to say that one more of so many is done. */
export interface TaskTools {
  readonly signal: AbortSignal;
  /** @param total as far as it is known */
  readonly step: (total: number) => void;
}

/** Long work that a page waits for. Who asks for a task that is under way waits for the same one. */
export class LibraryTasks {
  readonly #announce: Announce;
  readonly #tasks = new Map<string, Task>();

  constructor(announce: Announce) {
    this.#announce = announce;
  }

  run<T>(name: string, work: (tools: TaskTools) => Promise<T>): Promise<T> {
    const known = this.#tasks.get(name);
    if (known) return known.result as Promise<T>;
    const controller = new AbortController();
    const result = this.#work(name, controller.signal, work).finally(() => {
      this.#tasks.delete(name);
    });
    this.#tasks.set(name, { controller, result });
    return result;
  }

  /** Stops a task, or none. */
  stop(name: string): void {
    const reason = new ServiceError('bad-state', 'This was stopped.');
    this.#tasks.get(name)?.controller.abort(reason);
  }

  stopAll(): void {
    for (const name of this.#tasks.keys()) this.stop(name);
  }

  async #work<T>(
    name: string,
    signal: AbortSignal,
    work: (tools: TaskTools) => Promise<T>,
  ): Promise<T> {
    const progress = new Throttle<{ done: number; total: number }>(PROGRESS_MS, (value) =>
      this.#announce('library.progress', { task: name, ...value }),
    );
    let done = 0;
    const step = (total: number): void => {
      done++;
      progress.push({ done, total: Math.max(done, total) });
    };
    try {
      return await work({ signal, step });
    } finally {
      progress.flush();
    }
  }
}
