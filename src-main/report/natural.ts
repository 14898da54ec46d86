import type { Report } from '../api/report.ts';
import { exemplarPicture } from '../audit/exemplar.ts';
import type { AuditRecord } from '../store/audits.ts';
import { sha256 } from '../store/blobs.ts';
import type { WorkspaceReader } from '../store/workspace.ts';
import { figure } from './figure.ts';

/** Photographs that stand beside the prototypes of a class. */
const SHOWN = 3;

interface Photograph {
  readonly name: string;
  readonly logit: number;
}

/** Photographs by falling logit: the most typical first. */
export const typical = (images: readonly Photograph[]): Photograph[] =>
  images.toSorted((a, b) => b.logit - a.logit);

type Natural = Report['naturalImages'][number];

/** Pictures that are in the workspace's cache or were read anew, by their hash. */
export type Pictures = Map<string, Uint8Array>;

/**
 * The natural images of every model and class, with the most typical of them.
 * @param pictures get what the photographs look like to the model
 */
export async function naturalImagesOf(
  workspace: WorkspaceReader,
  audit: AuditRecord,
  pictures: Pictures,
): Promise<Natural[]> {
  const all: Natural[] = [];
  for (const { modelId, imageSetId } of audit.models) {
    const result = workspace.scores.get(audit.id, modelId);
    const set = imageSetId === undefined ? undefined : workspace.imageSets.get(imageSetId);
    if (!result || !set) continue;
    const model = workspace.models.get(modelId)!;
    for (const { index, label, given, n, evidence, images } of result.classes) {
      const exemplars: Natural['exemplars'] = [];
      for (const { name, logit } of typical(images).slice(0, SHOWN)) {
        const png = await exemplarPicture(workspace, model, set, name);
        const image = png && sha256(png);
        if (image !== undefined) pictures.set(image, png!);
        exemplars.push({ name, logit: figure(logit), image });
      }
      all.push({ modelId, classIndex: index, label, given, naturalImages: n, evidence, exemplars });
    }
  }
  return all;
}
