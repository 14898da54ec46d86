import type { Tile } from '../../src-main/api/audit.ts';
import type { Row, ScoreIndex } from './matrix.ts';

/** What rows can be sorted by. */
export const sortings = ['index', 'class', 'logit', 'pooled', 'probability'] as const;
export type Sorting = (typeof sortings)[number];

export const sortingNames: Readonly<Record<Sorting, string>> = {
  index: 'class index',
  class: 'class name',
  logit: 'logit',
  pooled: 'pooled similarity',
  probability: 'probability',
};

export interface Order {
  readonly by: Sorting;
  readonly descending: boolean;
}

export function orderOf(text: string | undefined): Order {
  const [word, direction] = (text ?? '').split('-');
  const by = sortings.find((sorting) => sorting === word) ?? 'index';
  return { by, descending: direction === 'down' };
}

export const formatOrder = ({ by, descending }: Order): string =>
  `${by}${descending ? '-down' : ''}`;

const collator = new Intl.Collator('en', { numeric: true });

/** @returns undefined where a tile has no such figure */
function valueOf(tile: Tile, by: Sorting, scores: ScoreIndex): number | undefined {
  if (by === 'logit') return tile.logit;
  if (by === 'probability') return tile.probability;
  return scores.of(tile)?.normalisedPooled;
}

/** Mean of a figure over a row's tiles. */
function meanOf(row: Row, by: Sorting, scores: ScoreIndex): number | undefined {
  const values = row.tiles
    .map((tile) => tile && valueOf(tile, by, scores))
    .filter((value) => value !== undefined);
  return values.length > 0
    ? values.reduce((sum, value) => sum + value, 0) / values.length
    : undefined;
}

/** Rows in an order. By a figure, its mean over the columns counts, and rows without one come last either way. */
export function ordered(
  rows: readonly Row[],
  { by, descending }: Order,
  scores: ScoreIndex,
): Row[] {
  const sign = descending ? -1 : 1;
  if (by === 'index') return [...rows].sort((a, b) => sign * (a.classIndex - b.classIndex));
  if (by === 'class') return [...rows].sort((a, b) => sign * collator.compare(a.label, b.label));
  return rows
    .map((row) => ({ row, mean: meanOf(row, by, scores) }))
    .sort((a, b) => {
      if (a.mean === undefined || b.mean === undefined) {
        return Number(a.mean === undefined) - Number(b.mean === undefined);
      }
      return sign * (a.mean - b.mean) || a.row.classIndex - b.row.classIndex;
    })
    .map(({ row }) => row);
}
