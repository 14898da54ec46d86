import type {
  Band,
  ClassSimilarity,
  NaturalLayer,
  Scores as ShareScores,
  SeriesTotals,
  SimilarityResult,
  SubjectKind,
  SubjectLayer,
  SubjectSimilarity,
  Variants,
} from '../similarity/result.ts';
import type { Connection, Row } from './connection.ts';
import { parseJson } from './json.ts';

/** The four figures of a natural layer that are bands: their means are columns, their quantiles JSON. */
export const BANDS = ['spearman', 'l1', 'leaveOneOutSpearman', 'leaveOneOutL1'] as const;
export type Quantiles = Readonly<Record<(typeof BANDS)[number], Band['quantiles']>>;

/** A subject's scores in short, as a table or a gallery shows them. */
export interface ScoreSummary {
  readonly modelId: number;
  readonly classIndex: number;
  readonly label: string;
  readonly naturalImages: number;
  readonly evidence: ClassSimilarity['evidence'];
  /** The prototypes' series is their profile's name. */
  readonly series: string;
  /** Place among the class's subjects of the series: the prototype's index. */
  readonly ordinal: number;
  readonly kind: SubjectKind;
  readonly logit?: number;
  readonly predicted: number;
  /** Share of layers won, 0 … 100; absent where the evidence is insufficient. */
  readonly spearmanPercent?: number;
  readonly l1Percent?: number;
  readonly normalised?: number;
  readonly normalisedPooled?: number;
}

const key = 'audit_id = :auditId AND model_id = :modelId';

/** Floats that were not finite are NULL in SQLite. */
const real = (value: unknown): number => (value === null ? NaN : (value as number));
const nullable = (value: unknown): number | null => value as number | null;

/** Puts the two variants of a layer together; rows come ordered by layer, full before pooled. */
function pairs<T>(rows: readonly Row[], read: (row: Row) => T): Variants<T>[] {
  return Array.from({ length: rows.length / 2 }, (_, layer) => ({
    full: read(rows[2 * layer]),
    pooled: read(rows[2 * layer + 1]),
  }));
}

function naturalLayerOf(row: Row): NaturalLayer {
  const quantiles = JSON.parse(row.quantiles as string) as Quantiles;
  const band = (column: string, name: (typeof BANDS)[number]): Band => ({
    mean: real(row[column]),
    quantiles: quantiles[name],
  });
  return {
    spearman: band('spearman', 'spearman'),
    l1: band('l1', 'l1'),
    leaveOneOutSpearman: band('leave_one_out_spearman', 'leaveOneOutSpearman'),
    leaveOneOutL1: band('leave_one_out_l1', 'leaveOneOutL1'),
    same: real(row.same),
    different: nullable(row.different),
    constant: row.constant as number,
  };
}

const subjectLayerOf = (row: Row): SubjectLayer => ({
  spearman: real(row.spearman),
  l1: real(row.l1),
  pairwise: real(row.pairwise),
  normalised: nullable(row.normalised),
});

const scoresOf = (row: Row): Variants<ShareScores> | null =>
  parseJson<Variants<ShareScores>>(row.scores) ?? null;

const totalsOf = (row: Row): SeriesTotals => ({
  series: row.series as string,
  kind: row.kind as SubjectKind,
  classes: row.classes as number,
  n: row.natural_images as number,
  scores: scoresOf(row),
});

