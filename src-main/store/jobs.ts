import type { Connection, Row } from './connection.ts';
import { WorkspaceError } from './errors.ts';

/** How the work on an audit stands. */
export type JobState = 'queued' | 'running' | 'paused' | 'finished' | 'failed' | 'cancelled';

export interface JobRecord {
  readonly id: number;
  readonly auditId: number;
  /** The audit's name. */
  readonly name: string;
  readonly state: JobState;
  readonly reason?: string;
  /** How often it was begun since it last got anything done. */
  readonly attempts: number;
  readonly createdAt: string;
}

const SELECT = 'SELECT jobs.*, name FROM jobs JOIN audits ON audits.id = audit_id';

const recordOf = (row: Row): JobRecord => ({
  id: row.id as number,
  auditId: row.audit_id as number,
  name: row.name as string,
  state: row.state as JobState,
  reason: (row.reason as string | null) ?? undefined,
  attempts: row.attempts as number,
  createdAt: row.created_at as string,
});

/** The queue of work on audits, one job an audit, in the order of their queueing. */
export class Jobs {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  list(): JobRecord[] {
    return this.#connection.all(`${SELECT} ORDER BY place`).map(recordOf);
  }

  get(id: number): JobRecord | undefined {
    const row = this.#connection.get(`${SELECT} WHERE jobs.id = :id`, { id });
    return row && recordOf(row);
  }

  /** The job that is next, one that a killed process was busy with before all others. */
  next(): JobRecord | undefined {
    const row = this.#connection.get(
      `${SELECT} WHERE jobs.state IN ('running', 'queued') ORDER BY jobs.state DESC, place LIMIT 1`,
    );
    return row && recordOf(row);
  }

  /** Puts the work on an audit at the end of the queue. @returns its id */
  queue(auditId: number): number {
    const row = this.#connection.get<{ id: number }>(
      `INSERT INTO jobs (audit_id, place, state, created_at)
       VALUES (:auditId, (SELECT coalesce(max(place), 0) + 1 FROM jobs), 'queued', :createdAt)
       ON CONFLICT (audit_id)
         DO UPDATE SET place = excluded.place, state = 'queued', reason = NULL, attempts = 0
       RETURNING id`,
      { auditId, createdAt: new Date().toISOString() },
    );
    return row!.id;
  }

  /** A job is begun. */
  start(id: number): void {
    this.#change(id, "state = 'running', reason = NULL, attempts = attempts + 1");
  }

  /** A job has got something done. */
  progressed(id: number): void {
    this.#change(id, 'attempts = 0');
  }

  /** @param reason one sentence, for `failed` and `cancelled` */
  setState(id: number, state: JobState, reason?: string): void {
    this.#change(id, 'state = :state, reason = :reason', { state, reason: reason ?? null });
  }

  #change(id: number, changes: string, parameters: Record<string, string | null> = {}): void {
    const sql = `UPDATE jobs SET ${changes} WHERE id = :id`;
    if (this.#connection.run(sql, { id, ...parameters }) === 0) {
      throw new WorkspaceError('bad-state', `There is no job ${id} in the workspace.`);
    }
  }
}
