import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DATABASE } from '../../store/database.ts';
import { systemError } from '../../store/errors.ts';
import { openWorkspace, type Workspace } from '../../store/workspace.ts';

/** The same for a workspace that must be there already: none is made at a mistyped path. */
export function inKnownWorkspace<T>(
  path: string,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  if (existsSync(join(path, DATABASE))) return inWorkspace(path, work);
  throw systemError('ENOENT', resolve(path));
}

/** Opens a workspace, and closes it whatever happens. @throws WorkspaceError in one sentence */
export async function inWorkspace<T>(
  path: string,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const workspace = openWorkspace(path);
  try {
    return await work(workspace);
  } finally {
    workspace.close();
  }
}
