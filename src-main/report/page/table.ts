import { html, type Content, type Markup } from './markup.ts';

export interface Column {
  readonly title: Content;
  /** Figures stand to the right, in digits of equal width. */
  readonly figures?: boolean;
}

interface Table {
  readonly caption: Content;
  readonly columns: readonly Column[];
  /** The first cell of a row is its heading. */
  readonly rows: readonly (readonly Content[])[];
  /** Name of a class of the stylesheet. */
  readonly kind?: string;
}

/** Rows up to which a table stays on one page. */
const SHORT = 14;

/** A table that can be read aloud: with a caption, and with headings of columns and rows. */
export function table({ caption, columns, rows, kind = 'plain' }: Table): Markup {
  const cell = (content: Content, place: number): Markup =>
    place === 0
      ? html`<th scope="row">${content}</th>`
      : html`<td class="${columns[place].figures ? 'figure' : 'text'}">${content}</td>`;
  const length = rows.length <= SHORT ? 'short' : 'long';
  return html`<table class="${kind} ${length}">
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        ${columns.map(
          ({ title, figures }) =>
            html`<th scope="col" class="${figures ? 'figure' : 'text'}">${title}</th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map(cell)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Facts by name. */
export const facts = (list: readonly (readonly [name: Content, fact: Content])[]): Markup =>
  html`<dl class="facts">
    ${list.map(
      ([name, fact]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${fact}</dd>
        </div>`,
    )}
  </dl>`;
