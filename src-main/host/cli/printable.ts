import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter();

/**
 * Names come from files, and a terminal obeys control characters: each one is replaced. Line breaks and tabs are
 * blanks here, for a name has no lines.
 */
export const printable = (text: string): string =>
  text.replace(/\s+/gu, ' ').replace(/\p{C}/gu, '�');

/** The same for text of several lines, which stay. */
export const printableLines = (text: string): string => text.replace(/[^\P{C}\n]/gu, '�');

/** What fits of a text into so many columns of a terminal; a Chinese character takes two. */
export function fitting(text: string, columns: number): string {
  let [fits, width] = ['', 0];
  for (const { segment } of graphemes.segment(text)) {
    width += stringWidth(segment);
    if (width > columns) break;
    fits += segment;
  }
  return fits;
}

/** A name of at most so many columns. */
export const shortened = (text: string, most: number): string =>
  stringWidth(text) > most ? `${fitting(text, most - 1)}…` : text;
