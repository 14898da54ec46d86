import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Output } from '../api/contract.ts';
import type { Match } from '../api/library.ts';
import { ServiceError } from '../api/wire.ts';
import { PhotographError } from '../photograph/errors.ts';
import { imageSet, type ImageSet } from '../photograph/image-set.ts';
import { filesBelow, listing } from '../photograph/listing.ts';
import { matchClass } from '../photograph/match.ts';
import {
  fingerprintOfRows,
  lackingIn,
  linesByClass,
  readRowFile,
  type RowFile,
} from '../photograph/rows.ts';
import type { ImageSet as ImageSetFacts, ImageSetRecord } from '../store/image-sets.ts';
import type { ModelFacts, ModelRecord } from '../store/models.ts';
import { discardUpload, keepUpload } from '../store/uploads.ts';
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

/** Adds a folder of folders or a CSV file of rows, or finds it again. What a page sent moves into the workspace. */
export async function addImageSet(
  workspace: Workspace,
  typed: string,
  tools: TaskTools,
): Promise<Output<'imageSet.add'>> {
  const path = wholePath(typed);
  const isTable = path.toLowerCase().endsWith('.csv') && (await isFile(path));
  const read = isTable ? ofRows(readRowFile(path)) : ofFolders(await readFolders(path, tools));
  const isNew = workspace.imageSets.find(read.fingerprint) === undefined;
  const kept = await keepUpload(workspace.path, path);
  const imageSetId = workspace.imageSets.save({
    ...{ ...read, path: kept, name: basename(kept) || kept },
  });
  return { imageSetId, isNew };
}

const isFile = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isFile() ?? false;

type Read = Omit<ImageSetFacts, 'name' | 'path'>;

const ofFolders = ({ fingerprint, classes, skipped }: ImageSet): Read => ({
  ...{ fingerprint, skipped },
  images: classes.reduce((sum, { files }) => sum + files.length, 0),
  counts: Object.fromEntries(classes.map(({ label, files }) => [label, files.length])),
});

function ofRows(file: RowFile): Read {
  const classes = [...linesByClass(file)];
  return {
    fingerprint: fingerprintOfRows(file.lines),
    images: file.lines.length,
    counts: Object.fromEntries(classes.map(([label, lines]) => [label, lines.length])),
    columns: file.columns,
    skipped: [],
  };
}

/** @throws ServiceError when an audit uses it */
export function removeImageSet(workspace: Workspace, set: ImageSetRecord): void {
  const { id, name, path, columns } = set;
  const audit = workspace.audits
    .list()
    .find(({ models }) => models.some(({ imageSetId }) => imageSetId === id));
  if (audit) {
    throw new ServiceError(
      'bad-state',
      `The audit ${audit.name} uses the ${columns ? 'rows' : 'photographs'} ${name}, so they cannot be removed: remove the audit first.`,
    );
  }
  workspace.imageSets.remove(id);
  const isShared = workspace.imageSets.list().some((other) => other.path === path);
  if (!isShared) discardUpload(workspace.path, path);
}

/** How a set goes with the classes of a model, from the names of its folders or columns and classes alone. */
export function matchOf(set: ImageSetRecord, { id, facts }: ModelRecord): Match {
  const problem = unsuitable(set, facts);
  if (problem !== undefined)
    return { modelId: id, problem, classes: [], unmatched: [], skipped: [] };
  const unmatched: string[] = [];
  const byClass = new Map<number, number>();
  for (const [name, images] of Object.entries(set.counts)) {
    const index = matchClass(name, { labels: facts.labels });
    if (index === undefined) unmatched.push(name);
    else byClass.set(index, (byClass.get(index) ?? 0) + images);
  }
  const classes = [...byClass]
    .sort(([a], [b]) => a - b)
    .map(([index, images]) => ({ index, label: facts.labels[index], images }));
  return { modelId: id, classes, unmatched, skipped: [] };
}

/** Why a model cannot be shown a set at all. */
function unsuitable({ columns }: ImageSetRecord, { features }: ModelFacts): string | undefined {
  if (!columns) return features && 'It takes rows of a table, not photographs.';
  if (!features) return 'It takes images, not rows of a table.';
  const lacking = lackingIn(columns, features);
  return lacking && `The rows lack ${lacking} of this model.`;
}
