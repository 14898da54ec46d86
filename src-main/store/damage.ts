import fs from 'node:fs';
import { basename, join } from 'node:path';
import { guarded, WorkspaceError } from './errors.ts';

const MAGIC = 'SQLite format 3\0';
const prefix = 'damaged-';

/** Whether the file is a SQLite database by its first bytes, or still empty. */
export function looksLikeDatabase(file: string): boolean {
  const start = Buffer.alloc(MAGIC.length);
  const handle = fs.openSync(file, 'r');
  try {
    const length = fs.readSync(handle, start, 0, start.length, 0);
    return length === 0 || start.toString('latin1') === MAGIC;
  } finally {
    fs.closeSync(handle);
  }
}

/** Whether a damaged database was once moved aside here, and may still be wanted with the files that it names. */
export function holdsDamaged(folder: string): boolean {
  return fs.readdirSync(folder).some((name) => name.startsWith(prefix));
}

/** The first of `stem1`, `stem2`, … that does not exist. */
export function freeName(stem: string, extension = ''): string {
  let number = 1;
  while (fs.existsSync(`${stem}${number}${extension}`)) number++;
  return `${stem}${number}${extension}`;
}

/**
 * Moves a damaged database, with its log, into a folder of its own; nothing is deleted.
 * @returns the error that tells of it
 */
export function moveAside(folder: string, database: string, reason: string): WorkspaceError {
  const aside = freeName(join(folder, prefix));
  guarded(folder, () => {
    fs.mkdirSync(aside);
    for (const suffix of ['-wal', '-shm', '']) {
      const file = join(folder, database + suffix);
      if (fs.existsSync(file)) fs.renameSync(file, join(aside, database + suffix));
    }
  });
  return new WorkspaceError(
    'corrupt',
    `The database of ${folder} is damaged (${reason}) and was moved to ${basename(aside)}, nothing was deleted: ` +
      'put a backup in its place, or run the same command again to start anew.',
  );
}
