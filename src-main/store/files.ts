import type { BlobStore } from './blobs.ts';
import type { Connection } from './connection.ts';
import { blobReferences } from './schema.ts';

/** Condition on a row of `blobs`. */
export const UNREFERENCED = blobReferences
  .map(([table, column]) => `NOT EXISTS (SELECT 1 FROM ${table} WHERE ${column} = blobs.hash)`)
  .join(' AND ');

/** Content-addressed files together with the rows that vouch for them: always the file first, then its row. */
export class Files {
  readonly blobs: BlobStore;
  readonly #connection: Connection;

  constructor(blobs: BlobStore, connection: Connection) {
    this.blobs = blobs;
    this.#connection = connection;
  }

  /** Call it inside the transaction that refers to the file. @returns the file's name */
  add(bytes: Uint8Array): string {
    const hash = this.blobs.put(bytes);
    this.#connection.run('INSERT INTO blobs VALUES (:hash, :bytes) ON CONFLICT DO NOTHING', {
      hash,
      bytes: bytes.length,
    });
    return hash;
  }

  /** Removes a file unless something refers to it. Call it after the transaction that let go of it. */
  release(hash: string | null | undefined): void {
    if (!hash) return;
    const sql = `DELETE FROM blobs WHERE hash = :hash AND ${UNREFERENCED}`;
    if (this.#connection.run(sql, { hash }) > 0) this.blobs.remove(hash);
  }

  /** Removes every file that nothing refers to. @returns how many, and their bytes */
  collect(): { files: number; bytes: number } {
    this.#connection.run(`DELETE FROM blobs WHERE ${UNREFERENCED}`);
    const known = this.#known();
    let [files, bytes] = [0, 0];
    for (const name of [...this.blobs.names()]) {
      if (known.has(name)) continue;
      bytes += this.blobs.sizeOf(name);
      files++;
      this.blobs.remove(name);
    }
    return { files, bytes };
  }

  #known(): Set<string> {
    return new Set(
      this.#connection.all<{ hash: string }>('SELECT hash FROM blobs').map((row) => row.hash),
    );
  }
}
