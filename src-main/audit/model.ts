import { resolve } from 'node:path';
import type { Classifier } from '../classifier/classifier.ts';
import { resolveClasses } from '../classifier/classes.ts';
import { loadClassifier, specialiseClassifier } from '../classifier/load.ts';
import { multiplyAdds } from '../graph/cost.ts';
import { imageSet, type ImageSet } from '../photograph/image-set.ts';
import type { Workspace } from '../store/workspace.ts';
import type { AuditConfiguration, AuditModel } from './configuration.ts';

/** A classifier of an audit with what is asked of it. */
export interface ModelUnderAudit {
  readonly id: number;
  readonly classifier: Classifier;
  /** Class indices, in the order in which they were named. */
  readonly classes: readonly number[];
  readonly photographs?: ImageSet;
  readonly imageSetId?: number;
  /** Multiply-adds of a forward pass of one image. */
  readonly cost: number;
}

/**
 * Reads a classifier, finds its classes and photographs, and makes all of it known to the workspace.
 * @throws GraphError, ClassifierError or PhotographError in one sentence
 */
export async function prepareModel(
  workspace: Workspace,
  configuration: AuditConfiguration,
  model: AuditModel,
): Promise<ModelUnderAudit> {
  const { path, images: ownImages, ...options } = model;
  const classifier = await loadClassifier(path, options);
  const classes = resolveClasses(classifier, configuration.classes);
  const folder = ownImages ?? configuration.images;
  const photographs =
    folder === undefined ? undefined : await findPhotographs(folder, classifier, classes);
  const batch = classifier.input.batch === 'free' ? 1 : classifier.input.batch;
  return {
    id: workspace.models.save(classifier, resolve(path)),
    classifier,
    classes,
    cost: multiplyAdds(specialiseClassifier(classifier, batch)),
    ...(photographs && { photographs, imageSetId: saveImageSet(workspace, photographs) }),
  };
}

/** The photographs of the audited classes; those of others are left alone. */
async function findPhotographs(
  folder: string,
  classifier: Classifier,
  classes: readonly number[],
): Promise<ImageSet> {
  const only = classes.length === 1 ? { only: classes[0] } : {};
  const set = await imageSet(folder, { labels: classifier.labels, ...only });
  return { ...set, classes: set.classes.filter(({ index }) => classes.includes(index)) };
}

function saveImageSet(workspace: Workspace, set: ImageSet): number {
  const counts = Object.fromEntries(set.classes.map(({ label, files }) => [label, files.length]));
  return workspace.imageSets.save({
    fingerprint: set.fingerprint,
    name: resolve(set.folder).split(/[\\/]/).at(-1) ?? set.folder,
    path: resolve(set.folder),
    images: set.classes.reduce((sum, { files }) => sum + files.length, 0),
    counts,
  });
}

/** What a reviewer should know of a model's photographs, one sentence each. */
export function photographNotes({ classifier, classes, photographs }: ModelUnderAudit): string[] {
  if (!photographs) return [];
  const found = new Set(photographs.classes.map(({ index }) => index));
  const without = classes
    .filter((index) => !found.has(index))
    .map((index) => classifier.labels[index]);
  const notes = photographs.skipped.map(({ name, reason }) => `${name} is left out: ${reason}`);
  if (without.length > 0) {
    notes.push(
      `${classifier.name}: no photographs of ${without.join(', ')}; these prototypes are made but not compared.`,
    );
  }
  return notes;
}
