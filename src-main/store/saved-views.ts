import type { Connection } from './connection.ts';

/** A view of an audit's gallery that a reviewer gave a name. */
export interface SavedView {
  readonly id: number;
  readonly auditId: number;
  readonly name: string;
  /** Filters, order and the like, as addresses write them. */
  readonly query: string;
}

export class SavedViewReader {
  protected readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  get(id: number): SavedView | undefined {
    return this.connection.get<SavedView>(
      'SELECT id, audit_id AS auditId, name, query FROM saved_views WHERE id = :id',
      { id },
    );
  }

  /** In the order of their saving. */
  list(auditId: number): SavedView[] {
    return this.connection.all<SavedView>(
      `SELECT id, audit_id AS auditId, name, query FROM saved_views
       WHERE audit_id = :auditId ORDER BY id`,
      { auditId },
    );
  }
}

export class SavedViews extends SavedViewReader {
  /** Saves a view; one of the same name is changed. */
  save(auditId: number, name: string, query: string): void {
    this.connection.run(
      `INSERT INTO saved_views (audit_id, name, query) VALUES (:auditId, :name, :query)
       ON CONFLICT (audit_id, name) DO UPDATE SET query = excluded.query`,
      { auditId, name, query },
    );
  }

  /** @throws where another view of the audit has that name */
  rename(id: number, name: string): void {
    this.connection.run('UPDATE saved_views SET name = :name WHERE id = :id', { id, name });
  }

  remove(id: number): void {
    this.connection.run('DELETE FROM saved_views WHERE id = :id', { id });
  }
}
