import fs from 'node:fs';
import type { BlobReader } from './blobs.ts';
import { sha256 } from './blobs.ts';
import type { Connection } from './connection.ts';

/** What is wrong in a workspace; all lists are empty where nothing is. */
export interface Verdict {
  /** What SQLite's own check of the database says. */
  readonly database: readonly string[];
  /** Rows that refer to rows which are not there. */
  readonly brokenReferences: readonly string[];
  /** Files that rows refer to and that are not there. */
  readonly missing: readonly string[];
  /** Files whose content is not what their name says. */
  readonly damaged: readonly string[];
  /** Files that no row knows: harmless, and removed by the garbage collection. */
  readonly unknown: readonly string[];
}

/** Reads the whole workspace. Its time grows with the bytes that it holds. */
export function verify(connection: Connection, blobs: BlobReader): Verdict {
  const known = connection.all<{ hash: string }>('SELECT hash FROM blobs').map((row) => row.hash);
  const missing = known.filter((hash) => !blobs.has(hash));
  const present = new Set(known);
  return {
    database: connection
      .all<{ integrity_check: string }>('PRAGMA integrity_check')
      .map((row) => row.integrity_check)
      .filter((line) => line !== 'ok'),
    brokenReferences: connection
      .all<{ table: string; rowid: number; parent: string }>('PRAGMA foreign_key_check')
      .map(({ table, rowid, parent }) => `${table} ${rowid} refers to a missing row of ${parent}`),
    missing,
    damaged: known.filter((hash) => blobs.has(hash) && isDamaged(blobs, hash)),
    unknown: [...blobs.names()].filter((name) => !present.has(name)),
  };
}

const isDamaged = (blobs: BlobReader, hash: string): boolean =>
  sha256(fs.readFileSync(blobs.pathOf(hash))) !== hash;
