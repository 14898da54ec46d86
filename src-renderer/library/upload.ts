import { desktop } from '../service.ts';
import { isPlainName, mostSentDepth, mostSentFiles } from '../../src-main/api/upload.ts';
import type { Chosen } from './files.ts';
import { placeIn } from './folder.ts';

/** Files on their way to the service, or a path that it knows. */
export interface Located {
  /** By where each file lies in what was chosen: `placeIn`. */
  readonly paths: Readonly<Record<string, string>>;
  /** Takes back what was sent and is not needed. */
  readonly discard: () => void;
}

/** A number that no other page draws. */
const drawBatch = (): string => crypto.randomUUID().replaceAll('-', '');

/** Sends one file. @throws Error with the server's own sentence, or the signal's reason */
function send(
  file: File,
  address: string,
  onBytes: (sent: number) => void,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const lost = new Error(`${file.name} could not be sent: the studio does not answer.`);
    request.open('PUT', address);
    request.upload.onprogress = ({ loaded }) => onBytes(loaded);
    request.onerror = () => reject(lost);
    request.onabort = () => reject(signal.reason as Error);
    request.onload = () => {
      try {
        const { path, message } = JSON.parse(request.responseText) as Record<string, string>;
        if (path === undefined) reject(new Error(message));
        else resolve(path);
      } catch {
        reject(lost);
      }
    };
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

/** @throws Error in one sentence for what the workspace would not take, before anything is sent */
function check(files: readonly File[]): void {
  if (files.length > mostSentFiles) {
    throw new Error(
      `These are ${files.length} files, and ${mostSentFiles} can be sent: give a path instead.`,
    );
  }
  for (const names of files.map((file) => placeIn(file).split('/'))) {
    const bad = names.find((name) => !isPlainName(name));
    if (bad !== undefined) throw new Error(`“${bad}” cannot be sent under this name: rename it.`);
    if (names.length > mostSentDepth) {
      throw new Error(
        `${names.join('/')} lies in too many folders to be sent: give its path instead.`,
      );
    }
  }
}

/** Where a file is sent, within its batch. */
const addressOf = (file: File): string =>
  placeIn(file).split('/').map(encodeURIComponent).join('/');

/**
 * Makes files known to the service: the desktop tells where they lie, a browser sends them to the workspace.
 * @param onShare share that is sent, 0 … 1
 * @throws Error in one sentence; what was sent is taken back
 */
export async function locate(
  files: readonly File[],
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<Located> {
  if (desktop) {
    const host = desktop;
    const paths = Object.fromEntries(files.map((file) => [placeIn(file), host.pathOf(file)]));
    return { paths, discard: () => undefined };
  }
  check(files);
  const batch = `uploads/${drawBatch()}`;
  const discard = (): void => void fetch(batch, { method: 'DELETE' }).catch(() => undefined);
  const total = files.reduce((sum, { size }) => sum + size, 0) || 1;
  const paths: Record<string, string> = {};
  let before = 0;
  try {
    for (const file of files) {
      const tell = (sent: number): void => onShare((before + sent) / total);
      paths[placeIn(file)] = await send(file, `${batch}/${addressOf(file)}`, tell, signal);
      before += file.size;
    }
    return { paths, discard };
  } catch (error) {
    discard();
    throw error;
  }
}

/** The one path of what was chosen. */
export async function pathOf(
  chosen: Chosen,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<{ path: string; discard: () => void }> {
  if ('path' in chosen) return { path: chosen.path, discard: () => undefined };
  const [file] = chosen.files;
  const { paths, discard } = await locate([file], onShare, signal);
  return { path: paths[placeIn(file)], discard };
}
