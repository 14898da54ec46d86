import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cssString } from './markup.ts';
import { darkRules, screenRules } from './style-screen.ts';
import { printRules } from './style-print.ts';

const { resolve } = createRequire(import.meta.url);

/** Scripts of the typeface that the page brings along; for others it uses what the machine has. */
const SCRIPTS = {
  latin:
    'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD',
  greek: 'U+0370-0377,U+037A-037F,U+0384-038A,U+038C,U+038E-03A1,U+03A3-03FF',
};
const WEIGHTS = [400, 600];

/** The studio's typeface, so that a report looks the same everywhere, and its PDF holds the same letters. */
const typeface = (): string =>
  WEIGHTS.flatMap((weight) =>
    Object.entries(SCRIPTS).map(([script, range]) => {
      const name = `@fontsource/inter/files/inter-${script}-${weight}-normal.woff2`;
      const data = readFileSync(resolve(name)).toString('base64');
      return `@font-face{font-family:Inter;font-weight:${weight};src:url(data:font/woff2;base64,${data}) format('woff2');unicode-range:${range}}`;
    }),
  ).join('\n');

interface Heads {
  readonly title: string;
  readonly date: string;
  /** White whatever the machine's theme, as it is printed. */
  readonly paper?: boolean;
}

/** Characters of a title that fit at the head of a page. */
const LONGEST_TITLE = 90;

/** The stylesheet of the page. */
export function styleOf({ title, date, paper = false }: Heads): string {
  const characters = Array.from(title);
  const short =
    characters.length > LONGEST_TITLE
      ? `${characters.slice(0, LONGEST_TITLE - 1).join('')}…`
      : title;
  const heads = `@page{@top-left{content:${cssString(short)}}@top-right{content:${cssString(date)}}}`;
  const themes = paper ? [] : [darkRules];
  return [typeface(), screenRules, ...themes, printRules, heads].join('\n');
}