export class ScoreReader {
  protected readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** The whole path similarity of a model in an audit. */
  get(auditId: number, modelId: number): SimilarityResult | undefined {
    const parameters = { auditId, modelId };
    const row = this.connection.get(`SELECT * FROM similarities WHERE ${key}`, parameters);
    if (!row) return undefined;
    const classes = this.connection.all(
      `SELECT * FROM class_evidence WHERE ${key} ORDER BY class_index`,
      parameters,
    );
    return {
      layers: JSON.parse(row.layers as string) as SimilarityResult['layers'],
      leftOut: JSON.parse(row.left_out as string) as SimilarityResult['leftOut'],
      classes: classes.map((each) => this.#classOf(auditId, modelId, each)),
      totals: this.totals(auditId, modelId),
      skipped: JSON.parse(row.skipped as string) as SimilarityResult['skipped'],
      filter: row.filter as SimilarityResult['filter'],
      seed: row.seed as number,
      resamples: row.resamples as number,
    };
  }

  /** The path similarity of one class of a model, and the names of the layers. */
  ofClass(
    auditId: number,
    modelId: number,
    classIndex: number,
  ): { layers: SimilarityResult['layers']; found: ClassSimilarity } | undefined {
    const parameters = { auditId, modelId, classIndex };
    const row = this.connection.get(
      `SELECT class_evidence.*, layers FROM class_evidence JOIN similarities USING (audit_id, model_id)
       WHERE ${key} AND class_index = :classIndex`,
      parameters,
    );
    if (!row) return undefined;
    const layers = JSON.parse(row.layers as string) as SimilarityResult['layers'];
    return { layers, found: this.#classOf(auditId, modelId, row) };
  }

  /** The scores over all classes of a model, series by series. */
  totals(auditId: number, modelId: number): SeriesTotals[] {
    return this.connection
      .all(`SELECT * FROM series_totals WHERE ${key} ORDER BY position`, { auditId, modelId })
      .map(totalsOf);
  }

  /** Every subject of an audit in short: prototypes and controls, class by class. */
  summaries(auditId: number): ScoreSummary[] {
    const rows = this.connection.all(
      `SELECT model_id AS modelId, class_index AS classIndex, label,
         natural_images AS naturalImages, evidence, series, ordinal, kind, logit, predicted,
         spearman_percent AS spearmanPercent, l1_percent AS l1Percent, normalised,
         normalised_pooled AS normalisedPooled
       FROM subjects JOIN class_evidence USING (audit_id, model_id, class_index)
       WHERE audit_id = :auditId ORDER BY model_id, class_index, subjects.id`,
      { auditId },
    );
    return rows.map((row) => withoutNulls(row) as unknown as ScoreSummary);
  }

  /** What else an audit found, as plain JSON, by topic: `entanglement`, `transfer`, … */
  finding(auditId: number, topic: string): unknown {
    const row = this.connection.get(
      'SELECT content FROM findings WHERE audit_id = :auditId AND topic = :topic',
      { auditId, topic },
    );
    return parseJson(row?.content);
  }

  #classOf(auditId: number, modelId: number, row: Row): ClassSimilarity {
    const parameters = { auditId, modelId, classIndex: row.class_index as number };
    const ofClass = `WHERE ${key} AND class_index = :classIndex`;
    const layers = this.connection.all(
      `SELECT * FROM natural_layers ${ofClass} ORDER BY position, variant`,
      parameters,
    );
    const subjects = this.connection.all(
      `SELECT * FROM subjects ${ofClass} ORDER BY id`,
      parameters,
    );
    return {
      index: parameters.classIndex,
      label: row.label as string,
      given: row.given as number,
      n: row.natural_images as number,
      evidence: row.evidence as ClassSimilarity['evidence'],
      images: JSON.parse(row.images as string) as ClassSimilarity['images'],
      layers: pairs(layers, naturalLayerOf),
      subjects: subjects.map((subject) => this.#subjectOf(subject)),
    };
  }

  #subjectOf(row: Row): SubjectSimilarity {
    const layers = this.connection.all(
      'SELECT * FROM layer_scores WHERE subject_id = :id ORDER BY position, variant',
      { id: row.id as number },
    );
    return {
      series: row.series as string,
      kind: row.kind as SubjectKind,
      logit: real(row.logit),
      predicted: row.predicted as number,
      layers: pairs(layers, subjectLayerOf),
      scores: scoresOf(row),
    };
  }
}

/** NULL is absent to the program. */
export function withoutNulls(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
