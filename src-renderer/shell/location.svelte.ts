import { formatPlace, parsePlace, type Place, type Sight } from './address.ts';

/** Where the reviewer is, in step with the address. */
export class Location {
  place = $state.raw<Place>(parsePlace(location.hash));

  /** Goes somewhere else; “back” leads here again. */
  go(change: Partial<Place>): void {
    this.place = { ...this.place, ...change };
    location.hash = formatPlace(this.place);
  }

  /** Changes how things are shown here; “back” does not undo that. */
  adjust(options: Readonly<Record<string, string | undefined>>): void {
    const given = Object.entries({ ...this.place.options, ...options });
    const kept = given.filter((entry): entry is [string, string] => Boolean(entry[1]));
    this.place = { ...this.place, options: Object.fromEntries(kept) };
    history.replaceState(null, '', formatPlace(this.place));
  }

  /** Looks at something else in the same view; “back” does not undo that. */
  show(sights: readonly Sight[]): void {
    this.place = { ...this.place, sights };
    history.replaceState(null, '', formatPlace(this.place));
  }

  /** The address was changed by a link, by hand or by “back”. */
  follow(): void {
    if (formatPlace(this.place) !== location.hash) this.place = parsePlace(location.hash);
  }
}
