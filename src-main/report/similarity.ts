import type {
  Curve,
  Entanglement,
  ModelSimilarity,
  Similarity,
  Transfer,
} from '../api/similarity.ts';
import { relatedIn } from '../audit/related.ts';
import type { EntanglementFinding, TransferFinding } from '../audit/relations.ts';
import type {
  ClassSimilarity,
  Scores,
  Share,
  SimilarityResult,
  SubjectSimilarity,
  Variants,
} from '../similarity/result.ts';
import type { WorkspaceReader } from '../store/workspace.ts';
import { both } from './curve.ts';
import { figure } from './figure.ts';

/** All that an audit measured beyond its prototypes. @returns undefined when there is no such audit */
export function similarityAnswer(
  workspace: WorkspaceReader,
  auditId: number,
): Similarity | undefined {
  const audit = workspace.audits.get(auditId);
  if (!audit) return undefined;
  const { entanglement, transfer } = relatedIn(workspace, auditId);
  return {
    models: audit.models.flatMap(({ modelId }) => {
      const result = workspace.scores.get(auditId, modelId);
      return result ? [modelOf(modelId, result)] : [];
    }),
    entanglement: entanglement.map(entanglementOf),
    transfer: transfer.map(transferOf),
  };
}

function modelOf(modelId: number, result: SimilarityResult): ModelSimilarity {
  const { layers, leftOut, skipped, filter, seed, resamples, classes, totals } = result;
  const sufficient = classes.filter(({ evidence }) => evidence === 'sufficient');
  return {
    ...{ modelId, filter, seed, resamples },
    leftOut: [...leftOut],
    skipped: [...skipped],
    layers: layers.map(({ name }) => name),
    classes: classes.map(({ index, label, given, n, evidence }) => ({
      ...{ classIndex: index, label, given, evidence },
      naturalImages: n,
    })),
    totals: totals.map(({ series, kind, classes: counted, n, scores }) => ({
      ...{ series, kind, classes: counted, naturalImages: n },
      scores: scores === null ? undefined : both(scores, scoresOf),
    })),
    natural: layers.map((_, layer) => naturalOf(sufficient, layer)),
    curves: totals.map(({ series, kind }) => curveOf(sufficient, series, kind, layers.length)),
  };
}

const shareOf = ({ percent, interval: [low, high] }: Share) => ({
  percent: figure(percent),
  interval: [figure(low), figure(high)] as const,
});

export const scoresOf = (scores: Scores) => ({
  spearman: shareOf(scores.spearman),
  l1: shareOf(scores.l1),
  leaveOneOutSpearman: shareOf(scores.leaveOneOutSpearman),
  leaveOneOutL1: shareOf(scores.leaveOneOutL1),
  normalised: { ...scores.normalised },
});

const VARIANTS: Variants<keyof Variants<unknown>> = { full: 'full', pooled: 'pooled' };

/** Mean of the figures that are defined. */
function mean(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => figure(value) !== null) as number[];
  return defined.length === 0
    ? null
    : defined.reduce((sum, value) => sum + value, 0) / defined.length;
}

const naturalOf = (classes: readonly ClassSimilarity[], layer: number) =>
  both(VARIANTS, (variant) => ({
    spearman: mean(classes.map(({ layers }) => layers[layer][variant].spearman.mean)),
    l1: mean(classes.map(({ layers }) => layers[layer][variant].l1.mean)),
  }));

function curveOf(
  classes: readonly ClassSimilarity[],
  series: string,
  kind: string,
  layers: number,
): Curve {
  const members: SubjectSimilarity[] = classes.flatMap(({ subjects }) =>
    subjects.filter((subject) => subject.series === series),
  );
  const point = (layer: number, variant: keyof Variants<unknown>) => ({
    spearman: mean(members.map((member) => member.layers[layer][variant].spearman)),
    l1: mean(members.map((member) => member.layers[layer][variant].l1)),
    normalised: mean(members.map((member) => member.layers[layer][variant].normalised)),
  });
  return {
    ...{ series, kind },
    layers: Array.from({ length: layers }, (_, layer) =>
      both(VARIANTS, (variant) => point(layer, variant)),
    ),
  };
}

const matrixOf = (rows: readonly (readonly number[])[]) => rows.map((row) => row.map(figure));

const entanglementOf = (finding: EntanglementFinding): Entanglement => ({
  modelId: finding.modelId,
  profile: finding.profile,
  classes: [...finding.classes],
  probabilities: matrixOf(finding.probabilities),
  cosines: matrixOf(finding.cosines),
  pairs: finding.pairs.map((pair) => ({
    ...pair,
    cosine: figure(pair.cosine),
    probability: figure(pair.probability),
  })),
});

const transferOf = ({ from, to, profile, classes }: TransferFinding): Transfer => ({
  ...{ from, to, profile },
  classes: classes.map((each) => ({
    ...each,
    logit: figure(each.logit),
    probability: figure(each.probability),
  })),
});
