import { basename } from 'node:path';
import type { Output } from '../api/contract.ts';
import type { Match } from '../api/library.ts';
import { ServiceError } from '../api/wire.ts';
import { PhotographError } from '../photograph/errors.ts';
import { imageSet, type ImageSet } from '../photograph/image-set.ts';
import { filesBelow, listing } from '../photograph/listing.ts';
import { matchClass } from '../photograph/match.ts';
import type { ImageSetRecord } from '../store/image-sets.ts';
import type { ModelRecord } from '../store/models.ts';
import type { Workspace } from '../store/workspace.ts';
import { wholePath } from './library-paths.ts';
import type { TaskTools } from './library-tasks.ts';

/** Reads all folders of a set, whatever classes they stand for. @throws PhotographError in one sentence */
export async function readFolders(folder: string, { signal, step }: TaskTools): Promise<ImageSet> {
  const { folders } = await listing(folder).catch(() => ({ folders: undefined }));
  if (folders?.length === 0) {
    throw new PhotographError(
      `The folder ${folder} has no folders in it: put the photographs of each class into a folder that is named after the class.`,
    );
  }
  // What cannot be listed, `imageSet` says in words.
  const labels = folders ?? [];
  const total = folders ? (await filesBelow(folder)).length : 0;
  const map = Object.fromEntries(labels.map((name, index) => [name, index]));
  return imageSet(folder, { labels, map, signal, onFile: () => step(total) });
}

/** Adds a folder of folders, or finds it again. */
export async function addImageSet(
  workspace: Workspace,
  typed: string,
  tools: TaskTools,
): Promise<Output<'imageSet.add'>> {
  const path = wholePath(typed);
  const { fingerprint, classes, skipped } = await readFolders(path, tools);
  const isNew = workspace.imageSets.find(fingerprint) === undefined;
  const imageSetId = workspace.imageSets.save({
    ...{ fingerprint, path, skipped, name: basename(path) || path },
    images: classes.reduce((sum, { files }) => sum + files.length, 0),
    counts: Object.fromEntries(classes.map(({ label, files }) => [label, files.length])),
  });
  return { imageSetId, isNew };
}

/** @throws ServiceError when an audit uses it */
export function removeImageSet(workspace: Workspace, { id, name }: ImageSetRecord): void {
  const audit = workspace.audits
    .list()
    .find(({ models }) => models.some(({ imageSetId }) => imageSetId === id));
  if (audit) {
    throw new ServiceError(
      'bad-state',
      `The audit ${audit.name} uses the photographs ${name}, so they cannot be removed: remove the audit first.`,
    );
  }
  workspace.imageSets.remove(id);
}

/** How a set goes with the classes of a model, from the names of its folders alone. */
export function matchOf({ counts }: ImageSetRecord, { id, facts }: ModelRecord): Match {
  const unmatched: string[] = [];
  const byClass = new Map<number, number>();
  for (const [name, images] of Object.entries(counts)) {
    const index = matchClass(name, { labels: facts.labels });
    if (index === undefined) unmatched.push(name);
    else byClass.set(index, (byClass.get(index) ?? 0) + images);
  }
  const classes = [...byClass]
    .sort(([a], [b]) => a - b)
    .map(([index, images]) => ({ index, label: facts.labels[index], images }));
  return { modelId: id, classes, unmatched, skipped: [] };
}
