import { basename } from 'node:path';
import type { Job, KnownImageSet, KnownModel, Studio } from '../../api/studio.ts';
import { versions } from '../../audit/versions.ts';
import type { EngineInfo } from '../../engine/engine.ts';
import type { ImageSetRecord } from '../../store/image-sets.ts';
import type { JobRecord } from '../../store/jobs.ts';
import type { ModelRecord } from '../../store/models.ts';
import type { WorkspaceReader } from '../../store/workspace.ts';
import { summaryOf } from './audit.ts';

/** All that the page needs to know of a workspace at once. */
export function studioAnswer(
  workspace: WorkspaceReader,
  engine: EngineInfo,
  readOnly?: string,
): Studio {
  return {
    workspace: { name: basename(workspace.path), path: workspace.path, readOnly },
    version: versions.eidoscope,
    engine,
    audits: workspace.audits
      .list()
      .map((audit) => summaryOf(workspace, audit))
      .reverse(),
    jobs: workspace.jobs.list().map(jobOf),
    models: workspace.models.list().map(modelOf),
    imageSets: workspace.imageSets.list().map(imageSetOf),
  };
}

const imageSetOf = (set: ImageSetRecord): KnownImageSet => ({
  ...set,
  counts: { ...set.counts },
  columns: set.columns && [...set.columns],
  skipped: [...set.skipped],
});

export const jobOf = (job: JobRecord): Job => {
  const { id, auditId, name, state, reason, notes, createdAt, endedAt } = job;
  return { id, auditId, name, state, reason, notes: [...notes], createdAt, endedAt };
};

function modelOf({ id, name, path, facts, answers, files, addedAt }: ModelRecord): KnownModel {
  const { channels, height, width } = facts.input;
  const { size, ...rest } = answers;
  return {
    ...{ id, name, path, channels, height, width, addedAt },
    sha256: files[0].sha256,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    labels: [...facts.labels],
    features: facts.features?.length,
    preprocessingFrom: facts.preprocessingFrom,
    request: { path, ...rest, ...(size && { size: [...size] as [number, number] }) },
  };
}
