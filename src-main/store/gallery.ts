import type { State } from './audits.ts';
import type { Connection, Row } from './connection.ts';

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
  readonly naturalImages?: number;
  readonly spearmanShare?: number;
  readonly l1Share?: number;
  readonly normalised?: number;
  readonly normalisedPooled?: number;
}

const sql = `
  SELECT runs.id AS runId, runs.audit_id AS auditId, runs.model_id AS modelId,
    runs.class_index AS classIndex, runs.label, runs.profile,
    runs.prototype_index AS prototypeIndex, runs.state, runs.reason,
    prototypes.image_hash AS imageHash, prototypes.logit, prototypes.probability,
    prototypes.predicted, summaries.natural_images AS naturalImages,
    summaries.spearman_share AS spearmanShare, summaries.l1_share AS l1Share,
    summaries.normalised, summaries.normalised_pooled AS normalisedPooled
  FROM runs
  LEFT JOIN prototypes ON prototypes.run_id = runs.id
  LEFT JOIN class_summaries AS summaries
    ON summaries.audit_id = runs.audit_id AND summaries.model_id = runs.model_id
    AND summaries.class_index = runs.class_index AND summaries.profile = runs.profile
    AND summaries.prototype_index = runs.prototype_index AND summaries.subject = 'prototype'
  WHERE runs.audit_id = :auditId
  ORDER BY runs.class_index, runs.model_id, runs.profile, runs.prototype_index`;

const withoutNulls = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));

/** All tiles of an audit, class by class. */
export function galleryOf(connection: Connection, auditId: number): GalleryTile[] {
  return connection.all(sql, { auditId }).map((row) => withoutNulls(row) as unknown as GalleryTile);
}
