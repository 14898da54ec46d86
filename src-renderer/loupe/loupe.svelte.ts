import type { Tile } from '../../src-main/api/audit.ts';
import type { Prototype, Snapshot } from '../../src-main/api/prototype.ts';
import type { GalleryState } from '../gallery/gallery.svelte.ts';
import { neighbour, spotOf } from '../gallery/selection.ts';
import { Viewport } from '../picture/viewport.svelte.ts';
import type { Made as Sight } from '../shell/address.ts';
import type { Answers } from '../shell/answers.svelte.ts';
import type { Location } from '../shell/location.svelte.ts';
import { pictured, placeOf, sightAt } from './steps.ts';

/** One prototype, looked at closely; the rows and columns around it are the gallery's. */
export class LoupeState {
  readonly #location: Location;
  readonly #gallery: GalleryState;
  readonly #prototypes: Answers<Prototype>;
  readonly viewport = new Viewport();

  constructor(location: Location, gallery: GalleryState, prototypes: Answers<Prototype>) {
    this.#location = location;
    this.#gallery = gallery;
    this.#prototypes = prototypes;
  }

  get sight(): Sight | undefined {
    return this.#location.place.sights.find((sight) => sight.runId !== undefined);
  }

  get tile(): Tile | undefined {
    return this.sight && this.#gallery.byRun.get(this.sight.runId);
  }

  get answer() {
    return this.sight && this.#prototypes.get(this.sight.runId);
  }

  /** Snapshots with a picture, in order; the finished prototype is not one of them. */
  get steps(): readonly Snapshot[] {
    return pictured(this.answer?.value?.snapshots ?? []);
  }

  /** Which of the steps is shown; as many as there are steps for the finished prototype. */
  get step(): number {
    return placeOf(this.steps, this.sight);
  }

  /** The strip of pictures: the same column, class by class. */
  get strip(): readonly Tile[] {
    const spot = this.#spot;
    if (!spot) return this.tile ? [this.tile] : [];
    if (this.#gallery.isBlind) return this.#gallery.shown;
    return this.#gallery.rows
      .map(({ tiles }) => tiles[spot.column])
      .filter((tile) => tile !== undefined);
  }

  /** The same class under other models and profiles. */
  get siblings(): readonly Tile[] {
    const spot = this.#spot;
    if (!spot) return this.tile ? [this.tile] : [];
    return this.#gallery.rows[spot.row].tiles.filter((tile) => tile !== undefined);
  }

  get #spot() {
    return spotOf(this.#gallery.rows, this.sight?.runId);
  }

  show(sight: Sight): void {
    this.#gallery.choose(sight.runId);
    this.#location.show([sight]);
  }

  /** In a blind review there are no classes and columns: the next picture of the strip. */
  #beside(by: number): Tile | undefined {
    return this.strip[this.strip.findIndex(({ runId }) => runId === this.sight?.runId) + by];
  }

  /** To another class or another column. */
  move(down: number, right: number): void {
    const spot = this.#spot;
    const to = this.#gallery.isBlind
      ? this.#beside(down + right)
      : spot && neighbour(this.#gallery.rows, spot, down, right);
    if (to) this.show({ runId: to.runId });
  }

  /** Through the steps of the optimisation. */
  async scrub(by: number): Promise<void> {
    const runId = this.sight?.runId;
    if (runId === undefined) return;
    await this.#prototypes.whenKnown(runId);
    // Another key may have come meanwhile.
    if (this.sight?.runId === runId) this.scrubTo(this.step + by);
  }

  scrubTo(place: number): void {
    const { sight, steps } = this;
    if (!sight || place < 0 || place > steps.length) return;
    this.#location.show([sightAt(sight.runId, steps, place)]);
  }
}
