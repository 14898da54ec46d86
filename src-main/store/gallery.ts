import type { State } from './audits.ts';
import type { Connection } from './connection.ts';
import { withoutNulls } from './score-reader.ts';

/** One tile of the gallery: a run, its image once there is one, and its similarity once it is measured. */
export interface GalleryTile {
  readonly runId: number;
  readonly auditId: number;
  readonly modelId: number;
  readonly classIndex: number;
  readonly label: string;
  readonly profile: string;
  readonly prototypeIndex: number;
  readonly state: State;
  readonly reason?: string;
  readonly imageHash?: string;
  readonly logit?: number;
  readonly probability?: number;
  readonly predicted?: number;
  /** Share of layers won, 0 … 100; absent where it is not measured, or the evidence is insufficient. */
  readonly spearmanPercent?: number;
  readonly l1Percent?: number;
  readonly normalised?: number;
  readonly normalisedPooled?: number;
}

/** One row a run. */
const TILES = `
  SELECT runs.id AS runId, runs.audit_id AS auditId, runs.model_id AS modelId,
    runs.class_index AS classIndex, label, profile, prototype_index AS prototypeIndex, state,
    reason, image_hash AS imageHash, prototypes.logit, probability, prototypes.predicted,
    spearman_percent AS spearmanPercent, l1_percent AS l1Percent, normalised,
    normalised_pooled AS normalisedPooled
  FROM runs
  LEFT JOIN prototypes ON prototypes.run_id = runs.id
  LEFT JOIN subjects
    ON subjects.audit_id = runs.audit_id AND subjects.model_id = runs.model_id
    AND subjects.class_index = runs.class_index AND subjects.series = runs.profile
    AND subjects.ordinal = runs.prototype_index`;

export const GALLERY_SQL = `${TILES}
  WHERE runs.audit_id = :auditId
  ORDER BY runs.class_index, runs.model_id, profile, prototype_index`;

/** All tiles of an audit, class by class. */
export function galleryOf(connection: Connection, auditId: number): GalleryTile[] {
  return connection
    .all(GALLERY_SQL, { auditId })
    .map((row) => withoutNulls(row) as unknown as GalleryTile);
}

/** The tile of one run. */
export function tileOf(connection: Connection, runId: number): GalleryTile | undefined {
  const row = connection.get(`${TILES} WHERE runs.id = :runId`, { runId });
  return row && (withoutNulls(row) as unknown as GalleryTile);
}
