/**
 * Brings the tables in docs/ up to date that are made from the code: the options of the method and the operators.
 *
 *   npx node scripts/write-docs.ts
 */
import { writeFileSync } from 'node:fs';
import { pages } from './docs/pages.ts';

for (const { path, written, current } of await pages()) {
  if (written === current) continue;
  writeFileSync(path, current);
  process.stdout.write(`${path} is up to date again.\n`);
}
