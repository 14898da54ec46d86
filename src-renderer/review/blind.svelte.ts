import { sourceOf } from '../../src-main/api/sight.ts';
import type { Source } from '../shell/source.ts';

/** Whether names and figures are hidden before the first reading, and of which pictures they still are. */
export class Blind {
  readonly #source: Source;
  /** What was read or revealed, alone or in a comparison: once seen, a name is known. */
  readonly #known = $derived.by(
    () =>
      // eslint-disable-next-line svelte/prefer-svelte-reactivity -- it is replaced whole, never changed
      new Set(Object.values(this.#source.reviews).flatMap(({ sights }) => sights.map(sourceOf))),
  );

  constructor(source: Source) {
    this.#source = source;
  }

  get on(): boolean {
    return this.#source.scope.blind;
  }

  /** @param name of a picture; a snapshot is known when its prototype is */
  hides(name: string): boolean {
    return this.on && !this.#known.has(sourceOf(name));
  }
}
