/** Opens the folder that the command line names, as Electron's own default app does: `electron [-r MODULE] FOLDER`. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const require = createRequire(import.meta.url);
const words = process.argv.slice(1);
let folder;
while (folder === undefined && words.length > 0) {
  const word = words.shift();
  if (word === '-r') require(words.shift());
  else if (!word.startsWith('-')) folder = resolve(word);
}
const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
app.setAppPath(folder);
await import(pathToFileURL(join(folder, main)).href);
