import type { Engine } from '../engine/engine.ts';
import { layersOf, type Layer } from '../classifier/layers.ts';
import { specialiseClassifier } from '../classifier/load.ts';
import { readRows } from '../photograph/rows.ts';
import { naturalClasses } from '../similarity/folder.ts';
import type { NaturalClass } from '../similarity/natural.ts';
import type { SimilarityProgress } from '../similarity/options.ts';
import { pathSimilarity } from '../similarity/path-similarity.ts';
import type { SimilarityResult } from '../similarity/result.ts';
import { otherClassControls, rowControls, type Subject } from '../similarity/subjects.ts';
import type { RunRecord } from '../store/run-reader.ts';
import type { Workspace } from '../store/workspace.ts';
import type { AuditConfiguration } from './configuration.ts';
import type { ModelUnderAudit } from './model.ts';
import type { Measured, TellShare } from './workload.ts';

export interface ScoringContext {
  readonly workspace: Workspace;
  readonly engine: Engine;
  readonly auditId: number;
  readonly audit: Pick<AuditConfiguration, 'layers' | 'natural' | 'controls' | 'seed'>;
  readonly signal?: AbortSignal;
  readonly onShare: TellShare;
  readonly onNote?: (text: string) => void;
}

/**
 * Compares the finished prototypes of a model, and the controls, with its photographs (method.md, section 3), and
 * keeps the scores. The class means come from the workspace where they were measured before.
 * @returns `undefined` where the model has no photographs of a class with a prototype
 */
export async function score(
  model: ModelUnderAudit,
  context: ScoringContext,
): Promise<SimilarityResult | undefined> {
  const { workspace, auditId, audit } = context;
  const finished = workspace.runs.list(auditId, { modelId: model.id, state: 'finished' });
  const classes = comparable(model, finished);
  if (classes.length === 0) return undefined;
  const known = new Set(classes.map(({ index }) => index));
  const shown = finished.filter(({ classIndex }) => known.has(classIndex));
  const subjects = subjectsOf(workspace.runs, shown);
  const result = await pathSimilarity(context.engine, model.classifier, {
    layers: modelLayers(model, audit.layers),
    classes,
    subjects: audit.controls ? [...subjects, ...strangers(subjects)] : subjects,
    ...rowControlsOf(model, [...known], audit.seed),
    filter: audit.natural,
    seed: audit.seed,
    cache: workspace.cache,
    signal: context.signal,
    onNote: (text) => context.onNote?.(`${model.classifier.name}, similarity: ${text}`),
    onProgress: (progress) => {
      const { done, total, label } = progress;
      const what = `${model.classifier.name} · similarity · ${label}`;
      context.onShare(done / total, what, measuredOf(progress, classes));
    },
  });
  workspace.scores.save(auditId, model.id, result);
  return result;
}

/** A table's controls are made of its natural rows. */
function rowControlsOf(
  { classifier: { features }, photographs }: ModelUnderAudit,
  classes: readonly number[],
  seed: number,
): { controls?: Subject[] } {
  if (!features || !photographs) return {};
  const rows = readRows(photographs.folder, features).rows.map(({ positions }) => positions);
  return { controls: rowControls(classes, rows, features, seed) };
}

/** Photographs come first, and count twice each; then come the images that are compared with them. */
function measuredOf(
  { phase, done, total }: SimilarityProgress,
  classes: readonly NaturalClass[],
): Measured {
  const images = classes.reduce((sum, { count }) => sum + count, 0);
  return phase === 'natural images'
    ? { what: phase, done: Math.min(images, Math.floor(done / 2)), total: images }
    : { what: phase, done: Math.max(0, done - 2 * images), total: total - 2 * images };
}

function comparable(model: ModelUnderAudit, finished: readonly RunRecord[]): NaturalClass[] {
  if (!model.photographs) return [];
  const made = new Set(finished.map(({ classIndex }) => classIndex));
  return naturalClasses(model.photographs, model.classifier).filter(({ index }) => made.has(index));
}

/** The layers of a set; shapes do not matter to their names, so one image will do. */
export function modelLayers(
  { classifier }: ModelUnderAudit,
  set: AuditConfiguration['layers'],
): Layer[] {
  const batch = classifier.input.batch === 'free' ? 1 : classifier.input.batch;
  return layersOf(specialiseClassifier(classifier, batch), set);
}

/** Every finished prototype, in the order of its index within class and profile; read when it is scored. */
export function subjectsOf(
  runs: Pick<Workspace['runs'], 'raw'>,
  finished: readonly Pick<RunRecord, 'id' | 'profile' | 'classIndex' | 'prototypeIndex'>[],
): Subject[] {
  return finished
    .toSorted((a, b) => a.prototypeIndex - b.prototypeIndex)
    .map(({ id, profile, classIndex }) => ({
      series: profile,
      kind: profile === 'plain' ? 'plain' : 'prototype',
      classIndex,
      pixels: () => runs.raw(id)!,
    }));
}

/** "Another class's prototype", for each profile with the first prototype of every class. */
export function strangers(subjects: readonly Subject[]): Subject[] {
  const prototypes = subjects.filter(({ kind }) => kind === 'prototype');
  const series = [...new Set(prototypes.map((subject) => subject.series))];
  return series.flatMap((name) => {
    const first = new Map<number, Subject>();
    for (const subject of prototypes) {
      if (subject.series === name && !first.has(subject.classIndex))
        first.set(subject.classIndex, subject);
    }
    return otherClassControls([...first.values()].toSorted((a, b) => a.classIndex - b.classIndex));
  });
}
