import type { TensorData } from '../graph/ir.ts';
import type { Executable } from './engine.ts';
import type { Turns } from './turns.ts';

/**
 * One graph compiled several times, each in a thread of its own, so that as many runs are computed at once. A network's
 * small operators gain little from a second core, a second network gains all of it.
 */
export class NativeCopies implements Executable {
  readonly compileMs: number;
  readonly fallback: string | undefined;
  readonly width: number;
  readonly #copies: readonly Executable[];
  readonly #turns: Turns;

  /** @param copies the first in the turns' first member, and so on */
  constructor(copies: readonly Executable[], turns: Turns) {
    this.#copies = copies;
    this.#turns = turns;
    this.width = copies.length;
    this.compileMs = Math.max(...copies.map((copy) => copy.compileMs));
    this.fallback = copies[0].fallback;
  }

  get computedMs(): number {
    return this.#copies.reduce((sum, copy) => sum + (copy.computedMs ?? 0), 0) / this.width;
  }

  run(
    feeds: Readonly<Record<string, TensorData>>,
    into?: Readonly<Record<string, TensorData>>,
  ): Promise<Record<string, TensorData>> {
    return this.#turns.with(this.width, (member) => this.#copies[member].run(feeds, into));
  }

  async release(): Promise<void> {
    await Promise.all(this.#copies.map((copy) => copy.release()));
  }
}
