import Database from 'better-sqlite3';
import fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATABASE } from './database.ts';
import { migrations } from './schema.ts';
import { scratchFolder, similarityOf } from './support/sample.ts';
import { openWorkspace } from './workspace.ts';

const golden = fileURLToPath(new URL('./golden/version-1.db', import.meta.url));

/** Every row of every table, in text, read past our own code. */
function dump(file: string): Record<string, unknown[]> {
  const database = new Database(file, { readonly: true });
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all() as string[];
  const rows = tables.map((table) => [table, database.prepare(`SELECT * FROM ${table}`).all()]);
  database.close();
  return Object.fromEntries(rows) as Record<string, unknown[]>;
}

const versionOf = (file: string): unknown => {
  const database = new Database(file, { readonly: true });
  const version = database.pragma('user_version', { simple: true });
  database.close();
  return version;
};

describe('the database of a workspace of an earlier format', () => {
  let scratch: ReturnType<typeof scratchFolder>;
  let file: string;
  beforeEach(() => {
    scratch = scratchFolder();
    file = join(scratch.path, DATABASE);
    fs.copyFileSync(golden, file);
  });
  afterEach(() => scratch.remove());

  it('of format 1 opens today with every row', () => {
    const before = dump(golden);
    expect(Object.values(before).filter((rows) => rows.length === 0)).toEqual([]);
    openWorkspace(scratch.path).close();
    for (const [table, rows] of Object.entries(before)) expect(dump(file)[table]).toEqual(rows);
    const workspace = openWorkspace(scratch.path, { readOnly: true });
    const [tile] = workspace.gallery(1);
    expect(tile).toMatchObject({ label: 'class 0', state: 'finished', logit: 7.5, l1Percent: 75 });
    expect(workspace.scores.get(1, 1)).toEqual(similarityOf(75));
    workspace.close();
  });

  const longer = [
    ...migrations,
    'ALTER TABLE models ADD COLUMN licence TEXT',
    "UPDATE models SET licence = 'Apache-2.0'; CREATE TABLE notes (text TEXT) STRICT;",
  ];

  it('takes all missing steps at once, after a backup of what was there', () => {
    openWorkspace(scratch.path, { migrations: longer }).close();
    expect(versionOf(file)).toBe(migrations.length + 2);
    expect(dump(file).models).toEqual([
      { ...(dump(golden).models[0] as object), licence: 'Apache-2.0' },
    ]);
    const backup = join(scratch.path, 'backup-of-format-1-1.db');
    expect(dump(backup)).toEqual(dump(golden));
    expect(versionOf(backup)).toBe(1);
  });

  it('stays as it was when a step fails', () => {
    const failing = [...longer, 'INSERT INTO nowhere VALUES (1)'];
    expect(() => openWorkspace(scratch.path, { migrations: failing })).toThrow(/nowhere/);
    expect(versionOf(file)).toBe(1);
    expect(dump(file)).toEqual(dump(golden));
    openWorkspace(scratch.path, { migrations: longer }).close();
    expect(dump(file).notes).toEqual([]);
  });

  it('is not opened for reading before it is brought up to date', () => {
    expect(() => openWorkspace(scratch.path, { readOnly: true, migrations: longer })).toThrow(
      /has the older format 1 \(now 3\): open it once for writing, which keeps a backup\.$/,
    );
  });

  it('whose tables are others than its format says is refused, and left as it was', () => {
    const database = new Database(file);
    database.exec('ALTER TABLE models ADD COLUMN licence TEXT');
    database.close();
    const before = fs.readFileSync(file);
    const refusal = /tables that this Eidoscope does not know/;
    expect(() => openWorkspace(scratch.path)).toThrow(refusal);
    expect(() => openWorkspace(scratch.path, { readOnly: true })).toThrow(refusal);
    expect(fs.readFileSync(file).equals(before)).toBe(true);
  });

  it('of a newer format is refused, and left as it was', () => {
    openWorkspace(scratch.path, { migrations: longer }).close();
    const before = fs.readFileSync(file);
    for (const readOnly of [false, true] as const) {
      expect(() => openWorkspace(scratch.path, { readOnly: readOnly as false })).toThrow(
        /was written by a newer Eidoscope \(format 3, this one knows 1\): update Eidoscope\.$/,
      );
    }
    expect(fs.readFileSync(file)).toEqual(before);
  });
});
