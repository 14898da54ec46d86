import { encode } from 'fast-png';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassifierError } from '../classifier/errors.ts';
import type { Feature } from '../classifier/features.ts';
import { decode } from '../photograph/decode.ts';
import { PhotographError } from '../photograph/errors.ts';
import { look, type View } from '../photograph/view.ts';
import { readRows } from '../photograph/rows.ts';
import { toBytes } from '../prototype/events.ts';
import { pictureOf } from '../prototype/picture.ts';
import type { ImageSetRecord } from '../store/image-sets.ts';
import type { ModelFacts, ModelRecord } from '../store/models.ts';
import { Workspace, type WorkspaceReader } from '../store/workspace.ts';

/**
 * A photograph as a model sees it, or the bars of a natural row, as PNG. A workspace that may be written to keeps it in its cache.
 * @param name of the photograph in its set
 * @returns undefined where it is not kept and cannot be read any more
 */
export async function exemplarPicture(
  workspace: WorkspaceReader,
  { facts }: ModelRecord,
  set: ImageSetRecord,
  name: string,
): Promise<Uint8Array | undefined> {
  const view = viewOf(facts);
  const key = `exemplar ${JSON.stringify([set.fingerprint, name, view])}`;
  const known = await workspace.cache.get(key);
  if (known) return known;
  const png =
    'resize' in view
      ? await picture(join(set.path, name), name, view)
      : rowPicture(facts, set.path, name);
  if (png && workspace instanceof Workspace) await workspace.cache.put(key, png);
  return png;
}

/** How a model looks at a photograph; of a table, its features. */
function viewOf({ input, preprocessing, features = [] }: ModelFacts): View | readonly Feature[] {
  if (input.layout === 'table') return features;
  const { channels, height, width } = input;
  return { channels, height, width, resize: preprocessing.resize };
}

function rowPicture(facts: ModelFacts, file: string, name: string): Uint8Array | undefined {
  try {
    const row = readRows(file, facts.features ?? []).rows.find((each) => each.name === name);
    return row && encode({ depth: 8, ...pictureOf(row.positions, facts) });
  } catch (error) {
    if (error instanceof PhotographError || error instanceof ClassifierError) return undefined;
    throw error;
  }
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
