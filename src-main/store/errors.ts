export type WorkspaceErrorCode =
  | 'missing'
  | 'not-a-folder'
  | 'not-a-workspace'
  | 'denied'
  | 'read-only'
  | 'full'
  | 'busy'
  | 'corrupt'
  | 'newer'
  | 'older'
  | 'other-layout'
  | 'lost-file'
  | 'bad-state'
  | 'failed';

/** A workspace that cannot be used as asked. The message is one sentence for a person: what is wrong and what to do. */
export class WorkspaceError extends Error {
  readonly code: WorkspaceErrorCode;
  constructor(code: WorkspaceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WorkspaceError';
    this.code = code;
  }
}

const sentences: Readonly<Record<string, readonly [WorkspaceErrorCode, string]>> = {
  full: [
    'full',
    'The disk that holds {path} is full: free some space and run the same command again.',
  ],
  readOnly: [
    'read-only',
    'The workspace {path} is read-only: choose a folder that can be written to.',
  ],
  denied: [
    'denied',
    'The permission to use {path} is missing: change it, or choose another folder.',
  ],
  folder: ['not-a-folder', 'The workspace {path} is not a folder: choose another path.'],
  tooLong: [
    'not-a-folder',
    'The path of the workspace is longer than this system takes: choose a shorter one.',
  ],
  missing: [
    'missing',
    'There is no workspace at {path}: check the path, or run an audit into it first.',
  ],
  busy: ['busy', 'Another process is using the workspace {path}: wait until it has ended.'],
  corrupt: [
    'corrupt',
    'The database of {path} is damaged: open the workspace for writing to move it aside.',
  ],
};

/** Codes of the operating system and of SQLite, longest prefix first, and the sentence that each stands for. */
const causes: readonly (readonly [string, keyof typeof sentences])[] = [
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EFBIG', 'full'],
  ['SQLITE_FULL', 'full'],
  ['EROFS', 'readOnly'],
  ['SQLITE_READONLY', 'readOnly'],
  ['EACCES', 'denied'],
  ['EPERM', 'denied'],
  ['SQLITE_PERM', 'denied'],
  ['SQLITE_AUTH', 'denied'],
  ['ENOTDIR', 'folder'],
  ['EEXIST', 'folder'],
  ['ENAMETOOLONG', 'tooLong'],
  ['ENOENT', 'missing'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_NOTADB', 'corrupt'],
  ['SQLITE_CANTOPEN', 'denied'],
];

const isCoded = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && typeof (error as { code?: unknown }).code === 'string';

/** The failure of the operating system or of SQLite in words; errors of other kinds pass unchanged. */
export function asWorkspaceError(error: unknown, path: string): unknown {
  if (error instanceof WorkspaceError || !isCoded(error)) return error;
  const cause = causes.find(([prefix]) => error.code.startsWith(prefix));
  if (cause) {
    const [code, sentence] = sentences[cause[1]];
    return new WorkspaceError(code, sentence.replace('{path}', path), { cause: error });
  }
  const systemic = error.code.startsWith('SQLITE_IOERR') || error.code === 'EIO';
  const message = `The disk that holds ${path} fails (${error.code}): check it, then run the same command again.`;
  return systemic ? new WorkspaceError('failed', message, { cause: error }) : error;
}

/** What the operating system would say of a path, for the places that look before they leap. */
export function systemError(code: 'ENOTDIR' | 'ENOENT', path: string): unknown {
  return asWorkspaceError(Object.assign(new Error(code), { code }), path);
}

/** Runs an action; what the disk or the database refuses becomes a WorkspaceError. */
export function guarded<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw asWorkspaceError(error, path);
  }
}

const obstacles: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  EROFS: 'the disk is read-only',
  EACCES: 'the permission is missing',
  EPERM: 'the permission is missing',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a file is in the place of its folder',
  ENAMETOOLONG: 'its path is too long',
};

/** Why a file outside of a workspace cannot be written, as the end of a sentence. @param code of the system */
export const whyNotWritten = (code: string): string => obstacles[code] ?? `the system says ${code}`;
