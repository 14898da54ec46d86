import type { Point } from '../api/job.ts';

/** More points than a curve of the page has pixels would be no use. */
export const MOST_POINTS = 256;

const isBefore = (a: Point, b: Point): boolean =>
  a.stage === b.stage ? a.step < b.step : a.stage === 'baseline';

/**
 * The curve of an optimisation under way: evenly spaced steps, however many there were, and the latest one. When it
 * gets too long, every other point goes.
 */
export class Trace {
  #kept: Point[] = [];
  #every = 1;
  #latest: Point | undefined;

  /** @param before points of an interrupted optimisation, oldest first; what it will come by again does not count */
  constructor(before: readonly Point[], first: Point) {
    for (const point of before) if (isBefore(point, first)) this.#keep(point);
    this.add(first);
  }

  get points(): Point[] {
    const latest = this.#latest;
    return latest && latest !== this.#kept.at(-1) ? [...this.#kept, latest] : [...this.#kept];
  }

  add(point: Point): void {
    this.#latest = point;
    if (point.step % this.#every === 0) this.#keep(point);
  }

  #keep(point: Point): void {
    this.#kept.push(point);
    if (this.#kept.length < MOST_POINTS) return;
    this.#every *= 2;
    this.#kept = this.#kept.filter(({ step }) => step % this.#every === 0);
  }
}
