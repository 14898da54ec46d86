import type { Counts, Report, ReportFinding, ReportPrototype } from '../api/report.ts';
import { batchesOf } from '../audit/batches.ts';
import { valuesOf } from '../classifier/feature-value.ts';
import type { Feature } from '../classifier/features.ts';
import { canonicalJson } from '../store/json.ts';
import type { ReviewRecord } from '../store/reviews.ts';
import type { RunRecord } from '../store/run-reader.ts';
import type { WorkspaceReader } from '../store/workspace.ts';
import { figure } from './figure.ts';
import { stabilities } from './stability.ts';

/** Plain maximisation is made to be compared with: nobody has to judge it. */
const CONTROL = 'plain';

/** Every prototype of an audit, made or not, class by class. */
export function prototypesOf(
  workspace: WorkspaceReader,
  runs: readonly RunRecord[],
  marks: readonly ReviewRecord[],
): ReportPrototype[] {
  const byRun = new Map(marks.map((mark) => [mark.runId, mark.mark]));
  const prototypes = runs.toSorted(byClass).map((run) => prototypeOf(workspace, run));
  const stable = stabilities(workspace, prototypes);
  return prototypes.map((prototype) => ({
    ...prototype,
    ...reviewOf(byRun.get(prototype.runId)),
    stability: stable.get(prototype.runId),
  }));
}

/** As the gallery has them. */
const byClass = (a: RunRecord, b: RunRecord): number =>
  a.classIndex - b.classIndex ||
  a.modelId - b.modelId ||
  (a.profile < b.profile ? -1 : Number(a.profile > b.profile)) ||
  a.prototypeIndex - b.prototypeIndex;

const reviewOf = (mark: ReviewRecord['mark'] | undefined) => ({
  review: mark?.state ?? ('unreviewed' as const),
  severity: mark?.severity ?? null,
});

function prototypeOf(
  workspace: WorkspaceReader,
  run: RunRecord,
): Omit<ReportPrototype, 'review' | 'severity'> {
  const { id, modelId, classIndex, label, profile, prototypeIndex, seed, state, reason } = run;
  const found = workspace.runs.prototype(id);
  const { labels, features } = workspace.models.get(modelId)!.facts;
  const { predicted } = found ?? {};
  return {
    ...{ runId: id, modelId, classIndex, label, profile, prototypeIndex, seed, state, reason },
    control: profile === CONTROL,
    image: found?.imageHash,
    raw: found?.rawHash,
    logit: figure(found?.logit),
    probability: figure(found?.probability),
    seenAs: predicted === undefined ? undefined : (labels[predicted] ?? `class ${predicted}`),
    features: features && found && rowOf(features, workspace.runs.raw(id)),
    baselineSteps: found?.baselineSteps,
    steps: found?.steps,
  };
}

const rowOf = (
  features: readonly Feature[],
  positions: Float32Array | undefined,
): ReportPrototype['features'] =>
  positions &&
  valuesOf(features, positions).map(({ name, value, unit, category }) => ({
    ...{ name, value, unit, category },
  }));

/** How far the review has come. Controls do not count: nobody has to judge them. */
export function countsOf(
  prototypes: readonly ReportPrototype[],
  findings: readonly ReportFinding[],
): Counts {
  const judged = prototypes.filter(({ control }) => !control);
  const count = (state: string): number => judged.filter(({ review }) => review === state).length;
  return {
    prototypes: judged.length,
    made: judged.filter(({ image }) => image !== undefined).length,
    reviewed: judged.length - count('unreviewed'),
    unreviewed: count('unreviewed'),
    concern: count('concern'),
    cleared: count('cleared'),
    comparisons: findings.filter(({ pictures }) => pictures.length > 1).length,
  };
}

/** On what the prototypes were made. */
export function enginesOf(runs: readonly RunRecord[]): Report['engines'] {
  const made = runs.filter(({ engine, versions }) => engine && versions);
  const same = Map.groupBy(made, ({ engine, versions }) => canonicalJson([engine, versions]));
  return [...same.values()].map((group) => ({
    engine: group[0].engine!,
    versions: { ...group[0].versions },
    prototypes: group.length,
    batches: batchesOf(group).map((batch) => ({
      ...batch,
      trials: [...batch.trials],
      ranOut: [...batch.ranOut],
    })),
  }));
}
