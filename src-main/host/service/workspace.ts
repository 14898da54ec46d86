import { WorkspaceError } from '../../store/errors.ts';
import { openWorkspace, type Workspace } from '../../store/workspace.ts';

export interface StudioWorkspace {
  readonly workspace: Workspace;
  /** Why nothing can be written, in one sentence; absent where it can. */
  readonly readOnly?: string;
}

const ASKED =
  'This workspace was opened to be read only: open it without --read-only to mark prototypes or to run jobs.';
const unwritable = (path: string): string =>
  `This workspace is read-only, for ${path} cannot be written to: open a copy of it elsewhere to mark prototypes or to run jobs.`;

/**
 * Opens a workspace for the studio: for writing, or for reading alone where that is asked for or nothing else is
 * possible.
 * @throws WorkspaceError in one sentence, see openWorkspace
 */
export function openForStudio(path: string, readOnly: boolean): StudioWorkspace {
  if (readOnly) return { workspace: forReading(path), readOnly: ASKED };
  try {
    return { workspace: openWorkspace(path) };
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    return readableOr(path, error);
  }
}

const isUnwritable = (error: unknown): boolean =>
  error instanceof WorkspaceError && (error.code === 'denied' || error.code === 'read-only');

/** What cannot be read either failed for what the first error says. */
function readableOr(path: string, error: unknown): StudioWorkspace {
  try {
    return { workspace: forReading(path), readOnly: unwritable(path) };
  } catch {
    throw error;
  }
}

/** Of what a Workspace can do beyond a reader, the service refuses every call before it gets here (read-only.ts). */
function forReading(path: string): Workspace {
  const reader = openWorkspace(path, { readOnly: true });
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- as above
  return reader as Workspace;
}
