import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileRecord } from '../classifier/files.ts';
import { guarded } from './errors.ts';

/** What a page sends lies here, a folder for what was sent together, until it is kept. */
export const uploadsFolder = (workspace: string): string => join(workspace, 'uploads');

/** Files of models that were sent and kept. */
const modelsFolder = (workspace: string): string => join(workspace, 'models');

/** The folder directly in `parent` that holds a path, if it is in one. */
function folderWithin(parent: string, path: string): string | undefined {
  const [first, ...rest] = relative(parent, resolve(path)).split(sep);
  return rest.length === 0 || first === '..' || first === '' ? undefined : join(parent, first);
}

/** Milliseconds after which nobody waits any more for what they sent. */
const FORGOTTEN = 24 * 3600 * 1000;

/** Removes what was sent long ago and never kept. */
export function clearUploads(workspace: string, now = Date.now()): void {
  const folder = uploadsFolder(workspace);
  if (!existsSync(folder)) return;
  guarded(workspace, () => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (now - statSync(path).mtimeMs > FORGOTTEN) rmSync(path, { recursive: true });
    }
  });
}

/**
 * Keeps what was sent together with a file, under a name made of its content: the same files are kept once.
 * @returns the file's path from now on; the same as before for one that was not sent
 */
export async function keepUpload(workspace: string, path: string): Promise<string> {
  const from = folderWithin(uploadsFolder(workspace), path);
  if (from === undefined || !existsSync(from)) return path;
  const to = join(modelsFolder(workspace), await contentOf(from));
  guarded(workspace, () => {
    mkdirSync(dirname(to), { recursive: true });
    if (existsSync(to)) rmSync(from, { recursive: true });
    else renameSync(from, to);
  });
  return join(to, relative(from, resolve(path)));
}

/** Removes the files that were sent together with a file, kept or not; others stay where they are. */
export function discardUpload(workspace: string, path: string): void {
  const folder =
    folderWithin(uploadsFolder(workspace), path) ?? folderWithin(modelsFolder(workspace), path);
  if (folder) guarded(workspace, () => rmSync(folder, { recursive: true, force: true }));
}

/** Whether two paths lie in one folder of files that were sent together. */
export function sentTogether(workspace: string, one: string, other: string): boolean {
  const folder = folderWithin(modelsFolder(workspace), one);
  return folder !== undefined && folder === folderWithin(modelsFolder(workspace), other);
}

/** SHA-256 over the places and contents of the files of a folder and of those in it. */
async function contentOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  for (const file of files.map(({ parentPath, name }) => join(parentPath, name)).sort()) {
    const { path, sha256 } = await fileRecord(folder, file);
    hash.update(`${path}\0${sha256}\n`);
  }
  return hash.digest('hex');
}
