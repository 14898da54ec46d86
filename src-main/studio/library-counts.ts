import type { Match } from '../api/library.ts';
import { matchSchema } from '../api/library.ts';
import { ServiceError } from '../api/wire.ts';
import type { Classifier } from '../classifier/classifier.ts';
import { loadClassifier } from '../classifier/load.ts';
import type { Engine } from '../engine/engine.ts';
import type { ImageClass, ImageSet } from '../photograph/image-set.ts';
import { matchClass } from '../photograph/match.ts';
import { fingerprintOfRows, readRowFile, rowSet } from '../photograph/rows.ts';
import { cacheKey } from '../similarity/cache.ts';
import { naturalClasses } from '../similarity/folder.ts';
import { largest, type NaturalClass } from '../similarity/natural.ts';
import type { TappedClassifier } from '../similarity/tap.ts';
import type { ImageSetRecord } from '../store/image-sets.ts';
import { modelFingerprint, type ModelRecord } from '../store/models.ts';
import type { Workspace, WorkspaceReader } from '../store/workspace.ts';
import { openForLogits } from './answers/library-look.ts';
import { matchOf, readFolders } from './library-image-sets.ts';
import type { TaskTools } from './library-tasks.ts';

/** Rises whenever the counts or their layout change, so that older ones are counted again. */
const COUNTS_VERSION = 1;

/** All that counts depend on: engines differ in rounding. */
function keyOf(engine: Engine, set: ImageSetRecord, model: ModelRecord): string {
  const { fallback: _fallback, ...info } = engine.info;
  const [photographs, classifier] = [set.fingerprint, model.fingerprint];
  return cacheKey({ version: COUNTS_VERSION, photographs, classifier, engine: info });
}

/** Counts that were made before. */
async function knownCounts(
  workspace: WorkspaceReader,
  engine: Engine,
  set: ImageSetRecord,
  model: ModelRecord,
): Promise<Match | undefined> {
  const stored = await workspace.cache.get(keyOf(engine, set, model));
  if (!stored) return undefined;
  const counts = matchSchema.parse(JSON.parse(Buffer.from(stored).toString()));
  return { ...counts, modelId: model.id };
}

/** How a set goes with each model of the workspace, with the counts that are known. */
export async function matchesAnswer(
  workspace: WorkspaceReader,
  engine: Engine,
  set: ImageSetRecord,
): Promise<Match[]> {
  const matches = workspace.models
    .list()
    .map(
      async (model) => (await knownCounts(workspace, engine, set, model)) ?? matchOf(set, model),
    );
  return Promise.all(matches);
}

/**
 * Counts the photographs or rows of each class that the model itself predicts as the class, as path similarity does before it
 * compares prototypes with them (method.md, section 3). A photograph is read once for its fingerprint, once for its pixels.
 * @throws ServiceError when model or photographs are no longer what they were; the signal's reason when it is aborted
 */
export async function countPredicted(
  workspace: Workspace,
  engine: Engine,
  set: ImageSetRecord,
  model: ModelRecord,
  tools: TaskTools,
): Promise<Match> {
  const known = await knownCounts(workspace, engine, set, model);
  if (known) return known;
  const counts = await count(engine, set, model, tools);
  await workspace.cache.put(keyOf(engine, set, model), Buffer.from(JSON.stringify(counts)));
  return counts;
}

async function count(
  engine: Engine,
  set: ImageSetRecord,
  model: ModelRecord,
  tools: TaskTools,
): Promise<Match> {
  const classifier = await loadClassifier(model.path, model.answers);
  if (modelFingerprint(classifier) !== model.fingerprint) throw changed(`model ${model.path}`);
  const match = matchOf(set, model);
  if (match.problem !== undefined) throw new ServiceError('bad-state', match.problem);
  const found = await read(set, classifier, tools);
  const skipped: Match['skipped'] = [...(classifier.features ? found.skipped : [])];
  const network = await openForLogits(engine, classifier);
  try {
    const predicted = new Map<number, number>();
    for (const natural of naturalClasses(found, classifier)) {
      // Two folders may show one class.
      const before = predicted.get(natural.index) ?? 0;
      const more = await countClass(natural, network, skipped, set, tools);
      predicted.set(natural.index, before + more);
    }
    const classes = match.classes.map((each) => ({
      ...each,
      predicted: predicted.get(each.index) ?? 0,
    }));
    return { ...match, classes, skipped };
  } finally {
    await network.release();
  }
}

/** The set as the model's classes go. @throws ServiceError when it is no longer what it was */
async function read(
  set: ImageSetRecord,
  { labels, features }: Classifier,
  { signal, step }: TaskTools,
): Promise<ImageSet> {
  if (features) {
    if (fingerprintOfRows(readRowFile(set.path).lines) !== set.fingerprint)
      throw changed(`rows in ${set.path}`);
    return rowSet(set.path, { labels, features });
  }
  const found = await readFolders(set.path, { signal, step: () => step(2 * set.images) });
  if (found.fingerprint !== set.fingerprint) throw changed(`photographs in ${set.path}`);
  const classes = found.classes.flatMap((each): ImageClass[] => {
    const index = matchClass(each.label, { labels });
    return index === undefined ? [] : [{ ...each, index }];
  });
  return { ...found, classes };
}

async function countClass(
  natural: NaturalClass,
  network: TappedClassifier,
  skipped: Match['skipped'],
  set: ImageSetRecord,
  { signal, step }: TaskTools,
): Promise<number> {
  const total = (set.columns ? 1 : 2) * set.images;
  let predicted = 0;
  for await (const { pixels } of natural.images(skipped)) {
    signal.throwIfAborted();
    const { logits } = await network.run(pixels);
    if (largest(logits) === natural.index) predicted++;
    step(total);
  }
  return predicted;
}

const changed = (what: string): ServiceError =>
  new ServiceError('bad-state', `The ${what} changed since it was added: add it again.`);
