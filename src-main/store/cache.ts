import type { BlobReader } from './blobs.ts';
import type { Connection } from './connection.ts';
import { WorkspaceError } from './errors.ts';
import type { Files } from './files.ts';

/** Results that can be computed again, as far as they are kept. */
export class CacheReader {
  protected readonly connection: Connection;
  readonly #blobs: BlobReader;

  constructor(connection: Connection, blobs: BlobReader) {
    this.connection = connection;
    this.#blobs = blobs;
  }

  /** @returns the bytes kept under a key; undefined also where their file is lost or damaged */
  // eslint-disable-next-line @typescript-eslint/require-await -- callers expect a promise, whatever keeps the bytes
  async get(key: string): Promise<Uint8Array | undefined> {
    const hash = this.hashOf(key);
    if (hash === undefined) return undefined;
    try {
      return this.#blobs.read(hash);
    } catch (error) {
      if (!(error instanceof WorkspaceError)) throw error;
      this.lost(key, hash);
      return undefined;
    }
  }

  protected hashOf(key: string): string | undefined {
    const sql = 'SELECT hash FROM cache WHERE key = :key';
    return this.connection.get<{ hash: string }>(sql, { key })?.hash;
  }

  /** Who only reads leaves a damaged file where it is. */
  protected lost(_key: string, _hash: string): void {}
}

/** Results that can be computed again, such as the mean activations of a class: lost ones cost time alone. */
export class Cache extends CacheReader {
  readonly #files: Files;

  constructor(connection: Connection, files: Files) {
    super(connection, files.blobs);
    this.#files = files;
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async put(key: string, bytes: Uint8Array): Promise<void> {
    const before = this.hashOf(key);
    this.connection.transaction(() => {
      this.connection.run('INSERT OR REPLACE INTO cache VALUES (:key, :hash)', {
        key,
        hash: this.#files.add(bytes),
      });
    });
    this.#files.release(before);
  }

  /** Empties the cache. */
  clear(): void {
    this.connection.run('DELETE FROM cache');
    this.#files.collect();
  }

  /** A damaged file would be taken for a good one when the same bytes come again. */
  protected override lost(key: string, hash: string): void {
    this.connection.run('DELETE FROM cache WHERE key = :key', { key });
    this.#files.release(hash);
  }
}
