import { basename, resolve } from 'node:path';
import { stat } from 'node:fs/promises';
import type { Problem } from '../api/estimate.ts';
import type { Classifier } from '../classifier/classifier.ts';
import { resolveClasses } from '../classifier/classes.ts';
import { ClassifierError } from '../classifier/errors.ts';
import { loadClassifier } from '../classifier/load.ts';
import { GraphError } from '../graph/errors.ts';
import { PhotographError } from '../photograph/errors.ts';
import type { ImageSet, ImageSetOptions } from '../photograph/image-set.ts';
import type { WorkspaceReader } from '../store/workspace.ts';
import type { AuditConfiguration, AuditModel } from './configuration.ts';
import { costOf, findPhotographs, type ModelUnderAudit } from './model.ts';

/** Classifiers and image sets that stay read: a form is changed many times before an audit is started. */
const KEPT = 8;

/** Something about an audit that does not fit, with the key of the request that it is about. */
class Misfit extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** Reads what an audit is about as `prepareModels` does, but makes nothing known to the workspace. */
export class ModelShelf {
  readonly #classifiers = new Map<string, Promise<Classifier>>();
  readonly #sets = new Map<string, Promise<ImageSet>>();

  /** @returns the models as far as they could be read, and one problem for each that could not */
  async read(
    configuration: AuditConfiguration,
    workspace: WorkspaceReader,
    signal?: AbortSignal,
  ): Promise<{ models: ModelUnderAudit[]; problems: Problem[] }> {
    const models: ModelUnderAudit[] = [];
    const problems: Problem[] = [];
    for (const [place, model] of configuration.models.entries()) {
      signal?.throwIfAborted();
      try {
        models.push(await this.#model(configuration, model, place, workspace, signal));
      } catch (error) {
        if (!(error instanceof Misfit)) throw error;
        const name = configuration.models.length > 1 ? `${basename(model.path)}: ` : '';
        problems.push({ field: error.field, message: `${name}${error.message}` });
      }
    }
    return { models, problems };
  }

  async #model(
    configuration: AuditConfiguration,
    model: AuditModel,
    place: number,
    workspace: WorkspaceReader,
    signal?: AbortSignal,
  ): Promise<ModelUnderAudit> {
    const { images: own, ...how } = model;
    const classifier = await about(`models.${place}`, () => this.#classifier(how));
    const classes = await about('classes', () => resolveClasses(classifier, configuration.classes));
    const folder = own ?? configuration.images;
    const reading = { map: configuration.classMap, signal };
    const photographs =
      folder === undefined
        ? undefined
        : await about('images', () => this.#set(folder, classifier, classes, reading));
    const imageSetId = photographs && (workspace.imageSets.find(photographs.fingerprint) ?? -1);
    return {
      // A model that the workspace does not know has no id yet.
      id: workspace.models.find(classifier) ?? -1 - place,
      ...{ classifier, classes, cost: costOf(classifier) },
      ...(photographs && { photographs, imageSetId }),
    };
  }

  async #classifier({ path, ...options }: Omit<AuditModel, 'images'>): Promise<Classifier> {
    const file = await stat(path).catch(() => undefined);
    const key = JSON.stringify([path, options, file?.size, file?.mtimeMs]);
    return kept(this.#classifiers, key, () => loadClassifier(path, options));
  }

  async #set(
    folder: string,
    classifier: Classifier,
    classes: readonly number[],
    how: Pick<ImageSetOptions, 'map' | 'signal'>,
  ): Promise<ImageSet> {
    const changed = (await stat(folder).catch(() => undefined))?.mtimeMs;
    const { labels, features } = classifier;
    const key = JSON.stringify([resolve(folder), changed, labels, features, classes, how.map]);
    return kept(this.#sets, key, () => findPhotographs(folder, classifier, classes, how));
  }
}

/** What was made for a key before, or now; what failed is not kept. */
function kept<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before) return before;
  const made = make();
  known.set(key, made);
  made.catch(() => known.delete(key));
  for (const old of [...known.keys()].slice(0, -KEPT)) known.delete(old);
  return made;
}

/** Whatever fails in there for a reason that a person can mend is about that field. */
async function about<T>(field: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const mendable =
      error instanceof GraphError ||
      error instanceof ClassifierError ||
      error instanceof PhotographError;
    if (!mendable) throw error;
    throw new Misfit(field, error.message);
  }
}
