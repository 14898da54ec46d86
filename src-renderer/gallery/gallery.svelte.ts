import { SvelteSet } from 'svelte/reactivity';
import type { Audit, Model, Tile } from '../../src-main/api/audit.ts';
import type { Blind } from '../review/blind.svelte.ts';
import type { Location } from '../shell/location.svelte.ts';
import type { Source } from '../shell/source.ts';
import {
  answersSearch,
  chipsOf,
  facets,
  filtersOf,
  optionsOf,
  passes,
  toggled,
} from './filters.ts';
import type { Facet } from './filters.ts';
import { figures, formatRange, liesIn, rangesOf, type FigureName, type Range } from './figures.ts';
import { blindColumns, blindRows, isVeiled, shuffled, veiled } from './blind.ts';
import { columnsOf, rowsOf, ScoreIndex } from './matrix.ts';
import { formatOrder, ordered, orderOf, type Order } from './order.ts';
import { isToReview } from '../review/queue.ts';
import { neighbour, rectangle, spotOf } from './selection.ts';

/** What a blind review may filter by. */
const blindFacets = ['state', 'review'] as const;

/** What the gallery shows and what is chosen in it. Filters, search and order are in the address. */
export class GalleryState {
  readonly #source: Source;
  readonly #location: Location;
  readonly #blind: Blind;

  /** The prototype that keys act on. It is one of the selected ones or not: the two are independent. */
  #primary = $state<number>();
  readonly selection = new SvelteSet<number>();
  /** Where a range begins. */
  #anchor: number | undefined;
  /** What was chosen last, unless something was selected since. */
  #plain: number | undefined;

