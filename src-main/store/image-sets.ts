import type { Connection, Row } from './connection.ts';
import { canonicalJson } from './json.ts';

/** Files that are named as left out, at most. */
const MOST_SKIPPED = 1000;

/** Photographs in a folder, or rows in a CSV file. */
export interface ImageSet {
  /** Over the content of every photograph or row and the class that it stands for. */
  readonly fingerprint: string;
  readonly name: string;
  readonly path: string;
  /** Photographs or rows in all. */
  readonly images: number;
  /** Those of each class, by the class's name in the set. */
  readonly counts: Readonly<Record<string, number>>;
  /** Of rows of a table, the names of their columns but for the class; absent of photographs. */
  readonly columns?: readonly string[];
  /** Files that are left out, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

export interface ImageSetRecord extends ImageSet {
  readonly id: number;
  readonly addedAt: string;
}

const recordOf = (row: Row): ImageSetRecord => ({
  id: row.id as number,
  fingerprint: row.fingerprint as string,
  name: row.name as string,
  path: row.path as string,
  images: row.images as number,
  counts: JSON.parse(row.counts as string) as Record<string, number>,
  ...(row.columns !== null && { columns: JSON.parse(row.columns as string) as string[] }),
  skipped: JSON.parse(row.skipped as string) as ImageSet['skipped'],
  addedAt: row.added_at as string,
});

export class ImageSetReader {
  protected readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  list(): ImageSetRecord[] {
    return this.connection.all('SELECT * FROM image_sets ORDER BY id').map(recordOf);
  }

  get(id: number): ImageSetRecord | undefined {
    const row = this.connection.get('SELECT * FROM image_sets WHERE id = :id', { id });
    return row && recordOf(row);
  }

  /** @returns its id, where the workspace knows a set of this content */
  find(fingerprint: string): number | undefined {
    return this.connection.get<{ id: number }>(
      'SELECT id FROM image_sets WHERE fingerprint = :fingerprint',
      { fingerprint },
    )?.id;
  }
}

export class ImageSets extends ImageSetReader {
  /** Adds an image set, or finds it again by its fingerprint. @returns its id */
  save(set: ImageSet): number {
    const { fingerprint, name, path, images } = set;
    const row = this.connection.get<{ id: number }>(
      `INSERT INTO image_sets (fingerprint, name, path, images, counts, columns, skipped, added_at)
       VALUES (:fingerprint, :name, :path, :images, :counts, :columns, :skipped, :addedAt)
       ON CONFLICT (fingerprint)
         DO UPDATE SET path = excluded.path, skipped = excluded.skipped RETURNING id`,
      {
        ...{ fingerprint, name, path, images },
        counts: canonicalJson(set.counts),
        columns: set.columns === undefined ? null : canonicalJson(set.columns),
        skipped: canonicalJson(set.skipped.slice(0, MOST_SKIPPED)),
        addedAt: new Date().toISOString(),
      },
    );
    return row!.id;
  }

  /** Removes a set that no audit uses; its photographs stay where they are. */
  remove(id: number): void {
    this.connection.run('DELETE FROM image_sets WHERE id = :id', { id });
  }
}
