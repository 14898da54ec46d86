import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { guarded, WorkspaceError } from './errors.ts';

/** Lower-case hexadecimal SHA-256 of some bytes. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Files are the same on every machine, and only the system that crashed may have lost a rename. */
function syncFolder(folder: string): void {
  // Windows cannot open a folder, and needs not.
  if (process.platform === 'win32') return;
  const handle = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

function writeWhole(path: string, bytes: Uint8Array): void {
  const handle = fs.openSync(path, 'wx');
  try {
    let written = 0;
    while (written < bytes.length) written += fs.writeSync(handle, bytes, written);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/**
 * Files named by the SHA-256 of their content, in 256 folders. A file appears under its name only once it is whole
 * and on the disk: it is written beside, synced, and renamed.
 */
export class BlobReader {
  protected readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  pathOf(hash: string): string {
    return join(this.folder, hash.slice(0, 2), hash);
  }

  has(hash: string): boolean {
    return fs.existsSync(this.pathOf(hash));
  }

  /** @throws WorkspaceError `lost-file` when the file is missing or its content is not what its name says */
  read(hash: string): Uint8Array {
    if (!this.has(hash)) {
      throw new WorkspaceError(
        'lost-file',
        `The file ${hash} is missing from ${this.folder}: run the audit again.`,
      );
    }
    const bytes = guarded(this.folder, () => fs.readFileSync(this.pathOf(hash)));
    if (sha256(bytes) !== hash) {
      throw new WorkspaceError(
        'lost-file',
        `The file ${hash} in ${this.folder} is damaged: run the audit again.`,
      );
    }
    return bytes;
  }

  /** Names of all files. */
  *names(): Generator<string> {
    for (const shard of this.shards()) yield* fs.readdirSync(join(this.folder, shard)).sort();
  }

  /** Bytes of one file. */
  sizeOf(hash: string): number {
    return fs.statSync(this.pathOf(hash)).size;
  }

  private shards(): string[] {
    if (!fs.existsSync(this.folder)) return [];
    return fs
      .readdirSync(this.folder)
      .filter((name) => /^[0-9a-f]{2}$/.test(name))
      .sort();
  }
}

export class BlobStore extends BlobReader {
  readonly #beside: string;

  constructor(folder: string) {
    super(folder);
    this.#beside = join(folder, 'unfinished');
    guarded(folder, () => {
      // What a killed process left half-written was never named by anything.
      fs.rmSync(this.#beside, { recursive: true, force: true });
      fs.mkdirSync(this.#beside, { recursive: true });
    });
  }

  /** Makes sure that a file with this content exists, on the disk. @returns its name */
  put(bytes: Uint8Array): string {
    const hash = sha256(bytes);
    if (!this.has(hash)) guarded(this.folder, () => this.#add(hash, bytes));
    return hash;
  }

  remove(hash: string): void {
    guarded(this.folder, () => fs.rmSync(this.pathOf(hash), { force: true }));
  }

  #add(hash: string, bytes: Uint8Array): void {
    const beside = join(this.#beside, randomBytes(8).toString('hex'));
    const path = this.pathOf(hash);
    const shard = dirname(path);
    try {
      writeWhole(beside, bytes);
      if (fs.mkdirSync(shard, { recursive: true })) syncFolder(this.folder);
      fs.renameSync(beside, path);
      syncFolder(shard);
    } catch (error) {
      fs.rmSync(beside, { force: true });
      throw error;
    }
  }
}
