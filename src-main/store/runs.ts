import type { EngineInfo } from '../engine/engine.ts';
import type { BatchRecord } from '../prototype/batch-known.ts';
import type { Losses } from '../prototype/events.ts';
import type { State } from './audits.ts';
import type { Connection, Parameters } from './connection.ts';
import { WorkspaceError } from './errors.ts';
import type { Files } from './files.ts';
import { canonicalJson, finite } from './json.ts';
import { RunReader, type RunRecord } from './run-reader.ts';

/** A prototype to be made. */
export interface RunPlan {
  readonly modelId: number;
  readonly classIndex: number;
  readonly label: string;
  readonly profile: string;
  /** Place among the prototypes of the class and profile, from 0. */
  readonly prototypeIndex: number;
  readonly seed: number;
  /** Every choice, resolved, as plain JSON. */
  readonly configuration: unknown;
}

/** A point of the optimisation that is worth looking at. */
export interface SnapshotInput {
  readonly stage: 1 | 2;
  readonly step: number;
  readonly logit: number;
  readonly losses: Omit<Losses, 'classLogit'>;
  /** PNG; absent where only the figures are kept. */
  readonly image?: Uint8Array;
}

/** What a run gave. */
export interface Outcome {
  /** PNG, with its provenance inside. */
  readonly image: Uint8Array;
  /** Planar [C, H, W] in [0, 1]. */
  readonly raw: Float32Array;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** All logits, [K]. */
  readonly logits: Float32Array;
  readonly logit: number;
  /** Probability of the class, and the class that is most probable. */
  readonly probability: number;
  readonly predicted: number;
  readonly losses: Omit<Losses, 'classLogit'>;
  readonly baselineSteps: number;
  readonly steps: number;
  readonly stillSteps: number;
  readonly engine: EngineInfo;
  /** Versions of the program and of what the result depends on. */
  readonly versions: Readonly<Record<string, string>>;
  /** Milliseconds, by what they were spent on. */
  readonly timings: Readonly<Record<string, number>>;
  readonly batch: BatchRecord;
}

/** Bytes of floats in little-endian order, as every supported processor keeps them. */
export const bytesOfFloats = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

export class Runs extends RunReader {
  readonly #files: Files;

  constructor(connection: Connection, files: Files) {
    super(connection, files.blobs);
    this.#files = files;
  }

