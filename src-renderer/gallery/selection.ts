import type { Row } from './matrix.ts';

/** A place in the matrix, in rows and columns that are shown. */
export interface Spot {
  readonly row: number;
  readonly column: number;
}

/** Where a run is shown. */
export function spotOf(rows: readonly Row[], runId: number | undefined): Spot | undefined {
  if (runId === undefined) return undefined;
  for (let row = 0; row < rows.length; row++) {
    const column = rows[row].tiles.findIndex((tile) => tile?.runId === runId);
    if (column >= 0) return { row, column };
  }
  return undefined;
}

/** The next tile in a direction, past places that are empty. @returns undefined where there is none */
export function neighbour(rows: readonly Row[], from: Spot, down: number, right: number) {
  let { row, column } = from;
  for (;;) {
    row += down;
    column += right;
    const tiles = rows[row]?.tiles;
    if (!tiles || column < 0 || column >= tiles.length) return undefined;
    const tile = tiles[column];
    if (tile) return tile;
  }
}

/** All tiles in the rectangle between two places, row by row. */
export function rectangle(rows: readonly Row[], a: Spot, b: Spot): number[] {
  const [left, right] = [Math.min(a.column, b.column), Math.max(a.column, b.column)];
  return rows
    .slice(Math.min(a.row, b.row), Math.max(a.row, b.row) + 1)
    .flatMap(({ tiles }) => tiles.slice(left, right + 1))
    .filter((tile) => tile !== undefined)
    .map(({ runId }) => runId);
}
