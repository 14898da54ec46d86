import { Viewport } from '../picture/viewport.svelte.ts';
import { formatSight, type Sight } from '../shell/address.ts';
import type { Location } from '../shell/location.svelte.ts';

const modes = ['side', 'swipe', 'blink', 'difference'] as const;
export type Mode = (typeof modes)[number];

/** Pictures that are compared at most. */
const MOST = 4;

/** Two to four pictures, zoomed and panned in step. The first one is what the others are compared with. */
export class CompareState {
  readonly #location: Location;
  readonly viewport = new Viewport();
  /** The pane that keys act on. */
  #active = $state(0);
  /** Which of two pictures blinking shows. */
  second = $state(false);
  /** Where the swipe divides, 0 … 1. */
  division = $state(0.5);

  constructor(location: Location) {
    this.#location = location;
  }

  get sights(): readonly Sight[] {
    const { view, sights } = this.#location.place;
    return view === 'compare' ? sights.slice(0, MOST) : [];
  }

  get mode(): Mode {
    const found = modes.find((mode) => mode === this.#location.place.options.mode);
    return this.sights.length < 2 ? 'side' : (found ?? 'side');
  }

  /** What a mark here is about: all pictures together, or the one prototype. */
  get subject(): readonly string[] | undefined {
    const { sights } = this;
    const [alone] = sights;
    if (sights.length === 1) return alone.runId === undefined ? undefined : [`${alone.runId}`];
    return sights.length > 1 ? sights.map(formatSight) : undefined;
  }

  get active(): number {
    return Math.min(this.#active, Math.max(0, this.sights.length - 1));
  }

  get sight(): Sight | undefined {
    return this.sights[this.active];
  }

  /** The one that the first is laid over with: the active pane, or the second. */
  get other(): number {
    return this.active === 0 ? 1 : this.active;
  }

  activate(place: number): void {
    this.#active = place;
  }

  step(by: number): void {
    const count = this.sights.length;
    if (count > 0) this.#active = (this.active + by + count) % count;
  }

  /** Into a mode, or out of it again. */
  toggle(mode: Mode): void {
    this.#location.adjust({ mode: this.mode === mode || mode === 'side' ? undefined : mode });
    this.second = false;
  }

  /** The first press lays the pictures over each other, the next ones switch between them. */
  blink(): void {
    if (this.mode === 'blink') this.second = !this.second;
    else this.toggle('blink');
  }

  /** Makes the active picture the one that the others are compared with. */
  lead(): void {
    const { sight, active } = this;
    if (!sight) return;
    const others = this.sights.filter((_, place) => place !== active);
    this.#location.show([sight, ...others]);
    this.#active = 0;
  }

  /** Shows another step of the active picture's making. */
  showStep(sight: Sight): void {
    this.#location.show(this.sights.map((old, place) => (place === this.active ? sight : old)));
  }

  /** Sets a picture beside the others, unless it is there or there is no room. @returns whether it is shown */
  add(sight: Sight): boolean {
    const names = this.sights.map(formatSight);
    const place = names.indexOf(formatSight(sight));
    if (place < 0 && names.length >= MOST) return false;
    if (place < 0) this.#location.show([...this.sights, sight]);
    return true;
  }

  /** Into the comparison, or out of it again. */
  toggleSight(sight: Sight): void {
    const place = this.sights.map(formatSight).indexOf(formatSight(sight));
    if (place < 0) this.add(sight);
    else this.remove(place);
  }

  remove(place: number): void {
    this.#location.show(this.sights.filter((_, other) => other !== place));
  }
}
