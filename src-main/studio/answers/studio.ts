import { basename } from 'node:path';
import type { Job, KnownModel, Studio } from '../../api/studio.ts';
import { versions } from '../../audit/versions.ts';
import type { EngineInfo } from '../../engine/engine.ts';
import type { JobRecord } from '../../store/jobs.ts';
import type { ModelRecord } from '../../store/models.ts';
import type { Workspace } from '../../store/workspace.ts';
import { summaryOf } from './audit.ts';

/** All that the page needs to know of a workspace at once. */
export function studioAnswer(workspace: Workspace, engine: EngineInfo): Studio {
  return {
    workspace: { name: basename(workspace.path), path: workspace.path },
    version: versions.eidoscope,
    engine,
    audits: workspace.audits
      .list()
      .map((audit) => summaryOf(workspace, audit))
      .reverse(),
    jobs: workspace.jobs.list().map(jobOf),
    models: workspace.models.list().map(modelOf),
    imageSets: workspace.imageSets.list().map((set) => ({ ...set, counts: { ...set.counts } })),
  };
}

export const jobOf = ({ id, auditId, name, state, reason, createdAt }: JobRecord): Job => ({
  ...{ id, auditId, name, state, reason, createdAt },
});

function modelOf({ id, name, path, facts, files, addedAt }: ModelRecord): KnownModel {
  const { channels, height, width } = facts.input;
  return {
    ...{ id, name, path, channels, height, width, addedAt },
    sha256: files[0].sha256,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    labels: [...facts.labels],
    preprocessingFrom: facts.preprocessingFrom,
  };
}
