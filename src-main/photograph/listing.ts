import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, PhotographError } from './errors.ts';

/** What lies in a folder, sorted by code unit, so that the order is the same in every language. */
export interface Listing {
  readonly folders: string[];
  readonly files: string[];
}

/** Names of the folders and files in a folder; links count as what they lead to. Hidden ones are passed over. */
export async function listing(folder: string): Promise<Listing> {
  const found: Listing = { folders: [], files: [] };
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    // A link that leads nowhere is a file that cannot be read, which is told as such later.
    const real = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
    if (real?.isDirectory()) found.folders.push(entry.name);
    else if (!real || real.isFile()) found.files.push(entry.name);
  }
  found.folders.sort(byName);
  found.files.sort(byName);
  return found;
}

/**
 * All files below a folder, however deep, as paths relative to it with `/` between their parts. A link back to a
 * folder above is not followed.
 * @throws PhotographError when a folder cannot be read
 */
export async function filesBelow(folder: string, above: readonly string[] = []): Promise<string[]> {
  const here = await realpath(folder);
  if (above.includes(here)) return [];
  const { folders, files } = await listing(folder).catch((error: unknown) => {
    throw new PhotographError(
      `The folder ${folder} cannot be read (${codeOf(error)}): allow reading it, or take it out.`,
    );
  });
  const deeper: string[] = [];
  for (const name of folders) {
    const below = await filesBelow(join(folder, name), [...above, here]);
    deeper.push(...below.map((file) => `${name}/${file}`));
  }
  return [...files, ...deeper];
}

/** By code unit. */
export function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
