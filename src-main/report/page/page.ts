import { limits, layers, reproduction, words } from './closing.ts';
import { day, type Context } from './context.ts';
import { gallery } from './gallery.ts';
import { html, Markup } from './markup.ts';
import { method } from './method.ts';
import { notes } from './notes.ts';
import { opening, titleOf } from './opening.ts';
import { relations } from './relations.ts';
import { similarity } from './similarity.ts';
import { styleOf } from './style.ts';
import { subjects } from './subjects.ts';

/** Nothing is fetched and nothing runs: all that the page needs is inside it. */
const POLICY =
  "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const contents = [
  ['summary', 'Summary'],
  ['findings', 'Findings'],
  ['gallery', 'Gallery'],
  ['similarity', 'Path similarity'],
  ['relations', 'Entanglement and transfer'],
  ['limits', 'What the method cannot show'],
  ['models', 'Models'],
  ['method', 'Method'],
  ['reproduction', 'How to make it again'],
  ['glossary', 'Glossary'],
  ['layers', 'Layer by layer'],
] as const;

/**
 * A report as one page that stands by itself. The same report gives the same text.
 * @param paper white whatever the machine's theme
 */
export function pageOf(context: Context, paper = false): string {
  const { report } = context;
  const title = titleOf(report);
  const style = new Markup(styleOf({ title, date: day(report.asOf), paper }));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="Eidoscope ${report.eidoscope}" />
        <meta name="color-scheme" content="${paper ? 'light' : 'light dark'}" />
        <title>${title} – audit report</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <nav aria-label="Contents">
          <ol>
            ${contents.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}
          </ol>
        </nav>
        <main>
          ${opening(context)} ${notes(context)} ${gallery(context)} ${similarity(context)}
          ${relations(context)} ${limits(context)} ${subjects(context)} ${method(context)}
          ${reproduction(context)} ${words(context)} ${layers(context)}
        </main>
        <footer>
          <p>Made with Eidoscope ${report.eidoscope}, which computes on this machine alone.</p>
        </footer>
      </body>
    </html> `.text;
}
