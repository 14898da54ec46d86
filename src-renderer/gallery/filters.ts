import type { Model, Tile } from '../../src-main/api/audit.ts';
import type { Mark } from '../../src-main/api/review.ts';
import { stateNames } from '../glossary/names.ts';

/** What a filter asks of a tile; a tile has exactly one value of each. */
export const facets = ['model', 'profile', 'state', 'seen', 'review'] as const;
export type Facet = (typeof facets)[number];

/** Chosen values: within a facet any of them, and every facet that has some. */
export type Filters = Readonly<Partial<Record<Facet, readonly string[]>>>;

export interface Chip {
  readonly facet: Facet;
  readonly value: string;
  readonly name: string;
  /** Tiles that would be left with this value alone, under the other facets' filters. */
  readonly count: number;
  readonly chosen: boolean;
}

type Marks = Readonly<Record<number, Mark>>;

const valueOf: Readonly<Record<Facet, (tile: Tile, marks: Marks) => string>> = {
  model: ({ modelId }) => `${modelId}`,
  profile: ({ profile }) => profile,
  state: ({ state }) => state,
  seen: ({ seenAs }) => (seenAs === undefined ? 'own' : 'other'),
  review: ({ runId }, marks) => marks[runId]?.state ?? 'unreviewed',
};

export const passes = (filters: Filters, tile: Tile, marks: Marks, except?: Facet): boolean =>
  facets.every((facet) => {
    const chosen = filters[facet];
    return facet === except || !chosen?.length || chosen.includes(valueOf[facet](tile, marks));
  });

/** Whether a class's name or index is what was searched for: all words, in any order. */
export function answersSearch({ label, classIndex }: Tile, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const name = label.toLowerCase();
  return words.every((word) => name.includes(word) || `${classIndex}` === word);
}

function nameOf(facet: Facet, value: string, models: readonly Model[]): string {
  if (facet === 'model') return models.find(({ id }) => `${id}` === value)?.name ?? value;
  if (facet === 'state') return stateNames[value] ?? value;
  if (facet === 'seen') return value === 'other' ? 'seen as another class' : 'seen as its class';
  return value;
}

/** The chips of a facet, with counts; a facet of one value is no choice, and has none. */
export function chipsOf(
  facet: Facet,
  tiles: readonly Tile[],
  filters: Filters,
  { models, marks }: { models: readonly Model[]; marks: Marks },
): Chip[] {
  const values = [...new Set(tiles.map((tile) => valueOf[facet](tile, marks)))];
  const counts = new Map<string, number>();
  for (const tile of tiles) {
    const value = valueOf[facet](tile, marks);
    if (passes(filters, tile, marks, facet)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const chips = values.map((value) => ({
    ...{ facet, value, name: nameOf(facet, value, models), count: counts.get(value) ?? 0 },
    chosen: filters[facet]?.includes(value) ?? false,
  }));
  // Nearly all prototypes are seen as their class: the others are what one looks for.
  const offered = facet === 'seen' ? chips.filter(({ value }) => value === 'other') : chips;
  return chips.length > 1 ? offered : [];
}

/** The filters after a chip was pressed. */
export function toggled(filters: Filters, facet: Facet, value: string): Filters {
  const chosen = filters[facet] ?? [];
  const next = chosen.includes(value)
    ? chosen.filter((other) => other !== value)
    : [...chosen, value];
  return { ...filters, [facet]: next };
}

/** Reads the filters of an address. */
export const filtersOf = (options: Readonly<Record<string, string>>): Filters =>
  Object.fromEntries(
    facets.filter((facet) => options[facet]).map((facet) => [facet, options[facet].split(',')]),
  );

export const optionsOf = (filters: Filters): Record<string, string> =>
  Object.fromEntries(
    facets.flatMap((facet) => {
      const chosen = filters[facet];
      return chosen?.length ? [[facet, chosen.join(',')]] : [];
    }),
  );
