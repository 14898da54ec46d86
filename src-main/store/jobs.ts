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
  /** What a reviewer should know of the work, one sentence each, the latest last. */
  readonly notes: readonly string[];
  readonly createdAt: string;
  /** When it ended, if it has. */
  readonly endedAt?: string;
}

/** Notes of a job that are kept: a fault of the same kind may come with every prototype. */
const MOST_NOTES = 50;

const hasEnded = (state: JobState): boolean =>
  state === 'finished' || state === 'failed' || state === 'cancelled';

const SELECT = 'SELECT jobs.*, name FROM jobs JOIN audits ON audits.id = audit_id';

const recordOf = (row: Row): JobRecord => ({
  id: row.id as number,
  auditId: row.audit_id as number,
  name: row.name as string,
  state: row.state as JobState,
  reason: (row.reason as string | null) ?? undefined,
  attempts: row.attempts as number,
  notes: JSON.parse(row.notes as string) as string[],
  createdAt: row.created_at as string,
  endedAt: (row.ended_at as string | null) ?? undefined,
});

/** The queue of work on audits as it is read. */
export class JobReader {
  protected readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  list(): JobRecord[] {
    return this.connection.all(`${SELECT} ORDER BY place`).map(recordOf);
  }

  get(id: number): JobRecord | undefined {
    const row = this.connection.get(`${SELECT} WHERE jobs.id = :id`, { id });
    return row && recordOf(row);
  }
}

/** The queue of work on audits, one job an audit, in the order of their queueing. */
export class Jobs extends JobReader {
  /** The job that is next, one that a killed process was busy with before all others. */
  next(): JobRecord | undefined {
    const row = this.connection.get(
      `${SELECT} WHERE jobs.state IN ('running', 'queued') ORDER BY jobs.state DESC, place LIMIT 1`,
    );
    return row && recordOf(row);
  }

  /** Puts the work on an audit at the end of the queue. @returns its id */
  queue(auditId: number): number {
    const row = this.connection.get<{ id: number }>(
      `INSERT INTO jobs (audit_id, place, state, created_at)
       VALUES (:auditId, (SELECT coalesce(max(place), 0) + 1 FROM jobs), 'queued', :createdAt)
       ON CONFLICT (audit_id)
         DO UPDATE SET place = excluded.place, state = 'queued', reason = NULL, attempts = 0,
           notes = '[]', ended_at = NULL
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
    this.#change(id, 'state = :state, reason = :reason, ended_at = :endedAt', {
      ...{ state, reason: reason ?? null },
      endedAt: hasEnded(state) ? new Date().toISOString() : null,
    });
  }

  /** Keeps what a reviewer should know of a job; what was said before is not said again. */
  addNote(id: number, text: string): void {
    const known = this.get(id)?.notes ?? [];
    if (known.includes(text)) return;
    const notes = JSON.stringify([...known, text].slice(-MOST_NOTES));
    this.#change(id, 'notes = :notes', { notes });
  }

  /** Changes places with the waiting job before (−1) or after it (1); without one it stays where it is. */
  move(id: number, by: -1 | 1): void {
    const waiting = this.list().filter(({ state }) => state === 'queued');
    const at = waiting.findIndex((job) => job.id === id);
    const other = waiting[at + by];
    if (at >= 0 && other) this.#swap(id, other.id);
  }

  /** Takes a job that has ended off the list; its audit stays as it is. */
  drop(id: number): void {
    this.connection.run('DELETE FROM jobs WHERE id = :id', { id });
  }

  #swap(one: number, other: number): void {
    const place = (id: number): number =>
      this.connection.get<{ place: number }>('SELECT place FROM jobs WHERE id = :id', { id })!
        .place;
    this.connection.transaction(() => {
      const [first, second] = [place(one), place(other)];
      // No two may have the same place, not even for a moment.
      this.#change(one, 'place = :place', { place: -1 });
      this.#change(other, 'place = :place', { place: first });
      this.#change(one, 'place = :place', { place: second });
    });
  }

  #change(
    id: number,
    changes: string,
    parameters: Record<string, string | number | null> = {},
  ): void {
    const sql = `UPDATE jobs SET ${changes} WHERE id = :id`;
    if (this.connection.run(sql, { id, ...parameters }) === 0) {
      throw new WorkspaceError('bad-state', `There is no job ${id} in the workspace.`);
    }
  }
}
