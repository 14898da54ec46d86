import Database from 'better-sqlite3';
import fs from 'node:fs';
import { join } from 'node:path';
import { freeName, looksLikeDatabase, moveAside } from './damage.ts';
import { asWorkspaceError, guarded, WorkspaceError } from './errors.ts';
import { checkLayout } from './layout.ts';
import { APPLICATION_ID, migrations } from './schema.ts';

/** Name of the database in a workspace's folder. */
export const DATABASE = 'eidoscope.db';

const numberOf = (database: Database.Database, pragma: string): number =>
  database.pragma(pragma, { simple: true }) as number;

const isDamage = (error: unknown): boolean =>
  /^SQLITE_(CORRUPT|NOTADB)/.test(String((error as { code?: unknown }).code));

/** The steps that a test may lengthen: see schema.ts. */
export type Migrations = readonly string[];

/**
 * Opens a workspace's database for its only writer: created when it is not there, migrated when it is older.
 * @throws WorkspaceError `corrupt` (moved aside), `newer`, `not-a-workspace`, `full`, `denied`, `read-only`
 */
export function openForWriting(folder: string, steps: Migrations = migrations): Database.Database {
  const file = join(folder, DATABASE);
  if (lostItsContent(folder, file)) throw moveAside(folder, DATABASE, 'it is empty');
  if (fs.existsSync(file) && !guarded(folder, () => looksLikeDatabase(file))) {
    throw moveAside(folder, DATABASE, 'it is no SQLite file');
  }
  let database: Database.Database | undefined;
  try {
    database = new Database(file);
    refuseForeign(database, folder, steps);
    const fault = database.pragma('quick_check(1)', { simple: true });
    if (fault !== 'ok') throw Object.assign(new Error(String(fault)), { code: 'SQLITE_CORRUPT' });
    checkLayout(database, folder, steps);
    prepare(database);
    migrate(database, folder, steps);
    return database;
  } catch (error) {
    database?.close();
    if (isDamage(error)) throw moveAside(folder, DATABASE, (error as Error).message.trim());
    throw asWorkspaceError(error, folder);
  }
}

/** A new database is empty too, but no file was ever added to it. */
function lostItsContent(folder: string, file: string): boolean {
  if (!fs.existsSync(file) || fs.statSync(file).size > 0) return false;
  const files = join(folder, 'files');
  return fs.existsSync(files) && fs.readdirSync(files).some((name) => name.length === 2);
}

function prepare(database: Database.Database): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF');
}

function refuseForeign(database: Database.Database, folder: string, steps: Migrations): void {
  const application = numberOf(database, 'application_id');
  const isNew = database.prepare('SELECT 1 FROM sqlite_master').get() === undefined;
  if (application !== APPLICATION_ID && !isNew) {
    throw new WorkspaceError(
      'not-a-workspace',
      `The file ${DATABASE} in ${folder} belongs to another program: choose another folder.`,
    );
  }
  const version = numberOf(database, 'user_version');
  if (version > steps.length) {
    throw new WorkspaceError(
      'newer',
      `The workspace ${folder} was written by a newer Eidoscope (format ${version}, this one knows ${steps.length}): update Eidoscope.`,
    );
  }
}

/** Takes the missing steps in one transaction, after a copy of what was there. */
function migrate(database: Database.Database, folder: string, steps: Migrations): void {
  const version = numberOf(database, 'user_version');
  if (version === steps.length) return;
  if (version > 0) backUp(database, folder, version);
  const takeSteps = database.transaction(() => {
    database.pragma(`application_id = ${APPLICATION_ID}`);
    for (const step of steps.slice(version)) database.exec(step);
    database.pragma(`user_version = ${steps.length}`);
  });
  takeSteps.immediate();
}

/** A copy under another name first, so that a backup is whole if it is there. */
function backUp(database: Database.Database, folder: string, version: number): void {
  const unfinished = join(folder, 'backup-unfinished.db');
  fs.rmSync(unfinished, { force: true });
  database.prepare('VACUUM INTO ?').run(unfinished);
  fs.renameSync(unfinished, freeName(join(folder, `backup-of-format-${version}-`), '.db'));
}

/**
 * Opens a workspace's database for reading alone, while another process may write to it.
 * @throws WorkspaceError `missing`, `corrupt` (left where it is), `newer`, `older`, `not-a-workspace`
 */
export function openForReading(folder: string, steps: Migrations = migrations): Database.Database {
  const file = join(folder, DATABASE);
  return guarded(folder, () => {
    // SQLite says of every path that it cannot open the same.
    fs.statSync(file);
    const database = openReadable(file);
    try {
      refuseForeign(database, folder, steps);
      const version = numberOf(database, 'user_version');
      if (version < steps.length) throw older(folder, version, steps.length);
      checkLayout(database, folder, steps);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

function openReadable(file: string): Database.Database {
  const database = new Database(file, { readonly: true });
  try {
    database.prepare('SELECT 1 FROM sqlite_master').get();
    return database;
  } catch (error) {
    database.close();
    const unwritable = /^SQLITE_(CANTOPEN|READONLY)/.test((error as { code: string }).code);
    if (!unwritable || hasLog(file)) throw error;
    return openCopy(file);
  }
}

const hasLog = (file: string): boolean =>
  fs.existsSync(`${file}-wal`) && fs.statSync(`${file}-wal`).size > 0;

/**
 * SQLite cannot open a WAL database where it may not create its log. Without a log the file is all there is, and a
 * copy in memory reads the same; bytes 18 and 19 of its header say that it has none.
 */
function openCopy(file: string): Database.Database {
  const bytes = fs.readFileSync(file);
  bytes.fill(1, 18, 20);
  return new Database(bytes, { readonly: true });
}

function older(folder: string, version: number, current: number): WorkspaceError {
  return new WorkspaceError(
    'older',
    `The workspace ${folder} has the older format ${version} (now ${current}): open it once for writing, which keeps a backup.`,
  );
}