  /** Adds runs to an audit; those that it already has stay as they are. @returns how many were added */
  plan(auditId: number, plans: readonly RunPlan[]): number {
    return this.connection.transaction(() =>
      plans.reduce((added, plan) => added + this.#add(auditId, plan), 0),
    );
  }

  /**
   * Takes queued runs, which are running from then on.
   * @param among only of this model and profile, or only this one
   */
  claim(
    auditId: number,
    limit = 1,
    among: { modelId?: number; profile?: string; runId?: number } = {},
  ): RunRecord[] {
    return this.connection.transaction(() => {
      const ids = this.connection.all<{ id: number }>(
        `SELECT id FROM runs WHERE audit_id = :auditId AND state = 'queued'
           AND (:modelId IS NULL OR model_id = :modelId) AND (:profile IS NULL OR profile = :profile)
           AND (:runId IS NULL OR id = :runId)
         ORDER BY id LIMIT :limit`,
        {
          ...{ auditId, limit, modelId: among.modelId ?? null, profile: among.profile ?? null },
          runId: among.runId ?? null,
        },
      );
      const startedAt = new Date().toISOString();
      for (const { id } of ids) this.#start(id, startedAt);
      return ids.map(({ id }) => this.get(id)!);
    });
  }

  /** Puts a run, ended or not, back into the queue. Its checkpoint stays. */
  requeue(id: number): void {
    this.#change(id, "state = 'queued', reason = NULL, finished_at = NULL", {});
  }

  /** Keeps a snapshot; a run that was resumed may give the same one again. @returns the name of its image */
  addSnapshot(id: number, snapshot: SnapshotInput): string | undefined {
    return this.connection.transaction(() => {
      const imageHash = snapshot.image ? this.#files.add(snapshot.image) : null;
      this.connection.run(
        `INSERT OR REPLACE INTO snapshots
         VALUES (:id, :stage, :step, :logit, :variance, :highFrequency, :imageHash)`,
        {
          id,
          stage: snapshot.stage,
          step: snapshot.step,
          logit: finite(snapshot.logit),
          variance: finite(snapshot.losses.variance),
          highFrequency: finite(snapshot.losses.highFrequency),
          imageHash,
        },
      );
      return imageHash ?? undefined;
    });
  }

  /** Keeps the latest checkpoint of a run in the place of the one before. */
  saveCheckpoint(id: number, bytes: Uint8Array): void {
    const before = this.#checkpointOf(id);
    this.connection.transaction(() => {
      this.#change(id, 'checkpoint_hash = :hash', { hash: this.#files.add(bytes) });
    });
    this.#files.release(before);
  }

  /** Ends a run with its prototype. The checkpoint has done its duty. */
  finish(id: number, outcome: Outcome): void {
    const before = this.#checkpointOf(id);
    this.connection.transaction(() => {
      this.#end(id, 'finished', undefined, outcome);
      this.#change(id, 'checkpoint_hash = NULL', {});
    });
    this.#files.release(before);
  }

  /** Ends a run without a prototype. @param reason one sentence */
  fail(id: number, reason: string): void {
    this.connection.transaction(() => this.#end(id, 'failed', reason));
  }

  /** Ends a run at a person's wish; its image so far and its checkpoint are kept. */
  cancel(id: number, reason: string, outcome?: Outcome): void {
    this.connection.transaction(() => this.#end(id, 'cancelled', reason, outcome));
  }

  /** Ends what waits of an audit, at a person's wish. */
  cancelQueued(auditId: number, reason: string): void {
    this.connection.run(
      "UPDATE runs SET state = 'cancelled', reason = :reason WHERE audit_id = :auditId AND state = 'queued'",
      { auditId, reason },
    );
  }

  /** Queues again what failed or was cancelled of an audit. Checkpoints stay. */
  requeueGivenUp(auditId: number): void {
    this.connection.run(
      `UPDATE runs SET state = 'queued', reason = NULL, finished_at = NULL
       WHERE audit_id = :auditId AND state IN ('failed', 'cancelled')`,
      { auditId },
    );
  }

  /** What a killed process was busy with waits again. */
  requeueInterrupted(): void {
    this.connection.transaction(() => {
      this.connection.run("UPDATE runs SET state = 'queued' WHERE state = 'running'");
      this.connection.run("UPDATE audits SET state = 'queued' WHERE state = 'running'");
    });
  }

  #add(auditId: number, plan: RunPlan): number {
    const { modelId, classIndex, label, profile, prototypeIndex, seed } = plan;
    const configuration = canonicalJson(plan.configuration);
    return this.connection.run(
      `INSERT INTO runs
         (audit_id, model_id, class_index, label, profile, prototype_index, seed, configuration)
       VALUES
         (:auditId, :modelId, :classIndex, :label, :profile, :prototypeIndex, :seed, :configuration)
       ON CONFLICT DO NOTHING`,
      { auditId, modelId, classIndex, label, profile, prototypeIndex, seed, configuration },
    );
  }

  #start(id: number, startedAt: string): void {
    const changes =
      "state = 'running', attempts = attempts + 1, started_at = :startedAt, reason = NULL";
    this.#change(id, changes, { startedAt });
  }

  #end(id: number, state: State, reason?: string, outcome?: Outcome): void {
    if (outcome) this.#keep(id, outcome);
    this.#change(id, 'state = :state, reason = :reason, finished_at = :finishedAt', {
      state,
      reason: reason ?? null,
      finishedAt: new Date().toISOString(),
    });
  }

  #keep(id: number, outcome: Outcome): void {
    const { channels, height, width, predicted, baselineSteps, steps, stillSteps, losses } =
      outcome;
    this.connection.run(
      `INSERT OR REPLACE INTO prototypes VALUES
         (:id, :image, :raw, :channels, :height, :width, :logit, :probability, :predicted,
          :variance, :highFrequency, :baselineSteps, :steps, :stillSteps, :logits)`,
      {
        ...{ id, channels, height, width, predicted, baselineSteps, steps, stillSteps },
        image: this.#files.add(outcome.image),
        raw: this.#files.add(bytesOfFloats(outcome.raw)),
        logit: finite(outcome.logit),
        probability: finite(outcome.probability),
        variance: finite(losses.variance),
        highFrequency: finite(losses.highFrequency),
        logits: bytesOfFloats(outcome.logits),
      },
    );
    const columns = ['engine', 'versions', 'timings', 'batch'] as const;
    this.#change(
      id,
      columns.map((name) => `${name} = :${name}`).join(', '),
      Object.fromEntries(columns.map((name) => [name, canonicalJson(outcome[name])])),
    );
  }

  #checkpointOf(id: number): string | null | undefined {
    const sql = 'SELECT checkpoint_hash AS hash FROM runs WHERE id = :id';
    return this.connection.get<{ hash: string | null }>(sql, { id })?.hash;
  }

  #change(id: number, changes: string, parameters: Parameters): void {
    const changed = this.connection.run(`UPDATE runs SET ${changes} WHERE id = :id`, {
      id,
      ...parameters,
    });
    if (changed === 0)
      throw new WorkspaceError('bad-state', `There is no run ${id} in the workspace.`);
  }
}
