import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { operatorTable } from './operators.ts';
import { optionTable } from './options.ts';

export interface Page {
  readonly path: string;
  readonly written: string;
  /** What it should say. */
  readonly current: string;
}

/** Pages with tables that are made from the code, and which table stands where. */
const TABLES: readonly (readonly [file: string, name: string, make: () => string])[] = [
  ['method.md', 'options', optionTable],
  ['models.md', 'operators', operatorTable],
];

/** All such pages, as they are and as they should be. @throws Error when a page has lost its markers */
export async function pages(): Promise<Page[]> {
  return Promise.all(
    TABLES.map(async ([file, name, make]) => {
      const path = join(import.meta.dirname, '..', '..', 'docs', file);
      const written = readFileSync(path, 'utf8');
      const options = await resolveConfig(path);
      const current = await format(replaced(written, name, make()), { ...options, filepath: path });
      return { path, written, current };
    }),
  );
}

/** The text with a table between its markers. */
function replaced(text: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`the markers of the table ${name} are missing`);
  return `${before}${begin}\n\n${table}\n\n${end}${after}`;
}
