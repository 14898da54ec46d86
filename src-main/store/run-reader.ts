import type { EngineInfo } from '../engine/engine.ts';
import type { BatchRecord } from '../prototype/batch-known.ts';
import type { State } from './audits.ts';
import type { BlobReader } from './blobs.ts';
import type { Connection, Row } from './connection.ts';
import { parseJson } from './json.ts';

export interface RunRecord {
  readonly id: number;
  readonly auditId: number;
  readonly modelId: number;
  readonly classIndex: number;
  readonly label: string;
  readonly profile: string;
  readonly prototypeIndex: number;
  readonly seed: number;
  readonly configuration: unknown;
  readonly state: State;
  readonly reason?: string;
  /** How often it was begun. */
  readonly attempts: number;
  readonly checkpointHash?: string;
  /** Known once the run has given an image. */
  readonly engine?: EngineInfo;
  readonly versions?: Readonly<Record<string, string>>;
  readonly timings?: Readonly<Record<string, number>>;
  readonly batch?: BatchRecord;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

export interface PrototypeRecord {
  readonly runId: number;
  readonly imageHash: string;
  /** Planar float32 [C, H, W] in [0, 1], little-endian. */
  readonly rawHash: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly logit?: number;
  readonly probability?: number;
  readonly predicted?: number;
  readonly varianceLoss?: number;
  readonly highFrequencyLoss?: number;
  readonly baselineSteps: number;
  readonly steps: number;
  readonly stillSteps: number;
  readonly logits: Float32Array;
}

export interface SnapshotRecord {
  readonly stage: 1 | 2;
  readonly step: number;
  readonly logit?: number;
  readonly varianceLoss?: number;
  readonly highFrequencyLoss?: number;
  readonly imageHash?: string;
}

export interface RunFilter {
  readonly modelId?: number;
  readonly profile?: string;
  readonly state?: State;
}

/** NULL is undefined to the program. */
const optional = <T>(value: unknown): T | undefined => (value === null ? undefined : (value as T));

const runOf = (row: Row): RunRecord => ({
  id: row.id as number,
  auditId: row.audit_id as number,
  modelId: row.model_id as number,
  classIndex: row.class_index as number,
  label: row.label as string,
  profile: row.profile as string,
  prototypeIndex: row.prototype_index as number,
  seed: row.seed as number,
  configuration: JSON.parse(row.configuration as string) as unknown,
  state: row.state as State,
  reason: optional(row.reason),
  attempts: row.attempts as number,
  checkpointHash: optional(row.checkpoint_hash),
  engine: parseJson(row.engine),
  versions: parseJson(row.versions),
  timings: parseJson(row.timings),
  batch: parseJson(row.batch),
  startedAt: optional(row.started_at),
  finishedAt: optional(row.finished_at),
});

const prototypeOf = (row: Row): PrototypeRecord => ({
  runId: row.run_id as number,
  imageHash: row.image_hash as string,
  rawHash: row.raw_hash as string,
  channels: row.channels as number,
  height: row.height as number,
  width: row.width as number,
  logit: optional(row.logit),
  probability: optional(row.probability),
  predicted: optional(row.predicted),
  varianceLoss: optional(row.variance_loss),
  highFrequencyLoss: optional(row.high_frequency_loss),
  baselineSteps: row.baseline_steps as number,
  steps: row.steps as number,
  stillSteps: row.still_steps as number,
  logits: floatsOf(row.logits as Uint8Array),
});

const snapshotOf = (row: Row): SnapshotRecord => ({
  stage: row.stage as 1 | 2,
  step: row.step as number,
  logit: optional(row.logit),
  varianceLoss: optional(row.variance_loss),
  highFrequencyLoss: optional(row.high_frequency_loss),
  imageHash: optional(row.image_hash),
});

/** A copy: bytes may start anywhere, and floats may not. */
function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

export class RunReader {
  protected readonly connection: Connection;
  readonly #blobs: BlobReader;

  constructor(connection: Connection, blobs: BlobReader) {
    this.connection = connection;
    this.#blobs = blobs;
  }

  get(id: number): RunRecord | undefined {
    const row = this.connection.get('SELECT * FROM runs WHERE id = :id', { id });
    return row && runOf(row);
  }

  /** The runs of an audit in the order of their planning. */
  list(auditId: number, filter: RunFilter = {}): RunRecord[] {
    return this.connection
      .all(
        `SELECT * FROM runs WHERE audit_id = :auditId
           AND (:modelId IS NULL OR model_id = :modelId)
           AND (:profile IS NULL OR profile = :profile)
           AND (:state IS NULL OR state = :state)
         ORDER BY id`,
        {
          auditId,
          modelId: filter.modelId ?? null,
          profile: filter.profile ?? null,
          state: filter.state ?? null,
        },
      )
      .map(runOf);
  }

  /** How many runs of an audit are in each state. */
  progress(auditId: number): Record<State, number> {
    const counts = { queued: 0, running: 0, finished: 0, failed: 0, cancelled: 0 };
    const rows = this.connection.all<{ state: State; count: number }>(
      'SELECT state, count(*) AS count FROM runs WHERE audit_id = :auditId GROUP BY state',
      { auditId },
    );
    for (const { state, count } of rows) counts[state] = count;
    return counts;
  }

  /** The image of a run that has given one. */
  prototype(id: number): PrototypeRecord | undefined {
    const row = this.connection.get('SELECT * FROM prototypes WHERE run_id = :id', { id });
    return row && prototypeOf(row);
  }

  /** The pixels of a run's image: planar [C, H, W] in [0, 1]. */
  raw(id: number): Float32Array | undefined {
    const prototype = this.prototype(id);
    return prototype && floatsOf(this.#blobs.read(prototype.rawHash));
  }

  snapshots(id: number): SnapshotRecord[] {
    return this.connection
      .all('SELECT * FROM snapshots WHERE run_id = :id ORDER BY stage, step', { id })
      .map(snapshotOf);
  }

  /** The latest checkpoint of a run that has not finished. */
  checkpoint(id: number): Uint8Array | undefined {
    const hash = this.get(id)?.checkpointHash;
    return hash === undefined ? undefined : this.#blobs.read(hash);
  }
}
