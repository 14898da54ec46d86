import { figureNames, figureOf, figures, type FigureName, type Known } from './figures.ts';
import type { Row } from './matrix.ts';

/** What rows can be sorted by. */
export const sortings = ['index', 'class', ...figures] as const;
export type Sorting = (typeof sortings)[number];

export const sortingNames: Readonly<Record<Sorting, string>> = {
  index: 'class index',
  class: 'class name',
  ...figureNames,
};

export interface Order {
  readonly by: Sorting;
  readonly descending: boolean;
  /** Key of the column whose figures count; the mean over all columns where there is none. */
  readonly column?: string;
}

/** Reads `logit`, `logit-down`, or `logit-down@1 paper 0` for one column's figures. */
export function orderOf(text: string | undefined): Order {
  const [order, column] = (text ?? '').split('@', 2);
  const [word, direction] = order.split('-');
  const by = sortings.find((sorting) => sorting === word) ?? 'index';
  return { by, descending: direction === 'down', ...(column && { column }) };
}

export const isByFigure = (by: Sorting): by is FigureName => by !== 'index' && by !== 'class';

export const formatOrder = ({ by, descending, column }: Order): string =>
  `${by}${descending ? '-down' : ''}${column && isByFigure(by) ? `@${column}` : ''}`;

const collator = new Intl.Collator('en', { numeric: true });

/** Mean of a figure over a row's tiles, or over the one in a place. */
function meanOf(row: Row, by: FigureName, place: number, known: Known): number | undefined {
  const values = (place < 0 ? row.tiles : [row.tiles[place]])
    .map((tile) => tile && figureOf(tile, by, known))
    .filter((value) => value !== undefined);
  return values.length > 0
    ? values.reduce((sum, value) => sum + value, 0) / values.length
    : undefined;
}

/**
 * Rows in an order. By a figure, its mean over the columns counts, or that of one column; rows without one come last
 * either way.
 * @param keys of the columns, in their order
 */
export function ordered(
  rows: readonly Row[],
  { by, descending, column }: Order,
  keys: readonly string[],
  known: Known,
): Row[] {
  const sign = descending ? -1 : 1;
  if (by === 'index') return [...rows].sort((a, b) => sign * (a.classIndex - b.classIndex));
  if (by === 'class') return [...rows].sort((a, b) => sign * collator.compare(a.label, b.label));
  const place = column === undefined ? -1 : keys.indexOf(column);
  return rows
    .map((row) => ({ row, mean: meanOf(row, by, place, known) }))
    .sort((a, b) => {
      if (a.mean === undefined || b.mean === undefined) {
        return Number(a.mean === undefined) - Number(b.mean === undefined);
      }
      return sign * (a.mean - b.mean) || a.row.classIndex - b.row.classIndex;
    })
    .map(({ row }) => row);
}
