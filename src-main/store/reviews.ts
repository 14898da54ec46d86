import type { Connection, Row } from './connection.ts';

/** What a reviewer thinks of a prototype. */
export interface Mark {
  readonly state: 'unreviewed' | 'concern' | 'cleared';
  /** 0 … 5; null where none is given. */
  readonly severity: number | null;
  readonly note: string;
}

export interface ReviewRecord {
  readonly runId: number;
  readonly mark: Mark;
  readonly reviewedAt: string;
}

const recordOf = (row: Row): ReviewRecord => ({
  runId: row.run_id as number,
  mark: {
    state: row.state as Mark['state'],
    severity: row.severity as number | null,
    note: row.note as string,
  },
  reviewedAt: row.reviewed_at as string,
});

export class ReviewReader {
  protected readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  get(runId: number): ReviewRecord | undefined {
    const row = this.connection.get('SELECT * FROM reviews WHERE run_id = :runId', { runId });
    return row && recordOf(row);
  }

  /** The marks of an audit's prototypes, in the order of their planning. */
  list(auditId: number): ReviewRecord[] {
    return this.connection
      .all(
        `SELECT reviews.* FROM runs JOIN reviews ON run_id = runs.id
         WHERE audit_id = :auditId ORDER BY run_id`,
        { auditId },
      )
      .map(recordOf);
  }
}

export class Reviews extends ReviewReader {
  /** Marks a prototype in the place of the mark before. */
  set(runId: number, { state, severity, note }: Mark): ReviewRecord {
    const reviewedAt = new Date().toISOString();
    this.connection.run(
      'INSERT OR REPLACE INTO reviews VALUES (:runId, :state, :severity, :note, :reviewedAt)',
      { runId, state, severity, note, reviewedAt },
    );
    return { runId, mark: { state, severity, note }, reviewedAt };
  }
}
