import type { Exemplar } from '../../api/prototype.ts';
import { exemplarPicture } from '../../audit/exemplar.ts';
import { figure } from '../../report/figure.ts';
import { typical } from '../../report/natural.ts';
import { sha256 } from '../../store/blobs.ts';
import type { ImageSetRecord } from '../../store/image-sets.ts';
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
  const found: Exemplar[] = [];
  for (const [place, { name, logit }] of typical(evidence.images).entries()) {
    if (found.length === most) break;
    const imageHash = await pictureOf(workspace, modelId, set, name);
    if (imageHash) found.push({ place, name, logit: figure(logit), imageHash });
  }
  return found;
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
