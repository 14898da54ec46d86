import type { Connection, Row } from './connection.ts';
import { canonicalJson, fingerprintOf } from './json.ts';

/** How a run, or an audit, stands. */
export type State = 'queued' | 'running' | 'finished' | 'failed' | 'cancelled';

export interface AuditModelLink {
  readonly modelId: number;
  /** The natural images that the model's prototypes are compared with; absent where there are none. */
  readonly imageSetId?: number;
}

interface Facts {
  readonly name: string;
  /** What was asked for, as plain JSON. */
  readonly configuration: unknown;
  readonly models: readonly AuditModelLink[];
}

export interface AuditPlan extends Facts {
  /**
   * Everything that decides the outcome, as plain JSON: audits that agree in it and in their models are the same one,
   * however they were asked for. The configuration by default.
   */
  readonly identity?: unknown;
}

export interface AuditRecord extends Facts {
  readonly id: number;
  readonly state: State;
  readonly reason?: string;
  readonly createdAt: string;
  readonly finishedAt?: string;
}

/** Files of an audit's runs that no other run and no cache refers to. */
const WEIGHT = `
  WITH own (hash) AS (
    SELECT checkpoint_hash FROM runs WHERE audit_id = :id
    UNION SELECT image_hash FROM prototypes JOIN runs ON id = run_id WHERE audit_id = :id
    UNION SELECT raw_hash FROM prototypes JOIN runs ON id = run_id WHERE audit_id = :id
    UNION SELECT image_hash FROM snapshots JOIN runs ON id = run_id WHERE audit_id = :id
  ), others (hash) AS (
    SELECT checkpoint_hash FROM runs WHERE audit_id <> :id
    UNION SELECT image_hash FROM prototypes JOIN runs ON id = run_id WHERE audit_id <> :id
    UNION SELECT raw_hash FROM prototypes JOIN runs ON id = run_id WHERE audit_id <> :id
    UNION SELECT image_hash FROM snapshots JOIN runs ON id = run_id WHERE audit_id <> :id
    UNION SELECT hash FROM cache
  )
  SELECT
    (SELECT coalesce(sum(bytes), 0) FROM blobs WHERE hash IN (SELECT hash FROM own)
       AND NOT EXISTS (SELECT 1 FROM others WHERE others.hash = blobs.hash)) AS bytes,
    (SELECT count(*) FROM prototypes JOIN runs ON id = run_id WHERE audit_id = :id) AS prototypes,
    (SELECT count(*) FROM reviews WHERE audit_id = :id) AS reviews`;

const fingerprintOfPlan = ({ configuration, identity = configuration, models }: AuditPlan) =>
  fingerprintOf({ configuration: identity, models });

export class AuditReader {
  protected readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  list(): AuditRecord[] {
    return this.connection.all('SELECT * FROM audits ORDER BY id').map((row) => this.#record(row));
  }

  get(id: number): AuditRecord | undefined {
    const row = this.connection.get('SELECT * FROM audits WHERE id = :id', { id });
    return row && this.#record(row);
  }

  /** How many classes an audit makes prototypes of. */
  classes(id: number): number {
    const sql = 'SELECT count(DISTINCT class_index) AS classes FROM runs WHERE audit_id = :id';
    return this.connection.get<{ classes: number }>(sql, { id })!.classes;
  }

  /** What goes when an audit is removed: bytes of files that nothing else refers to, prototypes, marks. */
  weigh(id: number): { bytes: number; prototypes: number; reviews: number } {
    return this.connection.get(WEIGHT, { id })!;
  }

  /** @returns the id of the same audit, where there is one */
  find(plan: AuditPlan): number | undefined {
    return this.connection.get<{ id: number }>(
      'SELECT id FROM audits WHERE fingerprint = :fingerprint',
      { fingerprint: fingerprintOfPlan(plan) },
    )?.id;
  }

  #record(row: Row): AuditRecord {
    const links = this.connection.all<{ modelId: number; imageSetId: number | null }>(
      `SELECT model_id AS modelId, image_set_id AS imageSetId FROM audit_models
       WHERE audit_id = :id ORDER BY position`,
      { id: row.id as number },
    );
    return {
      id: row.id as number,
      name: row.name as string,
      configuration: JSON.parse(row.configuration as string) as unknown,
      models: links.map(({ modelId, imageSetId }) => ({
        modelId,
        imageSetId: imageSetId ?? undefined,
      })),
      state: row.state as State,
      reason: (row.reason as string | null) ?? undefined,
      createdAt: row.created_at as string,
      finishedAt: (row.finished_at as string | null) ?? undefined,
    };
  }
}

export class Audits extends AuditReader {
  /** Adds an audit, or finds the same one again. @returns its id */
  create(plan: AuditPlan): number {
    return this.connection.transaction(
      () => this.find(plan) ?? this.#add(plan, fingerprintOfPlan(plan)),
    );
  }

  /** Says how an audit stands. @param reason one sentence, for `failed` and `cancelled` */
  setState(id: number, state: State, reason?: string): void {
    const ended = state !== 'queued' && state !== 'running';
    this.connection.run(
      'UPDATE audits SET state = :state, reason = :reason, finished_at = :finishedAt WHERE id = :id',
      { id, state, reason: reason ?? null, finishedAt: ended ? new Date().toISOString() : null },
    );
  }

  rename(id: number, name: string): void {
    this.connection.run('UPDATE audits SET name = :name WHERE id = :id', { id, name });
  }

  /** Removes an audit with everything that belongs to it but its files, which `Workspace.collectGarbage` removes. */
  remove(id: number): void {
    this.connection.run('DELETE FROM audits WHERE id = :id', { id });
  }

  /** Says with which natural images a model's prototypes are compared from now on. */
  setImageSet(id: number, modelId: number, imageSetId: number): void {
    this.connection.run(
      'UPDATE audit_models SET image_set_id = :imageSetId WHERE audit_id = :id AND model_id = :modelId',
      { id, modelId, imageSetId },
    );
  }

  #add(plan: AuditPlan, fingerprint: string): number {
    const auditId = this.connection.insert(
      `INSERT INTO audits (fingerprint, name, configuration, state, created_at)
       VALUES (:fingerprint, :name, :configuration, 'queued', :createdAt)`,
      {
        fingerprint,
        name: plan.name,
        configuration: canonicalJson(plan.configuration),
        createdAt: new Date().toISOString(),
      },
    );
    plan.models.forEach(({ modelId, imageSetId }, position) => {
      this.connection.run(
        'INSERT INTO audit_models VALUES (:auditId, :position, :modelId, :imageSetId)',
        { auditId, position, modelId, imageSetId: imageSetId ?? null },
      );
    });
    return auditId;
  }
}
