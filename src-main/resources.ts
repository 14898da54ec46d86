import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The nearest folder above this module that holds package.json: the same from src-main and from out/main. */
function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('package.json is missing: install Eidoscope again.');
    folder = parent;
  }
  return folder;
}

/** The program's own folder. */
export const programRoot = findRoot();

/** Path of a bundled file. @param name relative to the folder `resources`, with forward slashes */
export function resourcePath(name: string): string {
  return join(programRoot, 'resources', ...name.split('/'));
}
