import { stringify } from 'yaml';
import type { Report } from '../api/report.ts';
import type { AuditRecord } from '../store/audits.ts';
import type { WorkspaceReader } from '../store/workspace.ts';

interface Request {
  readonly models?: readonly Readonly<Record<string, unknown>>[];
}

/** How to make the same audit again: its configuration, with files by their names, and the commands. */
export function reproductionOf(
  workspace: WorkspaceReader,
  audit: AuditRecord,
): Report['reproduction'] {
  const { request = {} } = audit.configuration as { request?: Request };
  const models = audit.models.map(({ modelId, imageSetId }, place) => {
    const set = imageSetId === undefined ? undefined : workspace.imageSets.get(imageSetId);
    return {
      path: nameOf(workspace.models.get(modelId)!.path),
      ...withNames(request.models?.[place] ?? {}),
      ...(set && { images: nameOf(set.path) }),
    };
  });
  const configuration = stringify({ ...request, models }, { lineWidth: 0 });
  return {
    configuration,
    commands: [
      'eidoscope audit --config audit.yaml --workspace again',
      'eidoscope report --workspace again --out report',
      'eidoscope verify report',
    ],
  };
}

/** The last part of a path, of whatever system: where somebody's files lay is no part of a report. */
const nameOf = (path: string): string => path.split(/[\\/]/).at(-1);

/** What names a part of a model and no file. */
const NAMES = ['output', 'signature'];

const withNames = (options: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key,
      typeof value === 'string' && !NAMES.includes(key) ? nameOf(value) : value,
    ]),
  );
