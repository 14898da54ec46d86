import type {
  ClassSimilarity,
  NaturalLayer,
  Scores as ShareScores,
  SimilarityResult,
  SubjectLayer,
  SubjectSimilarity,
  Variants,
} from '../similarity/result.ts';
import type { Parameters } from './connection.ts';
import { canonicalJson, finite } from './json.ts';
import { BANDS, ScoreReader } from './score-reader.ts';

interface Key extends Record<string, number> {
  readonly auditId: number;
  readonly modelId: number;
}

const variants = ['full', 'pooled'] as const;

/** The figures that tables and galleries show, beside all of them as JSON. */
function headline(scores: Variants<ShareScores> | null): Parameters {
  return {
    spearmanPercent: finite(scores?.full.spearman.percent),
    l1Percent: finite(scores?.full.l1.percent),
    normalised: finite(scores?.full.normalised.all),
    normalisedPooled: finite(scores?.pooled.normalised.all),
    scores: scores && canonicalJson(scores),
  };
}

export class Scores extends ScoreReader {
  /**
   * Keeps the path similarity of a model in the place of an earlier one. A prototype's series is its profile's name,
   * and the prototypes of a class and series come in the order of their indices.
   */
  save(auditId: number, modelId: number, result: SimilarityResult): void {
    const key = { auditId, modelId };
    this.connection.transaction(() => {
      this.connection.run(
        'DELETE FROM similarities WHERE audit_id = :auditId AND model_id = :modelId',
        key,
      );
      this.#addResult(key, result);
      for (const each of result.classes) this.#addClass(key, each);
      result.totals.forEach((totals, position) => {
        const { series, kind, classes, n, scores } = totals;
        this.connection.run(
          `INSERT INTO series_totals VALUES (:auditId, :modelId, :position, :series, :kind,
             :classes, :n, :spearmanPercent, :l1Percent, :normalised, :normalisedPooled, :scores)`,
          { ...key, position, series, kind, classes, n, ...headline(scores) },
        );
      });
    });
  }

  /** Keeps what else an audit found, as plain JSON, in the place of what it found before on the topic. */
  saveFinding(auditId: number, topic: string, content: unknown): void {
    this.connection.run('INSERT OR REPLACE INTO findings VALUES (:auditId, :topic, :content)', {
      auditId,
      topic,
      content: canonicalJson(content),
    });
  }

  #addResult(key: Key, result: SimilarityResult): void {
    this.connection.run(
      `INSERT INTO similarities VALUES
         (:auditId, :modelId, :filter, :seed, :resamples, :layers, :leftOut, :skipped)`,
      {
        ...key,
        filter: result.filter,
        seed: result.seed,
        resamples: result.resamples,
        layers: canonicalJson(result.layers),
        leftOut: canonicalJson(result.leftOut),
        skipped: canonicalJson(result.skipped),
      },
    );
  }

  #addClass(key: Key, each: ClassSimilarity): void {
    const ofClass = { ...key, classIndex: each.index };
    const { label, given, n, evidence } = each;
    this.connection.run(
      `INSERT INTO class_evidence VALUES
         (:auditId, :modelId, :classIndex, :label, :given, :n, :evidence, :images)`,
      { ...ofClass, label, given, n, evidence, images: canonicalJson(each.images) },
    );
    each.layers.forEach((layer, position) => {
      for (const variant of variants) {
        this.#addNaturalLayer({ ...ofClass, position, variant }, layer[variant]);
      }
    });
    const ordinals = new Map<string, number>();
    for (const subject of each.subjects) {
      const ordinal = ordinals.get(subject.series) ?? 0;
      ordinals.set(subject.series, ordinal + 1);
      this.#addSubject({ ...ofClass, ordinal }, subject);
    }
  }

  #addNaturalLayer(key: Parameters, layer: NaturalLayer): void {
    const quantiles = Object.fromEntries(BANDS.map((name) => [name, layer[name].quantiles]));
    this.connection.run(
      `INSERT INTO natural_layers VALUES
         (:auditId, :modelId, :classIndex, :position, :variant, :spearman, :l1,
          :leaveOneOutSpearman, :leaveOneOutL1, :same, :different, :constant, :quantiles)`,
      {
        ...key,
        spearman: finite(layer.spearman.mean),
        l1: finite(layer.l1.mean),
        leaveOneOutSpearman: finite(layer.leaveOneOutSpearman.mean),
        leaveOneOutL1: finite(layer.leaveOneOutL1.mean),
        same: finite(layer.same),
        different: finite(layer.different),
        constant: layer.constant,
        quantiles: canonicalJson(quantiles),
      },
    );
  }

  #addSubject(key: Parameters, subject: SubjectSimilarity): void {
    const subjectId = this.connection.insert(
      `INSERT INTO subjects
         (audit_id, model_id, class_index, series, ordinal, kind, logit, predicted,
          spearman_percent, l1_percent, normalised, normalised_pooled, scores)
       VALUES
         (:auditId, :modelId, :classIndex, :series, :ordinal, :kind, :logit, :predicted,
          :spearmanPercent, :l1Percent, :normalised, :normalisedPooled, :scores)`,
      {
        ...key,
        series: subject.series,
        kind: subject.kind,
        logit: finite(subject.logit),
        predicted: subject.predicted,
        ...headline(subject.scores),
      },
    );
    subject.layers.forEach((layer, position) => {
      for (const variant of variants) this.#addLayer(subjectId, position, variant, layer[variant]);
    });
  }

  #addLayer(subjectId: number, position: number, variant: string, layer: SubjectLayer): void {
    this.connection.run(
      `INSERT INTO layer_scores VALUES
         (:subjectId, :position, :variant, :spearman, :l1, :pairwise, :normalised)`,
      {
        ...{ subjectId, position, variant },
        spearman: finite(layer.spearman),
        l1: finite(layer.l1),
        pairwise: finite(layer.pairwise),
        normalised: finite(layer.normalised),
      },
    );
  }
}
