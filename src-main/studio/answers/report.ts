import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeTask, type Composed, type Exported, type Preview } from '../../api/report.ts';
import { composeReport, type Composition } from '../../report/compose.ts';
import { ReportError } from '../../report/errors.ts';
import { exportComposition, paperOf } from '../../report/export.ts';
import { reportJson } from '../../report/json.ts';
import { MANIFEST, readManifest } from '../../report/manifest.ts';
import { findPrinter, NO_PRINTER } from '../../report/pdf/printer.ts';
import { sha256 } from '../../store/blobs.ts';
import type { Workspace } from '../../store/workspace.ts';
import type { Handlers } from '../door.ts';
import type { LibraryTasks, TaskTools } from '../library-tasks.ts';

/** Folder of the workspace that reports are written into. */
const REPORTS = 'reports';

/** Answers about reports. Written ones lie in the workspace, each state of an audit in a folder of its own. */
export function reportAnswers(
  workspace: Workspace,
  tasks: LibraryTasks,
): Pick<Handlers, 'report.preview' | 'report.compose' | 'report.export'> {
  const pathOf = (folder: string): string => join(workspace.path, REPORTS, folder);
  return {
    'report.preview': async ({ auditId }) => {
      const composition = await composeReport(workspace, auditId);
      return previewOf(composition, pathOf);
    },
    'report.compose': ({ auditId }) =>
      tasks.run(composeTask(auditId), (tools) => composedPage(workspace, auditId, tools)),
    'report.export': async ({ auditId, formats }) => {
      const composition = await composeReport(workspace, auditId);
      const folder = folderOf(composition);
      const path = pathOf(folder);
      const { files, manifestSha256, notes } = await exportComposition(composition, path, {
        formats,
      });
      return { folder, path, files: [...files], manifestSha256, notes: [...notes] };
    },
  };
}

/** The workspace keeps the last page of an audit, like all that can be made again. */
async function composedPage(
  workspace: Workspace,
  auditId: number,
  { signal, step }: TaskTools,
): Promise<Composed> {
  const composition = await composeReport(workspace, auditId);
  const text = await paperOf(composition, () => {
    signal.throwIfAborted();
    step(composition.hashes.length);
  });
  const bytes = Buffer.from(text);
  await workspace.cache.put(`report page ${auditId}`, bytes);
  return { folder: folderOf(composition), page: sha256(bytes), bytes: bytes.length };
}

/** The state of an audit and its review in a name. */
const folderOf = ({ report }: Composition): string =>
  `${report.audit.id}-${sha256(reportJson(report)).slice(0, 12)}`;

function previewOf(composition: Composition, pathOf: (folder: string) => string): Preview {
  const { asOf, review, findings } = composition.report;
  const folder = folderOf(composition);
  const possible = findPrinter() !== undefined;
  return {
    ...{ folder, asOf, counts: review, findings },
    pdf: possible ? { possible } : { possible, reason: NO_PRINTER },
    exported: exportedAt(folder, pathOf(folder)),
  };
}

/** @returns undefined where none was written, or not to its end */
function exportedAt(folder: string, path: string): Exported | undefined {
  if (!existsSync(join(path, MANIFEST))) return undefined;
  try {
    const { files } = readManifest(path);
    const manifestSha256 = sha256(readFileSync(join(path, MANIFEST)));
    return { folder, path, files, manifestSha256, notes: [] };
  } catch (error) {
    if (error instanceof ReportError) return undefined;
    throw error;
  }
}
