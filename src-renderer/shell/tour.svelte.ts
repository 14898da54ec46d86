import type { View } from './address.ts';
import type { Desk } from './desk.svelte.ts';
import { isSample, steps, type Step } from './tour.ts';

/** The first-run tour: where it stands, and that it was taken. */
export class Tour {
  readonly #desk: Desk;
  #place = $state<number>();
  /** The view that the step at hand has led to. */
  #view = $state<View>();
  /** Its person went elsewhere: the card would speak of what is not there, and hide what is. */
  readonly waits = $derived.by(() => this.#place !== undefined && this.#desk.view !== this.#view);
  /** Whether its person started it, and so wants the keys there. */
  asked = $state(false);

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Absent when there is no tour under way. */
  get step(): Step | undefined {
    return this.#place === undefined ? undefined : steps[this.#place];
  }

  get number(): number {
    return (this.#place ?? 0) + 1;
  }

  get count(): number {
    return steps.length;
  }

  start(): void {
    this.asked = true;
    this.#goTo(0);
  }

  /** A first look at the sample begins with it, once. */
  offer(): void {
    const { settings, source, view } = this.#desk;
    if (settings.toured || this.step || view !== 'gallery' || !source.audit) return;
    if (isSample(source.audit, source.studio)) this.#goTo(0);
  }

  /** Goes back to what it speaks of. */
  resume(): void {
    this.asked = true;
    if (this.#place !== undefined) this.#goTo(this.#place);
  }

  move(by: 1 | -1): void {
    this.asked = true;
    const next = (this.#place ?? 0) + by;
    if (next >= steps.length) this.end();
    else this.#goTo(Math.max(0, next));
  }

  end(): void {
    this.#place = undefined;
    this.asked = false;
    this.#desk.settings.toured = true;
  }

  #goTo(place: number): void {
    this.#place = place;
    steps[place].go(this.#desk);
    this.#view = this.#desk.view;
  }
}
