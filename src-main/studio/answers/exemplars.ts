import { encode } from 'fast-png';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exemplar } from '../../api/prototype.ts';
import { decode } from '../../photograph/decode.ts';
import { PhotographError } from '../../photograph/errors.ts';
import { look, type View } from '../../photograph/view.ts';
import { toBytes } from '../../prototype/events.ts';
import { sha256 } from '../../store/blobs.ts';
import type { ImageSetRecord } from '../../store/image-sets.ts';
import type { Workspace } from '../../store/workspace.ts';
import { figure } from './figure.ts';

interface Wanted {
  readonly auditId: number;
  readonly modelId: number;
  readonly classIndex: number;
  readonly most: number;
}

/**
 * Natural images of a class as its model sees them, the one with the highest logit first. They are kept in the
 * workspace's cache; a photograph that is no longer there is left out.
 * @returns undefined when the audit has no such class with photographs
 */
export async function exemplarsAnswer(
  workspace: Workspace,
  { auditId, modelId, classIndex, most }: Wanted,
): Promise<Exemplar[] | undefined> {
  const evidence = workspace.scores.ofClass(auditId, modelId, classIndex)?.found;
  const link = workspace.audits.get(auditId)?.models.find((each) => each.modelId === modelId);
  const set = link?.imageSetId === undefined ? undefined : workspace.imageSets.get(link.imageSetId);
  if (!evidence || !set) return undefined;
  const found: Exemplar[] = [];
  for (const { name, logit } of evidence.images.toSorted((a, b) => b.logit - a.logit)) {
    if (found.length === most) break;
    const imageHash = await pictureOf(workspace, modelId, set, name);
    if (imageHash) found.push({ name, logit: figure(logit), imageHash });
  }
  return found;
}

/** @returns name of the PNG; undefined where the photograph cannot be read any more */
async function pictureOf(
  workspace: Workspace,
  modelId: number,
  set: ImageSetRecord,
  name: string,
): Promise<string | undefined> {
  const { input, preprocessing } = workspace.models.get(modelId)!.facts;
  const { channels, height, width } = input;
  const view: View = { channels, height, width, resize: preprocessing.resize };
  const key = `exemplar ${JSON.stringify([set.fingerprint, name, view])}`;
  const known = await workspace.cache.get(key);
  if (known) return sha256(known);
  const png = await picture(join(set.path, name), name, view);
  if (!png) return undefined;
  await workspace.cache.put(key, png);
  return sha256(png);
}

async function picture(path: string, name: string, view: View): Promise<Uint8Array | undefined> {
  const { channels, height, width } = view;
  try {
    const seen = look(await decode(await readFile(path), name, channels), view);
    return encode({ width, height, channels, depth: 8, data: toBytes(seen, channels) });
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code !== undefined;
    if (gone || error instanceof PhotographError) return undefined;
    throw error;
  }
}
