import { afterAll, describe, expect, it } from 'vitest';
import { openForWriting } from './database.ts';
import { UNREFERENCED } from './files.ts';
import { GALLERY_SQL } from './gallery.ts';
import { scratchFolder } from './support/sample.ts';

describe('a query that is asked often', () => {
  const scratch = scratchFolder();
  const database = openForWriting(scratch.path);
  afterAll(() => {
    database.close();
    scratch.remove();
  });

  /** The tables that SQLite would read from end to end. */
  const scans = (sql: string): string[] => {
    const parameters = { auditId: 1, hash: '', modelId: null, profile: null, limit: 1 };
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(parameters);
    return (plan as { detail: string }[])
      .map(({ detail }) => detail)
      .filter((detail) => detail.startsWith('SCAN') && !detail.includes('CONSTANT'));
  };

  it('reads a gallery by indexes', () => {
    expect(scans(GALLERY_SQL)).toEqual([]);
  });

  it('finds the next run by indexes', () => {
    const next = "SELECT id FROM runs WHERE audit_id = :auditId AND state = 'queued' ORDER BY id";
    expect(scans(next)).toEqual([]);
  });

  it('lets go of a file by indexes', () => {
    expect(scans(`DELETE FROM blobs WHERE hash = :hash AND ${UNREFERENCED}`)).toEqual([]);
  });

  it('would notice a table that is read from end to end', () => {
    expect(scans('SELECT * FROM runs WHERE label = 1')).toHaveLength(1);
  });
});
