import { createWriteStream } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { openPromise, type Entry, type ZipFile } from 'yauzl';

/** File modes of Unix stand in the upper half of a zip's attributes. */
const modeOf = (entry: Entry): number => entry.externalFileAttributes >>> 16;
const isLink = (entry: Entry): boolean => (modeOf(entry) & 0o170000) === 0o120000;

async function write(zip: ZipFile, entry: Entry, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const content = await zip.openReadStreamPromise(entry);
  if (isLink(entry)) return symlink(await text(content), path);
  await pipeline(content, createWriteStream(path, { mode: modeOf(entry) & 0o777 }));
}

/**
 * Unpacks a zip. @param place names a file's path in the folder, or undefined to leave it out
 * @throws Error when the archive is damaged, or a path leaves the folder
 */
export async function unzip(
  archive: string,
  folder: string,
  place: (name: string) => string | undefined,
): Promise<void> {
  const zip = await openPromise(archive);
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.endsWith('/') ? undefined : place(entry.fileName);
    if (name === undefined) continue;
    const path = resolve(folder, name);
    if (!path.startsWith(folder + sep)) throw new Error(`${name} leaves the folder.`);
    await write(zip, entry, path);
  }
}
