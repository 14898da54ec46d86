import type { Connection } from './connection.ts';
import { WorkspaceError } from './errors.ts';
import type { Files } from './files.ts';

/** Results that can be computed again, such as the mean activations of a class: lost ones cost time alone. */
export class Cache {
  readonly #connection: Connection;
  readonly #files: Files;

  constructor(connection: Connection, files: Files) {
    this.#connection = connection;
    this.#files = files;
  }

  /** @returns the bytes kept under a key; undefined also where their file is lost or damaged */
  // eslint-disable-next-line @typescript-eslint/require-await -- callers expect a promise, whatever keeps the bytes
  async get(key: string): Promise<Uint8Array | undefined> {
    const hash = this.#hashOf(key);
    if (hash === undefined) return undefined;
    try {
      return this.#files.blobs.read(hash);
    } catch (error) {
      if (!(error instanceof WorkspaceError)) throw error;
      this.#forget(key, hash);
      return undefined;
    }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async put(key: string, bytes: Uint8Array): Promise<void> {
    const before = this.#hashOf(key);
    this.#connection.transaction(() => {
      this.#connection.run('INSERT OR REPLACE INTO cache VALUES (:key, :hash)', {
        key,
        hash: this.#files.add(bytes),
      });
    });
    this.#files.release(before);
  }

  /** Empties the cache. */
  clear(): void {
    this.#connection.run('DELETE FROM cache');
    this.#files.collect();
  }

  #hashOf(key: string): string | undefined {
    const sql = 'SELECT hash FROM cache WHERE key = :key';
    return this.#connection.get<{ hash: string }>(sql, { key })?.hash;
  }

  /** A damaged file would be taken for a good one when the same bytes come again. */
  #forget(key: string, hash: string): void {
    this.#connection.run('DELETE FROM cache WHERE key = :key', { key });
    this.#files.release(hash);
  }
}
