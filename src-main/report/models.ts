import type { Report, ReportModel } from '../api/report.ts';
import type { AuditRecord } from '../store/audits.ts';
import type { WorkspaceReader } from '../store/workspace.ts';

/** The models of an audit. Where their files lay is nobody's business: a hash says which they were. */
export function modelsOf(workspace: WorkspaceReader, audit: AuditRecord): ReportModel[] {
  return audit.models.map(({ modelId, imageSetId }) => {
    const { id, name, fingerprint, files, facts } = workspace.models.get(modelId)!;
    const { format, input, preprocessing, preprocessingFrom, logits, cut, labels, notes } = facts;
    return {
      ...{ id, name, format, fingerprint, preprocessingFrom, logits, cut, imageSetId },
      files: [...files],
      input: { ...input },
      preprocessing: {
        ...preprocessing,
        mean: [...preprocessing.mean],
        std: [...preprocessing.std],
      },
      classes: labels.length,
      notes: [...notes],
    };
  });
}

/** The photographs of an audit, each set once. */
export function imageSetsOf(workspace: WorkspaceReader, audit: AuditRecord): Report['imageSets'] {
  const ids = new Set(audit.models.flatMap(({ imageSetId }) => imageSetId ?? []));
  return [...ids].map((each) => {
    const { id, name, fingerprint, images, counts } = workspace.imageSets.get(each)!;
    return { id, name, fingerprint, images, counts: { ...counts } };
  });
}
