import { visible } from './page/markup.ts';

/** A cell: figures as they are; nothing for what is undefined. */
export type Cell = string | number | boolean | null | undefined;

/** What makes spreadsheets take text for a formula, also behind blanks and in full width. */
const FORMULA = /^\s*[=+\-@＝＋－＠\t\r\n]/u;

/** Tells spreadsheets that the text is UTF-8. */
const MARK = '\ufeff';

/**
 * A table as CSV after RFC 4180: commas, CRLF, quotation marks where they are needed. Text that a spreadsheet would run
 * as a formula gets an apostrophe in front; figures stay figures. Characters that cannot be seen are replaced.
 */
export function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [head, ...rows].map((row) => row.map(cellOf).join(','));
  return `${MARK}${lines.join('\r\n')}\r\n`;
}

function cellOf(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = visible(FORMULA.test(cell) ? `'${cell}` : cell);
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
