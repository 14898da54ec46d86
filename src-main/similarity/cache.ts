import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where yardsticks are kept between runs. Keys are lower-case hexadecimal. What is lost is measured again. */
export interface Cache {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array): Promise<void>;
}

/** A cache in a temporary folder, for a run that was given none. It is removed on `dispose` and when the process ends. */
export class TemporaryCache implements Cache {
  readonly folder: string;
  readonly #onExit = () => rmSync(this.folder, { recursive: true, force: true });

  private constructor(folder: string) {
    this.folder = folder;
    process.once('exit', this.#onExit);
  }

  static async open(): Promise<TemporaryCache> {
    return new TemporaryCache(await mkdtemp(join(tmpdir(), 'eidoscope-')));
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return readFile(join(this.folder, key)).catch(() => undefined);
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await writeFile(join(this.folder, key), bytes);
  }

  dispose(): void {
    process.off('exit', this.#onExit);
    this.#onExit();
  }
}

/** A key for all that a cached result depends on: SHA-256 of the parts as JSON. */
export function cacheKey(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
