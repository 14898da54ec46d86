import type Database from 'better-sqlite3';
import { guarded } from './errors.ts';

export type Row = Record<string, unknown>;
export type Parameters = Readonly<Record<string, string | number | bigint | Uint8Array | null>>;

/** The database of a workspace: prepared statements, and the failures of SQLite in words. */
export class Connection {
  readonly #database: Database.Database;
  readonly #path: string;
  readonly #statements = new Map<string, Database.Statement>();

  /** @param path the workspace's folder, as errors name it */
  constructor(database: Database.Database, path: string) {
    this.#database = database;
    this.#path = path;
  }

  all<T = Row>(sql: string, parameters: Parameters = {}): T[] {
    return guarded(this.#path, () => this.#prepare(sql).all(parameters) as T[]);
  }

  get<T = Row>(sql: string, parameters: Parameters = {}): T | undefined {
    return guarded(this.#path, () => this.#prepare(sql).get(parameters) as T | undefined);
  }

  /** @returns how many rows changed */
  run(sql: string, parameters: Parameters = {}): number {
    return guarded(this.#path, () => this.#prepare(sql).run(parameters).changes);
  }

  /** Inserts a row. @returns its id */
  insert(sql: string, parameters: Parameters): number {
    return guarded(this.#path, () => Number(this.#prepare(sql).run(parameters).lastInsertRowid));
  }

  /** All or nothing. One inside another belongs to the outer one. */
  transaction<T>(action: () => T): T {
    if (this.#database.inTransaction) return action();
    return guarded(this.#path, () => this.#database.transaction(action).immediate());
  }

  close(): void {
    guarded(this.#path, () => this.#database.close());
  }

  #prepare(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
