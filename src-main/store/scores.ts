import type { Connection, Row } from './connection.ts';
import { canonicalJson, finite } from './json.ts';

/** Whose similarity is meant: `prototype`, or a control such as `noise`, `grey`, `other-class` or `plain`. */
export interface ScoreSubject {
  readonly modelId: number;
  readonly classIndex: number;
  /** Empty for a control that depends on no profile. */
  readonly profile: string;
  readonly prototypeIndex: number;
  readonly subject: string;
}

/** Similarity at one layer. A figure that is not finite, or that the protocol leaves undefined, is kept as absent. */
export interface LayerScore {
  /** Place among the layers of the set, from 0. */
  readonly position: number;
  readonly layer: string;
  /** All activations, or their spatial mean per channel. */
  readonly variant: 'full' | 'pooled';
  readonly spearman?: number;
  readonly spearmanNatural?: number;
  readonly l1?: number;
  readonly l1Natural?: number;
  readonly normalised?: number;
  /** Every other figure, as plain JSON. */
  readonly figures: unknown;
}

export interface ClassSummary {
  readonly naturalImages: number;
  /** Share of layers that the subject wins, 0 … 1; absent where the evidence is insufficient. */
  readonly spearmanShare?: number;
  readonly l1Share?: number;
  readonly normalised?: number;
  readonly normalisedPooled?: number;
  /** Every other figure, as plain JSON. */
  readonly figures: unknown;
}

export type ClassSummaryRecord = ScoreSubject & ClassSummary;

/** Figures over all classes of a model. */
export interface ModelSummary {
  readonly modelId: number;
  readonly profile: string;
  readonly subject: string;
  readonly figures: unknown;
}

const optional = (value: unknown): number | undefined =>
  value === null ? undefined : (value as number);

const layerOf = (row: Row): LayerScore => ({
  position: row.position as number,
  layer: row.layer as string,
  variant: row.variant as LayerScore['variant'],
  spearman: optional(row.spearman),
  spearmanNatural: optional(row.spearman_natural),
  l1: optional(row.l1),
  l1Natural: optional(row.l1_natural),
  normalised: optional(row.normalised),
  figures: JSON.parse(row.figures as string) as unknown,
});

const summaryOf = (row: Row): ClassSummaryRecord => ({
  modelId: row.model_id as number,
  classIndex: row.class_index as number,
  profile: row.profile as string,
  prototypeIndex: row.prototype_index as number,
  subject: row.subject as string,
  naturalImages: row.natural_images as number,
  spearmanShare: optional(row.spearman_share),
  l1Share: optional(row.l1_share),
  normalised: optional(row.normalised),
  normalisedPooled: optional(row.normalised_pooled),
  figures: JSON.parse(row.figures as string) as unknown,
});

const ofSubject = `audit_id = :auditId AND model_id = :modelId AND class_index = :classIndex
  AND profile = :profile AND prototype_index = :prototypeIndex AND subject = :subject`;

const subjectParameters = (auditId: number, subject: ScoreSubject) => ({
  auditId,
  modelId: subject.modelId,
  classIndex: subject.classIndex,
  profile: subject.profile,
  prototypeIndex: subject.prototypeIndex,
  subject: subject.subject,
});

export class ScoreReader {
  protected readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Layer by layer, full before pooled. */
  layers(auditId: number, subject: ScoreSubject): LayerScore[] {
    return this.connection
      .all(
        `SELECT * FROM layer_scores WHERE ${ofSubject} ORDER BY variant, position`,
        subjectParameters(auditId, subject),
      )
      .map(layerOf);
  }

  /** The summaries of every class of a model, or of all models. */
  summaries(auditId: number, modelId?: number): ClassSummaryRecord[] {
    return this.connection
      .all(
        `SELECT * FROM class_summaries
         WHERE audit_id = :auditId AND (:modelId IS NULL OR model_id = :modelId)
         ORDER BY model_id, class_index, profile, prototype_index, subject`,
        { auditId, modelId: modelId ?? null },
      )
      .map(summaryOf);
  }

  modelSummaries(auditId: number): ModelSummary[] {
    return this.connection
      .all(
        `SELECT * FROM model_summaries WHERE audit_id = :auditId
         ORDER BY model_id, profile, subject`,
        { auditId },
      )
      .map((row) => ({
        modelId: row.model_id as number,
        profile: row.profile as string,
        subject: row.subject as string,
        figures: JSON.parse(row.figures as string) as unknown,
      }));
  }
}

export class Scores extends ScoreReader {
  /** Keeps all figures of one subject in the place of earlier ones. */
  save(
    auditId: number,
    subject: ScoreSubject,
    summary: ClassSummary,
    layers: readonly LayerScore[],
  ): void {
    const key = subjectParameters(auditId, subject);
    this.connection.transaction(() => {
      this.connection.run(`DELETE FROM layer_scores WHERE ${ofSubject}`, key);
      this.connection.run(`DELETE FROM class_summaries WHERE ${ofSubject}`, key);
      for (const layer of layers) this.#addLayer(key, layer);
      this.#addSummary(key, summary);
    });
  }

  /** Keeps the figures over all classes in the place of earlier ones. */
  saveModel(auditId: number, { modelId, profile, subject, figures }: ModelSummary): void {
    this.connection.run(
      'INSERT OR REPLACE INTO model_summaries VALUES (:auditId, :modelId, :profile, :subject, :figures)',
      { auditId, modelId, profile, subject, figures: canonicalJson(figures) },
    );
  }

  #addLayer(key: ReturnType<typeof subjectParameters>, layer: LayerScore): void {
    this.connection.run(
      `INSERT INTO layer_scores VALUES
         (:auditId, :modelId, :classIndex, :profile, :prototypeIndex, :subject, :variant, :position,
          :layer, :spearman, :spearmanNatural, :l1, :l1Natural, :normalised, :figures)`,
      {
        ...key,
        variant: layer.variant,
        position: layer.position,
        layer: layer.layer,
        spearman: finite(layer.spearman),
        spearmanNatural: finite(layer.spearmanNatural),
        l1: finite(layer.l1),
        l1Natural: finite(layer.l1Natural),
        normalised: finite(layer.normalised),
        figures: canonicalJson(layer.figures),
      },
    );
  }

  #addSummary(key: ReturnType<typeof subjectParameters>, summary: ClassSummary): void {
    this.connection.run(
      `INSERT INTO class_summaries VALUES
         (:auditId, :modelId, :classIndex, :profile, :prototypeIndex, :subject, :naturalImages,
          :spearmanShare, :l1Share, :normalised, :normalisedPooled, :figures)`,
      {
        ...key,
        naturalImages: summary.naturalImages,
        spearmanShare: finite(summary.spearmanShare),
        l1Share: finite(summary.l1Share),
        normalised: finite(summary.normalised),
        normalisedPooled: finite(summary.normalisedPooled),
        figures: canonicalJson(summary.figures),
      },
    );
  }
}
