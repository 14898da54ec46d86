import stringWidth from 'string-width';
import { printable, shortened } from './printable.ts';

/** Columns of a terminal that a cell takes: a class may have a name of any length. */
const WIDEST = 40;

/** A cell of a printed table; `undefined` prints as a dash. */
export type Cell = string | number | undefined;

/**
 * Lines up rows in columns, numbers to the right.
 * @param head titles of the columns
 * @param rows as many cells each as there are titles
 */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const whole = head.map((_, i) => rows.every((row) => isWhole(row[i])));
  const body = rows.map((row) => row.map((cell, i) => text(cell, whole[i])));
  const widths = head.map((title, i) =>
    Math.max(stringWidth(title), ...body.map((row) => stringWidth(row[i]))),
  );
  const right = head.map(
    (_, i) => rows.length > 0 && rows.every((row) => typeof row[i] !== 'string'),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => {
        const room = ' '.repeat(widths[i] - stringWidth(cell));
        return right[i] ? room + cell : cell + room;
      })
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...body.map(line)].join(
    '\n',
  );
}

/** Whether a cell does not ask its column for decimals. */
const isWhole = (cell: Cell): boolean => typeof cell !== 'number' || Number.isInteger(cell);

function text(cell: Cell, whole: boolean): string {
  if (cell === undefined) return '–';
  if (typeof cell === 'string') return shortened(printable(cell), WIDEST);
  return whole ? String(cell) : cell.toFixed(Math.abs(cell) >= 100 ? 0 : 2);
}
