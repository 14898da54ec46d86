import Database from 'better-sqlite3';
import { readFileSync, writeFileSync } from 'node:fs';
import { asWorkspaceError, WorkspaceError } from './errors.ts';

/**
 * The lock that makes a workspace's writer the only one: an exclusive transaction in a database of its own, which
 * the operating system ends with its process however that dies. Readers never ask for it.
 */
export class WriterLock {
  readonly #database: Database.Database;

  /** @throws WorkspaceError `busy` when another process, or this one, already writes there */
  constructor(file: string, workspace: string) {
    try {
      this.#database = new Database(file, { timeout: 0 });
    } catch (error) {
      throw asWorkspaceError(error, workspace);
    }
    try {
      this.#database.pragma('journal_mode = MEMORY');
      this.#database.exec('BEGIN EXCLUSIVE');
      writeFileSync(`${file}.holder`, String(process.pid));
    } catch (error) {
      this.#database.close();
      throw isBusy(error) ? busy(file, workspace) : asWorkspaceError(error, workspace);
    }
  }

  release(): void {
    this.#database.close();
  }
}

const isBusy = (error: unknown): boolean =>
  String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY');

function busy(file: string, workspace: string): WorkspaceError {
  let holder = '';
  try {
    holder = ` (${readFileSync(`${file}.holder`, 'utf8')})`;
  } catch {
    // Who holds it is a help, not a need.
  }
  return new WorkspaceError(
    'busy',
    `Another process${holder} is writing to the workspace ${workspace}: wait until it has ended, or choose another folder.`,
  );
}
