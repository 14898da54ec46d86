import { encode } from 'fast-png';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from '../photograph/decode.ts';
import { PhotographError } from '../photograph/errors.ts';
import { look, type View } from '../photograph/view.ts';
import { toBytes } from '../prototype/events.ts';
import type { ImageSetRecord } from '../store/image-sets.ts';
import type { ModelRecord } from '../store/models.ts';
import { Workspace, type WorkspaceReader } from '../store/workspace.ts';

/**
 * A photograph as a model sees it, as PNG. A workspace that may be written to keeps it in its cache.
 * @param name of the photograph in its set
 * @returns undefined where it is not kept and cannot be read any more
 */
export async function exemplarPicture(
  workspace: WorkspaceReader,
  { facts }: ModelRecord,
  set: ImageSetRecord,
  name: string,
): Promise<Uint8Array | undefined> {
  const { channels, height, width } = facts.input;
  const view: View = { channels, height, width, resize: facts.preprocessing.resize };
  const key = `exemplar ${JSON.stringify([set.fingerprint, name, view])}`;
  const known = await workspace.cache.get(key);
  if (known) return known;
  const png = await picture(join(set.path, name), name, view);
  if (png && workspace instanceof Workspace) await workspace.cache.put(key, png);
  return png;
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
