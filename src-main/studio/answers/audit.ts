import type { Audit, Model, Tile, Total } from '../../api/audit.ts';
import type { AuditSummary } from '../../api/studio.ts';
import { stabilities } from '../../report/stability.ts';
import { pictureSize } from '../../prototype/picture.ts';
import type { AuditRecord } from '../../store/audits.ts';
import type { GalleryTile } from '../../store/gallery.ts';
import type { ModelRecord } from '../../store/models.ts';
import type { WorkspaceReader } from '../../store/workspace.ts';

/** All that the gallery shows of an audit. @returns undefined when there is no such audit */
export function auditAnswer(workspace: WorkspaceReader, auditId: number): Audit | undefined {
  const audit = workspace.audits.get(auditId);
  if (!audit) return undefined;
  const models = audit.models.map(({ modelId }) => workspace.models.get(modelId)!);
  const labels = new Map(models.map((model) => [model.id, model.facts.labels]));
  const tiles = workspace.gallery(auditId);
  const stable = stabilities(workspace, tiles);
  return {
    summary: summaryOf(workspace, audit),
    models: models.map(modelOf),
    tiles: tiles.map((tile) => ({
      ...tileOf(tile, labels.get(tile.modelId) ?? []),
      stability: stable.get(tile.runId),
    })),
    scores: workspace.scores.summaries(auditId),
    totals: models.flatMap(({ id }) => totalsOf(workspace, auditId, id)),
  };
}

/** The tile of one run, which must exist. */
export function tileAnswer(workspace: WorkspaceReader, runId: number): Tile {
  const tile = workspace.tile(runId)!;
  return tileOf(tile, workspace.models.get(tile.modelId)!.facts.labels);
}

export const summaryOf = (workspace: WorkspaceReader, audit: AuditRecord): AuditSummary => ({
  id: audit.id,
  name: audit.name,
  state: audit.state,
  reason: audit.reason,
  createdAt: audit.createdAt,
  models: audit.models.map(({ modelId }) => modelId),
  imageSets: imageSetsOf(audit),
  classes: workspace.audits.classes(audit.id),
  progress: workspace.runs.progress(audit.id),
});

const imageSetsOf = ({ models }: AuditRecord): number[] =>
  [...new Set(models.map(({ imageSetId }) => imageSetId))].filter((id) => id !== undefined);

const modelOf = ({ id, name, facts }: ModelRecord): Model => ({
  id,
  name,
  classes: facts.labels.length,
  ...pictureSize(facts),
  features: facts.features?.length,
});

function tileOf(tile: GalleryTile, labels: readonly string[]): Tile {
  const { runId, modelId, classIndex, label, profile, prototypeIndex, state } = tile;
  const { reason, imageHash, logit, probability, predicted } = tile;
  const elsewhere = predicted !== undefined && predicted !== classIndex;
  return {
    ...{ runId, modelId, classIndex, label, profile, prototypeIndex, state },
    ...{ reason, imageHash, logit, probability },
    seenAs: elsewhere ? (labels[predicted] ?? `class ${predicted}`) : undefined,
  };
}

function totalsOf(workspace: WorkspaceReader, auditId: number, modelId: number): Total[] {
  return workspace.scores.totals(auditId, modelId).map(({ series, kind, classes, n, scores }) => ({
    ...{ modelId, series, kind, classes, naturalImages: n },
    spearmanPercent: scores?.full.spearman.percent,
    l1Percent: scores?.full.l1.percent,
    normalised: scores?.full.normalised.all ?? undefined,
    normalisedPooled: scores?.pooled.normalised.all ?? undefined,
  }));
}
