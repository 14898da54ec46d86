import type { Match } from '../api/library.ts';
import { matchSchema } from '../api/library.ts';
import { ServiceError } from '../api/wire.ts';
import { loadClassifier } from '../classifier/load.ts';
import type { Engine } from '../engine/engine.ts';
import type { ImageFile } from '../photograph/image-set.ts';
import { matchClass } from '../photograph/match.ts';
import { photographs } from '../photograph/stream.ts';
import { cacheKey } from '../similarity/cache.ts';
import { largest } from '../similarity/natural.ts';
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
 * Counts the photographs of each class that the model itself predicts as the class, as path similarity does before it
 * compares prototypes with them (method.md, section 3). Every file is read once for its fingerprint, once for its pixels.
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
  { signal, step }: TaskTools,
): Promise<Match> {
  const classifier = await loadClassifier(model.path, model.answers);
  if (modelFingerprint(classifier) !== model.fingerprint) throw changed(`model ${model.path}`);
  const total = 2 * set.images;
  const found = await readFolders(set.path, { signal, step: () => step(total) });
  if (found.fingerprint !== set.fingerprint) throw changed(`photographs in ${set.path}`);
  const skipped: Match['skipped'] = [];
  const predicted = new Map<number, number>();
  const network = await openForLogits(engine, classifier);
  try {
    for (const { label, files } of found.classes) {
      const index = matchClass(label, { labels: model.facts.labels });
      if (index === undefined) continue;
      const how = { network, model, folder: set.path, signal, onImage: () => step(total) };
      const sum = await countClass(files, index, how, skipped);
      predicted.set(index, (predicted.get(index) ?? 0) + sum);
    }
  } finally {
    await network.release();
  }
  const match = matchOf(set, model);
  const counted = match.classes.map((each) => ({ ...each, predicted: predicted.get(each.index)! }));
  return { ...match, classes: counted, skipped };
}

interface Counting {
  readonly network: TappedClassifier;
  readonly model: ModelRecord;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onImage: () => void;
}

async function countClass(
  files: readonly ImageFile[],
  index: number,
  { network, model, folder, signal, onImage }: Counting,
  skipped: Match['skipped'],
): Promise<number> {
  const { input } = model.facts;
  if (input.layout === 'table') throw takesRows(model);
  const { channels, height, width } = input;
  const view = { channels, height, width, resize: model.facts.preprocessing.resize };
  let predicted = 0;
  for await (const { pixels } of photographs(folder, files, view, skipped)) {
    signal.throwIfAborted();
    const { logits } = await network.run(pixels);
    if (largest(logits) === index) predicted++;
    onImage();
  }
  return predicted;
}

const takesRows = ({ name }: ModelRecord): ServiceError =>
  new ServiceError('bad-state', `The model ${name} takes rows of features, not photographs.`);

const changed = (what: string): ServiceError =>
  new ServiceError('bad-state', `The ${what} changed since it was added: add it again.`);
