import type { Report, ReportModel } from '../api/report.ts';
import type { AuditRecord } from '../store/audits.ts';
import type { WorkspaceReader } from '../store/workspace.ts';
import { describedFeature } from './features.ts';

/** The models of an audit. Where their files lay is nobody's business: a hash says which they were. */
export function modelsOf(workspace: WorkspaceReader, audit: AuditRecord): ReportModel[] {
  return audit.models.map(({ modelId, imageSetId }) => {
    const { id, name, fingerprint, files, facts } = workspace.models.get(modelId)!;
    const { format, input, preprocessing, preprocessingFrom, logits, cut, labels, notes } = facts;
    const features = facts.features?.map(describedFeature);
    return {
      ...{ id, name, format, fingerprint, preprocessingFrom, logits, cut, imageSetId },
      files: [...files],
      input: { ...input },
      preprocessing: {
        ...preprocessing,
        mean: [...preprocessing.mean],
        std: [...preprocessing.std],
      },
      ...(features && { features }),
      classes: labels.length,
      notes: [...notes],
    };
  });
}

/** The photographs and rows of an audit, each set once. */
export function imageSetsOf(workspace: WorkspaceReader, audit: AuditRecord): Report['imageSets'] {
  const ids = new Set(audit.models.flatMap(({ imageSetId }) => imageSetId ?? []));
  return [...ids].map((each) => {
    const { id, name, fingerprint, images, counts, columns } = workspace.imageSets.get(each)!;
    const rows = columns && { columns: [...columns] };
    return { ...{ id, name, fingerprint, images, counts: { ...counts } }, ...rows };
  });
}
