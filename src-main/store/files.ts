import type { BlobReader, BlobStore } from './blobs.ts';
import type { Connection } from './connection.ts';
import { blobReferences } from './schema.ts';

/** Condition on a row of `blobs`. */
export const UNREFERENCED = blobReferences
  .map(([table, column]) => `NOT EXISTS (SELECT 1 FROM ${table} WHERE ${column} = blobs.hash)`)
  .join(' AND ');

/** Files that nothing refers to, and their bytes. */
export interface Garbage {
  readonly files: number;
  readonly bytes: number;
}

/** Names of the files that nothing refers to, those that no row knows included. */
export function garbageOf(connection: Connection, blobs: BlobReader): string[] {
  const sql = `SELECT hash FROM blobs WHERE NOT (${UNREFERENCED})`;
  const needed = new Set(connection.all<{ hash: string }>(sql).map(({ hash }) => hash));
  return [...blobs.names()].filter((name) => !needed.has(name));
}

export const weighed = (blobs: BlobReader, names: readonly string[]): Garbage => ({
  files: names.length,
  bytes: names.reduce((sum, name) => sum + blobs.sizeOf(name), 0),
});

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
  collect(): Garbage {
    const names = garbageOf(this.#connection, this.blobs);
    const found = weighed(this.blobs, names);
    this.#connection.run(`DELETE FROM blobs WHERE ${UNREFERENCED}`);
    for (const name of names) this.blobs.remove(name);
    return found;
  }
}
