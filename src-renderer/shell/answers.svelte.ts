import { SvelteMap } from 'svelte/reactivity';

export interface Answer<T> {
  readonly value?: T;
  /** Why there is none, in one sentence. */
  readonly failure?: string;
}

/** Answers to one kind of question, each asked once and kept. */
export class Answers<T, K extends string | number = number> {
  readonly #known = new SvelteMap<K, Answer<T>>();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- what is asked shows nowhere
  readonly #asked = new Map<K, Promise<void>>();
  readonly #ask: (id: K) => Promise<T>;

  constructor(ask: (id: K) => Promise<T>) {
    this.#ask = ask;
  }

  get(id: K): Answer<T> | undefined {
    return this.#known.get(id);
  }

  /** Sees to it that the answer comes; to be called from an effect. */
  want(id: K): void {
    if (!this.#asked.has(id)) this.#asked.set(id, this.#fetch(id));
  }

  /** For keys that come before the answer. @returns what is known by then, or undefined where it failed */
  async whenKnown(id: K): Promise<T | undefined> {
    this.want(id);
    await this.#asked.get(id);
    return this.get(id)?.value;
  }

  /** What was answered has changed: what is shown stays until the new answer is there. */
  renew(id: K): void {
    if (this.#asked.has(id)) this.#asked.set(id, this.#fetch(id));
  }

  /** The service was away: what failed is asked for again. */
  retry(): void {
    for (const [id, { failure }] of this.#known) if (failure !== undefined) this.want(id);
  }

  async #fetch(id: K): Promise<void> {
    try {
      this.#known.set(id, { value: await this.#ask(id) });
    } catch (error) {
      this.#asked.delete(id);
      this.#known.set(id, { failure: (error as Error).message });
    }
  }
}
