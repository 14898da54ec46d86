import type { Exemplar } from '../../api/prototype.ts';
import type { FeatureValue } from '../../api/value.ts';
import { exemplarPicture } from '../../audit/exemplar.ts';
import { ClassifierError } from '../../classifier/errors.ts';
import { plainly, valuesOf } from '../../classifier/feature-value.ts';
import { PhotographError } from '../../photograph/errors.ts';
import { readRows } from '../../photograph/rows.ts';
import { figure } from '../../report/figure.ts';
import { typical } from '../../report/natural.ts';
import { sha256 } from '../../store/blobs.ts';
import type { ImageSetRecord } from '../../store/image-sets.ts';
import type { ModelRecord } from '../../store/models.ts';
import type { WorkspaceReader } from '../../store/workspace.ts';

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
  workspace: WorkspaceReader,
  { auditId, modelId, classIndex, most }: Wanted,
): Promise<Exemplar[] | undefined> {
  const evidence = workspace.scores.ofClass(auditId, modelId, classIndex)?.found;
  const link = workspace.audits.get(auditId)?.models.find((each) => each.modelId === modelId);
  const set = link?.imageSetId === undefined ? undefined : workspace.imageSets.get(link.imageSetId);
  if (!evidence || !set) return undefined;
  const rows = rowsOf(workspace.models.get(modelId)!, set);
  const found: Exemplar[] = [];
  for (const [place, { name, logit }] of typical(evidence.images).entries()) {
    if (found.length === most) break;
    const imageHash = await pictureOf(workspace, modelId, set, name);
    const features = rows.get(name);
    if (imageHash) found.push({ place, name, logit: figure(logit), imageHash, features });
  }
  return found;
}

/** The natural rows of a table by their name; none where the file cannot be read any more. */
function rowsOf({ facts }: ModelRecord, { path }: ImageSetRecord): Map<string, FeatureValue[]> {
  const { features } = facts;
  if (!features) return new Map();
  try {
    const { rows } = readRows(path, features);
    return new Map(
      rows.map(({ name, positions }) => [name, valuesOf(features, positions).map(plainly)]),
    );
  } catch (error) {
    if (error instanceof PhotographError || error instanceof ClassifierError) return new Map();
    throw error;
  }
}

/** @returns name of the PNG; undefined where the photograph cannot be read any more */
async function pictureOf(
  workspace: WorkspaceReader,
  modelId: number,
  set: ImageSetRecord,
  name: string,
): Promise<string | undefined> {
  const png = await exemplarPicture(workspace, workspace.models.get(modelId)!, set, name);
  // Pages get pictures from the workspace alone: one that is only read shows those that it keeps already.
  const hash = png && sha256(png);
  return hash !== undefined && workspace.keeps(hash) ? hash : undefined;
}
