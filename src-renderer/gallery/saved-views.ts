import type { Tile } from '../../src-main/api/audit.ts';
import type { SavedView } from '../../src-main/api/review.ts';
import { isToReview } from '../review/queue.ts';
import type { Place } from '../shell/address.ts';
import { liesIn, rangesOf, type Known } from './figures.ts';
import { answersSearch, filtersOf, passes } from './filters.ts';

/** Options of the gallery's address as one text: what a saved view keeps. */
export const queryOf = (options: Place['options']): string =>
  new URLSearchParams(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))).toString();

export const optionsOf = ({ query }: SavedView): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(query));

/**
 * How far the review of a view is: of the prototypes that it shows, whatever their mark, how many have one.
 * A view of what is unreviewed so is a queue that begins full and ends empty.
 */
export function progressOf(
  view: SavedView,
  tiles: readonly Tile[],
  known: Known,
): { reviewed: number; all: number } {
  const options = optionsOf(view);
  const { marks } = known;
  const filters = filtersOf(options);
  const ranges = rangesOf(options);
  const own = tiles.filter(
    (tile) =>
      isToReview(tile) &&
      answersSearch(tile, options.q ?? '') &&
      passes(filters, tile, marks, 'review') &&
      liesIn(ranges, tile, known),
  );
  const reviewed = own.filter(
    ({ runId }) => (marks[runId]?.state ?? 'unreviewed') !== 'unreviewed',
  ).length;
  return { reviewed, all: own.length };
}
