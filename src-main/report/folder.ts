import { existsSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { whyNotWritten } from '../store/errors.ts';
import { makeFolder } from '../store/make-folder.ts';
import { ReportError } from './errors.ts';
import { MANIFEST, readManifest } from './manifest.ts';

/**
 * Makes a folder of files appear whole: it is written beside its place, and put there when it is done. A report that
 * lies there is replaced; files of others stay, and a folder of others is refused.
 *
 * @param write puts the files into a folder
 * @throws ReportError when something else is in the place, or the disk refuses it
 */
export async function inPlace<T>(
  folder: string,
  write: (beside: string) => Promise<T>,
): Promise<T> {
  const beside = join(dirname(folder), `${basename(folder)}.unfinished-${process.pid}`);
  try {
    refuseOthers(folder);
    makeFolder(beside);
    const result = await write(beside);
    put(beside, folder);
    return result;
  } catch (error) {
    throw inWords(error, folder);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

function inWords(error: unknown, folder: string): unknown {
  const { syscall, code = '' } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  return new ReportError(`${folder} cannot be written: ${whyNotWritten(code)}.`, { cause: error });
}

function refuseOthers(folder: string): void {
  if (!existsSync(folder)) return;
  if (isFree(folder) || existsSync(join(folder, MANIFEST))) return;
  throw new ReportError(
    `${folder} holds other files: choose a folder that is empty, not there yet, or holds a report.`,
  );
}

function isFree(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch (error) {
    throw new ReportError(`${folder} is no folder: choose another path.`, { cause: error });
  }
}

function put(beside: string, folder: string): void {
  if (existsSync(folder)) {
    if (!isFree(folder)) removeReport(folder);
    if (isFree(folder)) rmdirSync(folder);
  }
  if (!existsSync(folder)) return renameSync(beside, folder);
  for (const name of readdirSync(beside)) renameSync(join(beside, name), join(folder, name));
}

/** Removes what a report wrote, and nothing else. */
function removeReport(folder: string): void {
  for (const { path } of readManifest(folder).files) {
    if (basename(path) === path) rmSync(join(folder, path), { force: true });
  }
  rmSync(join(folder, MANIFEST));
}
