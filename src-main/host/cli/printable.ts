/**
 * Names come from files, and a terminal obeys control characters: each one is replaced. Line breaks and tabs are
 * blanks here, for a name has no lines.
 */
export const printable = (text: string): string =>
  text.replace(/\s+/gu, ' ').replace(/\p{C}/gu, '�');

/** The same for text of several lines, which stay. */
export const printableLines = (text: string): string => text.replace(/[^\P{C}\n]/gu, '�');

/** A name of at most so many characters. */
export function shortened(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}
