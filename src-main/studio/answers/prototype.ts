import type {
  ClassPath,
  Prototype,
  PrototypeResult,
  Snapshot,
  TopLogit,
} from '../../api/prototype.ts';
import { PrototypeError } from '../../prototype/errors.ts';
import { decodePortrait } from '../../prototype/portrait.ts';
import { softmax } from '../../similarity/entanglement.ts';
import { WorkspaceError } from '../../store/errors.ts';
import type { ModelRecord } from '../../store/models.ts';
import type { PrototypeRecord, RunRecord, SnapshotRecord } from '../../store/run-reader.ts';
import type { WorkspaceReader } from '../../store/workspace.ts';
import { tileAnswer } from './audit.ts';
import { curveOf, naturalLayerOf } from '../../report/curve.ts';
import { figure } from '../../report/figure.ts';

const TOP_LOGITS = 10;

/** One run in full. @returns undefined when there is no such run */
export function prototypeAnswer(workspace: WorkspaceReader, runId: number): Prototype | undefined {
  const run = workspace.runs.get(runId);
  if (!run) return undefined;
  const model = workspace.models.get(run.modelId)!;
  const prototype = workspace.runs.prototype(runId);
  const { auditId, seed, attempts, startedAt, finishedAt, engine, versions, timings, batch } = run;
  return {
    ...{ auditId, seed, attempts, startedAt, finishedAt, engine },
    tile: tileAnswer(workspace, runId),
    modelName: model.name,
    modelSha256: model.files[0].sha256,
    preprocessingFrom: model.facts.preprocessingFrom,
    configuration: run.configuration as Record<string, unknown>,
    versions: versions && { ...versions },
    timings: timings && { ...timings },
    batch: batch && { ...batch, trials: [...batch.trials], ranOut: [...batch.ranOut] },
    snapshots: workspace.runs.snapshots(runId).map(snapshotOf),
    result: prototype && {
      ...resultOf(prototype, model.facts.labels),
      ...rowOf(workspace, model, prototype),
    },
    path: pathOf(workspace, run),
  };
}

const lossesOf = (found: { varianceLoss?: number; highFrequencyLoss?: number }) => ({
  variance: figure(found.varianceLoss),
  highFrequency: figure(found.highFrequencyLoss),
});

export const snapshotOf = (snapshot: SnapshotRecord): Snapshot => ({
  stage: snapshot.stage === 1 ? 'baseline' : 'prototype',
  step: snapshot.step,
  logit: figure(snapshot.logit),
  losses: lossesOf(snapshot),
  imageHash: snapshot.imageHash,
});

function resultOf(prototype: PrototypeRecord, labels: readonly string[]): PrototypeResult {
  const { imageHash, channels, height, width, baselineSteps, steps, stillSteps } = prototype;
  return {
    ...{ imageHash, channels, height, width, baselineSteps, steps, stillSteps },
    logit: figure(prototype.logit),
    probability: figure(prototype.probability),
    losses: lossesOf(prototype),
    topLogits: topLogitsOf(prototype.logits, labels),
  };
}

/** Of a table: the row as its picture's own record says it, so that both can never differ. */
function rowOf(
  workspace: WorkspaceReader,
  { facts }: ModelRecord,
  { imageHash }: PrototypeRecord,
): Pick<PrototypeResult, 'features' | 'unsettledLogit'> {
  if (facts.input.layout !== 'table') return {};
  try {
    const { values, unsettledLogit } = decodePortrait(workspace.readFile(imageHash)).provenance;
    const before = unsettledLogit === undefined ? {} : { unsettledLogit: figure(unsettledLogit) };
    return { features: values, ...before };
  } catch (error) {
    // A picture that is lost is told where it would be shown.
    if (error instanceof WorkspaceError || error instanceof PrototypeError) return {};
    throw error;
  }
}

function topLogitsOf(logits: Float32Array, labels: readonly string[]): TopLogit[] {
  const probabilities = softmax(logits);
  return Array.from(logits, (logit, classIndex) => ({ logit, classIndex }))
    .sort((a, b) => b.logit - a.logit)
    .slice(0, TOP_LOGITS)
    .map(({ logit, classIndex }) => ({
      classIndex,
      label: labels[classIndex] ?? `class ${classIndex}`,
      logit: figure(logit),
      probability: figure(probabilities[classIndex]),
    }));
}

/** The path of a run's class: its own curve is that of its series and index. */
function pathOf(workspace: WorkspaceReader, run: RunRecord): ClassPath | undefined {
  const similarity = workspace.scores.ofClass(run.auditId, run.modelId, run.classIndex);
  if (!similarity) return undefined;
  const { layers, found } = similarity;
  const own = found.subjects.filter(({ series }) => series === run.profile)[run.prototypeIndex];
  const controls = found.subjects.filter(
    (subject) => subject !== own && belongsTo(subject, run.profile),
  );
  return {
    layers: layers.map(({ name }) => name),
    evidence: found.evidence,
    given: found.given,
    naturalImages: found.n,
    natural: found.layers.map(naturalLayerOf),
    prototype: own && curveOf(own),
    controls: controls.map(curveOf),
  };
}

/** Controls stand beside every prototype, "another class's prototype" beside those of its own profile alone. */
function belongsTo({ kind, series }: { kind: string; series: string }, profile: string): boolean {
  if (kind === 'prototype') return false;
  return kind !== 'other-class' || series.startsWith(`${profile},`);
}
