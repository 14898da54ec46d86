import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, parse, sep } from 'node:path';
import type { ImportRequest } from '../api/library.ts';
import type { ModelRequest } from '../api/request.ts';
import { ServiceError } from '../api/wire.ts';
import { isPresetName } from '../classifier/preprocessing.ts';
import { sha256 } from '../store/blobs.ts';
import { uploadsFolder } from '../store/uploads.ts';
import type { Workspace } from '../store/workspace.ts';

/**
 * A path as a person types or pastes it: in quotes perhaps, or from their home on.
 * @throws ServiceError for one that is relative: a page stands in no folder
 */
export function wholePath(typed: string): string {
  const path = typed.trim().replace(/^(["'])(.*)\1$/, '$2');
  const whole = /^~(?=[/\\])/.test(path) ? join(homedir(), path.slice(1)) : path;
  if (isAbsolute(whole) && !whole.includes('\0')) return whole;
  throw new ServiceError('bad-input', `The path ${path} is not whole: give it from the root on.`);
}

/** What is asked of a model as options of reading it: pasted labels and typed features become files. */
export function settled(
  workspace: Pick<Workspace, 'path'>,
  { labelsText, featureList, ...request }: ImportRequest,
): ModelRequest {
  const { path, preprocessing } = request;
  const labels =
    labelsText === undefined
      ? request.labels
      : answerFile(workspace.path, 'labels.txt', labelsText.trimEnd());
  const features =
    featureList === undefined
      ? request.features
      : answerFile(workspace.path, 'features.json', JSON.stringify(featureList, null, 2));
  const isFile = preprocessing !== undefined && !isPresetName(preprocessing);
  return {
    ...request,
    path: wholePath(path),
    ...(labels !== undefined && { labels: wholePath(labels) }),
    ...(features !== undefined && { features: wholePath(features) }),
    ...(isFile && { preprocessing: wholePath(preprocessing) }),
  };
}

/** A sentence in which what a page sent bears its name alone: its place tells nobody anything. */
export function withoutPlaces(workspace: Pick<Workspace, 'path'>, sentence: string): string {
  const [before, ...parts] = sentence.split(`${uploadsFolder(workspace.path)}${sep}`);
  return [before, ...parts.map((part) => part.slice(part.indexOf(sep) + 1))].join('');
}

/** What is typed becomes a file: the same text is the same one. */
function answerFile(workspace: string, name: string, text: string): string {
  const folder = join(uploadsFolder(workspace), `${parse(name).name}-${sha256(text)}`);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, `${text}\n`);
  return path;
}