  readonly isBlind = $derived.by(() => this.#blind.on);
  /** In a blind review in an order that tells nothing, and without names and figures until they are read. */
  readonly tiles = $derived.by((): readonly Tile[] => {
    const tiles = this.#audit?.tiles ?? [];
    if (!this.isBlind) return tiles;
    return shuffled(tiles).map((tile, place) =>
      this.#blind.hides(`${tile.runId}`) ? veiled(tile, place + 1) : tile,
    );
  });
  /** Runs whose prototypes are to be judged. */
  readonly toReview = $derived.by(
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- it is replaced whole, never changed
    () => new Set((this.#audit?.tiles ?? []).filter(isToReview).map(({ runId }) => runId)),
  );
  readonly #models = $derived.by(
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- it is replaced whole, never changed
    () => new Map(this.#audit?.models.map((model) => [model.id, model])),
  );
  readonly scores = $derived.by(() => new ScoreIndex(this.#audit?.scores ?? []));
  readonly search = $derived.by(() => this.#location.place.options.q ?? '');
  readonly filters = $derived.by(() => {
    const { state, review, ...telling } = filtersOf(this.#location.place.options);
    return this.isBlind ? { state, review } : { state, review, ...telling };
  });
  readonly ranges = $derived.by(() => (this.isBlind ? {} : rangesOf(this.#location.place.options)));
  /** Whether natural images stand beside the prototypes. */
  readonly hasNatural = $derived.by(
    () => !this.isBlind && this.#location.place.options.natural === 'yes',
  );
  readonly #known = $derived.by(() => ({ scores: this.scores, marks: this.#source.marks }));
  readonly order = $derived.by(() => orderOf(this.#location.place.options.sort));
  readonly found = $derived.by(() => this.tiles.filter((tile) => answersSearch(tile, this.search)));
  readonly shown = $derived.by(() =>
    this.found.filter(
      (tile) =>
        passes(this.filters, tile, this.#source.marks) && liesIn(this.ranges, tile, this.#known),
    ),
  );
  /** What a command acts on together: nothing of another audit, and nothing that is filtered away. */
  readonly selected = $derived.by(() => {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- it is replaced whole, never changed
    const shown = new Set(this.shown.map(({ runId }) => runId));
    return [...this.selection].filter((runId) => shown.has(runId));
  });
  readonly columns = $derived.by(() =>
    this.isBlind ? blindColumns : columnsOf(this.#audit?.models ?? [], this.shown, this.hasNatural),
  );
  readonly rows = $derived.by(() =>
    this.isBlind
      ? blindRows(this.shown)
      : ordered(
          rowsOf(this.shown, this.columns),
          this.order,
          this.columns.map(({ key }) => key),
          this.#known,
        ),
  );
  readonly chips = $derived.by(() =>
    (this.isBlind ? blindFacets : facets).map((facet) => ({
      facet,
      chips: chipsOf(facet, this.found, this.filters, {
        ...{ models: this.#audit?.models ?? [], marks: this.#source.marks },
      }),
    })),
  );
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- it is replaced whole, never changed
  readonly byRun = $derived.by(() => new Map(this.tiles.map((tile) => [tile.runId, tile])));

  constructor(source: Source, location: Location, blind: Blind) {
    this.#source = source;
    this.#location = location;
    this.#blind = blind;
  }

  get #audit(): Audit | undefined {
    return this.#source.audit;
  }

  /** The tile's model, without its name while the tile's names are hidden. */
  modelOf(tile: Tile): Model | undefined {
    const model = this.#models.get(tile.modelId);
    return model && isVeiled(tile) ? { ...model, name: '' } : model;
  }

  /** Name of a class, which some prototype of the audit is of. */
  labelOf(modelId: number, classIndex: number): string {
    const of = this.#audit?.tiles.find(
      (tile) => tile.modelId === modelId && tile.classIndex === classIndex,
    );
    return of?.label ?? `class ${classIndex}`;
  }

  /** The chosen tile, or the first one that is shown. */
  get primary(): Tile | undefined {
    const chosen = this.#primary === undefined ? undefined : this.byRun.get(this.#primary);
    return chosen ?? this.first;
  }

  get first(): Tile | undefined {
    return this.rows[0]?.tiles.find((tile) => tile !== undefined);
  }

  get isFiltered(): boolean {
    return this.shown.length < this.tiles.length;
  }

  choose(runId: number): void {
    this.#primary = runId;
    this.#anchor = runId;
    this.#plain = runId;
  }

  /** Goes to one that is to be judged alone: keys act on it, not on what was selected before. */
  look(runId: number): void {
    this.selection.clear();
    this.choose(runId);
  }

  /** Moves the primary, and with Shift the end of the selected range. */
  move(down: number, right: number, extend = false): void {
    const from = spotOf(this.rows, this.primary?.runId);
    // What keys acted on may have been filtered away: begin again at the start.
    const to = from ? neighbour(this.rows, from, down, right) : this.first;
    if (!to) return;
    if (extend) this.extendTo(to.runId);
    else this.choose(to.runId);
  }

  toggle(runId: number): void {
    if (!this.selection.delete(runId)) this.selection.add(runId);
    this.choose(runId);
    this.#plain = undefined;
  }

  /** Into the selection or out of it; as in file managers, what was chosen just before comes along. */
  toggleToo(runId: number): void {
    const before = this.#plain;
    const isFirst = this.selected.length === 0 && before !== runId;
    if (isFirst && before !== undefined && spotOf(this.rows, before)) this.selection.add(before);
    this.toggle(runId);
  }

  /** Selects the rectangle from where the range began. */
  extendTo(runId: number): void {
    const anchor = this.#anchor ?? this.primary?.runId;
    const from = spotOf(this.rows, anchor);
    const to = spotOf(this.rows, runId);
    if (!from || !to) return;
    this.selection.clear();
    for (const run of rectangle(this.rows, from, to)) this.selection.add(run);
    this.#primary = runId;
    this.#anchor = anchor;
    this.#plain = undefined;
  }

  press(facet: Facet, value: string): void {
    this.#location.adjust(cleared(optionsOf(toggled(this.filters, facet, value))));
  }

  /** Shows only what has a figure within limits. */
  limit(name: FigureName, range: Range): void {
    this.#location.adjust({ [name]: formatRange(range) });
  }

  showNatural(shown: boolean): void {
    this.#location.adjust({ natural: shown ? 'yes' : undefined });
  }

  clearFilters(): void {
    const unlimited = Object.fromEntries(figures.map((name) => [name, undefined]));
    this.#location.adjust({ ...cleared({}), ...unlimited, q: undefined });
  }

  lookFor(search: string): void {
    this.#location.adjust({ q: search || undefined });
  }

  sort(order: Order): void {
    const text = formatOrder(order);
    this.#location.adjust({ sort: text === 'index' ? undefined : text });
  }
}

/** Options of an address in which facets that are not given are cleared. */
const cleared = (options: Record<string, string>): Record<string, string | undefined> => ({
  ...Object.fromEntries(facets.map((facet) => [facet, undefined])),
  ...options,
});
