import { basename, resolve } from 'node:path';
import type { Classifier } from '../classifier/classifier.ts';
import { resolveClasses } from '../classifier/classes.ts';
import { ClassifierError } from '../classifier/errors.ts';
import type { Feature } from '../classifier/features.ts';
import { isPresetName } from '../classifier/preprocessing.ts';
import { loadClassifier, specialiseClassifier } from '../classifier/load.ts';
import { wordsOf } from '../api/medium.ts';
import { multiplyAdds } from '../graph/cost.ts';
import { GraphError } from '../graph/errors.ts';
import { imageSet, type ImageSet, type ImageSetOptions } from '../photograph/image-set.ts';
import { readRowFile, rowSet } from '../photograph/rows.ts';
import type { Workspace } from '../store/workspace.ts';
import type { AuditConfiguration, AuditModel } from './configuration.ts';
import { AuditError } from './errors.ts';

/** Files, folders or classes that a note names one by one. */
const MOST_NAMED = 10;

/** How reading a model's photographs is told of, and stopped. */
export interface Reading {
  readonly signal?: AbortSignal;
  /** One more photograph was read, of so many. */
  readonly onPhotograph?: (done: number, total: number) => void;
}

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
 * @throws GraphError, ClassifierError or PhotographError in one sentence; AuditError with the name of the model in
 * front where there are several
 */
export async function prepareModel(
  workspace: Workspace,
  configuration: AuditConfiguration,
  model: AuditModel,
  reading: Reading = {},
): Promise<ModelUnderAudit> {
  try {
    return await prepare(workspace, configuration, model, reading);
  } catch (error) {
    const alone = configuration.models.length === 1;
    if (alone || !(error instanceof GraphError || error instanceof ClassifierError)) throw error;
    throw new AuditError(`${basename(model.path)}: ${error.message}`, { cause: error });
  }
}

async function prepare(
  workspace: Workspace,
  configuration: AuditConfiguration,
  { path, images: ownImages, ...options }: AuditModel,
  reading: Reading,
): Promise<ModelUnderAudit> {
  const classifier = await loadClassifier(path, options);
  const classes = resolveClasses(classifier, configuration.classes);
  const folder = ownImages ?? configuration.images;
  const photographs =
    folder === undefined
      ? undefined
      : await findPhotographs(folder, classifier, classes, {
          ...{ map: configuration.classMap, signal: reading.signal, onFile: reading.onPhotograph },
        });
  return {
    id: workspace.models.save(classifier, resolve(path), answersOf(options)),
    classifier,
    classes,
    cost: costOf(classifier),
    ...(photographs && {
      photographs,
      imageSetId: saveImageSet(workspace, photographs, classifier.features),
    }),
  };
}

/** With paths that mean the same wherever the workspace is opened from. */
function answersOf({
  labels,
  features,
  preprocessing,
  ...rest
}: Omit<AuditModel, 'path' | 'images'>) {
  const isFile = preprocessing !== undefined && !isPresetName(preprocessing);
  return {
    ...rest,
    ...(labels !== undefined && { labels: resolve(labels) }),
    ...(features !== undefined && { features: resolve(features) }),
    ...(preprocessing !== undefined && {
      preprocessing: isFile ? resolve(preprocessing) : preprocessing,
    }),
  };
}

/** Multiply-adds of a forward pass. */
export function costOf(classifier: Classifier): number {
  const batch = classifier.input.batch === 'free' ? 1 : classifier.input.batch;
  return multiplyAdds(specialiseClassifier(classifier, batch));
}

/** The photographs, or the rows of a table's file, of the audited classes; those of others are left alone. */
export async function findPhotographs(
  folder: string,
  classifier: Classifier,
  classes: readonly number[],
  how: Pick<ImageSetOptions, 'map' | 'signal' | 'onFile'>,
): Promise<ImageSet> {
  const { labels, features } = classifier;
  if (features) return rowSet(folder, { labels, features, among: classes });
  const only = classes.length === 1 ? { only: classes[0] } : {};
  return imageSet(folder, { labels, among: classes, ...how, ...only });
}

function saveImageSet(workspace: Workspace, set: ImageSet, features?: readonly Feature[]): number {
  const counts = Object.fromEntries(set.classes.map(({ label, files }) => [label, files.length]));
  return workspace.imageSets.save({
    fingerprint: set.fingerprint,
    name: resolve(set.folder).split(/[\\/]/).at(-1) ?? set.folder,
    path: resolve(set.folder),
    images: set.classes.reduce((sum, { files }) => sum + files.length, 0),
    counts,
    ...(features && { columns: readRowFile(set.folder).columns }),
    skipped: set.skipped,
  });
}

/** What a reviewer should know of a model's photographs, one sentence each. */
export function photographNotes({ classifier, classes, photographs }: ModelUnderAudit): string[] {
  if (!photographs) return [];
  const found = new Set(photographs.classes.map(({ index }) => index));
  const without = classes
    .filter((index) => !found.has(index))
    .map((index) => classifier.labels[index]);
  const { many } = wordsOf(classifier);
  const left = photographs.skipped.map(({ reason }) => `Left out: ${reason}`);
  const notes = left.slice(0, MOST_NAMED);
  if (left.length > MOST_NAMED) {
    notes.push(
      `${left.length - MOST_NAMED} more ${classifier.features ? 'rows' : 'files'} are left out.`,
    );
  }
  if (photographs.unmatched.length > 0) {
    notes.push(
      classifier.features
        ? `${classifier.name}: no class is called ${several(photographs.unmatched)}; rows of it are left out.`
        : `${classifier.name}: no class is called like the folders ${several(photographs.unmatched)}; they are left out.`,
    );
  }
  if (without.length > 0) {
    notes.push(
      `${classifier.name}: no ${many} of ${several(without)}; these prototypes are made but not compared.`,
    );
  }
  return notes;
}

/** A list that a person still reads. */
function several(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).join(', ');
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} others` : shown;
}
