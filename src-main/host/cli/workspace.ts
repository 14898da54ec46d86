import { openWorkspace, type Workspace } from '../../store/workspace.ts';

/** Opens a workspace, and closes it whatever happens. @throws WorkspaceError in one sentence */
export async function inWorkspace(
  path: string,
  work: (workspace: Workspace) => Promise<void>,
): Promise<void> {
  const workspace = openWorkspace(path);
  try {
    await work(workspace);
  } finally {
    workspace.close();
  }
}
