/** A piece of HTML that is known to be well-formed: made by `html`, from nothing but our own text. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What a template may hold. Text is text, whatever it looks like; what is undefined or false is nothing. */
export type Content = Markup | string | number | undefined | false | readonly Content[];

/**
 * HTML from a template. Every value is escaped but what `html` made itself, so that text from files, such as the names
 * of classes, is never markup. Values stand between tags or in quoted attributes.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const text = values.reduce<string>(
    (sum, value, place) => sum + textOf(value) + parts[place + 1],
    parts[0],
  );
  return new Markup(text);
}

function textOf(value: Content): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(textOf).join('');
  return escaped(String(value));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (character) => entities[character]);

/**
 * Text without characters that one cannot see but that change what is seen, such as those that turn the direction of
 * reading. Line breaks, tabs and the joiners that some scripts are spelled with stay.
 */
export const visible = (text: string): string =>
  text.replace(/[^\P{C}\n\t\u200c\u200d]/gu, '\ufffd');

/** Text in a stylesheet's quotation marks: everything but letters, digits and blanks is written by its number. */
export const cssString = (text: string): string =>
  `"${visible(text).replace(/[^\p{L}\p{N} ]/gu, (character) => `\\${character.codePointAt(0)!.toString(16)} `)}"`;

/** A name from a file: it cannot turn the direction of what stands beside it. */
export const named = (text: string): Markup => html`<bdi>${text}</bdi>`;

/** A list with commas and an “and”. */
export const listed = (parts: readonly Content[]): Content[] =>
  parts.map((part, place) => [
    place === 0 ? '' : place === parts.length - 1 ? ' and ' : ', ',
    part,
  ]);
