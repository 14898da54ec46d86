import type { Connection, Row } from './connection.ts';
import { canonicalJson, fingerprintOf } from './json.ts';

/** How a run, or an audit, stands. */
export type State = 'queued' | 'running' | 'finished' | 'failed' | 'cancelled';

export interface AuditModelLink {
  readonly modelId: number;
  /** The natural images that the model's prototypes are compared with; absent where there are none. */
  readonly imageSetId?: number;
}

export interface AuditPlan {
  readonly name: string;
  /** Everything that decides the outcome, as plain JSON. Two audits with equal plans are the same audit. */
  readonly configuration: unknown;
  readonly models: readonly AuditModelLink[];
}

export interface AuditRecord extends AuditPlan {
  readonly id: number;
  readonly state: State;
  readonly reason?: string;
  readonly createdAt: string;
  readonly finishedAt?: string;
}

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
  /** Adds an audit, or finds the one with the same configuration and models again. @returns its id */
  create(plan: AuditPlan): number {
    const { configuration, models } = plan;
    const fingerprint = fingerprintOf({ configuration, models });
    return this.connection.transaction(() => {
      const known = this.connection.get<{ id: number }>(
        'SELECT id FROM audits WHERE fingerprint = :fingerprint',
        { fingerprint },
      );
      return known?.id ?? this.#add(plan, fingerprint);
    });
  }

  /** Says how an audit stands. @param reason one sentence, for `failed` and `cancelled` */
  setState(id: number, state: State, reason?: string): void {
    const ended = state !== 'queued' && state !== 'running';
    this.connection.run(
      'UPDATE audits SET state = :state, reason = :reason, finished_at = :finishedAt WHERE id = :id',
      { id, state, reason: reason ?? null, finishedAt: ended ? new Date().toISOString() : null },
    );
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
