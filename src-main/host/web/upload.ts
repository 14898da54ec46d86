import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, statfs } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isPlainName, mostSentDepth, mostSentFiles } from '../../api/upload.ts';
import { discardUpload, uploadsFolder } from '../../store/uploads.ts';
import type { Door } from './door.ts';

/** Bytes of the largest file that a page may send: weights of a network beside its file. */
const MOST_BYTES = 8 * 2 ** 30;

/** Files and the folders that hold them. */
const MOST_ENTRIES = mostSentFiles + 256;

/**
 * `/uploads/BATCH` and `/uploads/BATCH/NAME`; a batch is what a page sends together, under a number that it draws. A
 * file of a folder has the names of the folders before its own, separated by slashes.
 */
const ADDRESS = /^\/uploads\/([0-9a-f]{32})(?:\/(.{1,4000}))?$/;

export interface Received {
  readonly status: number;
  readonly body: { readonly path: string } | { readonly message: string } | Record<string, never>;
}

export const isUpload = ({ method, url = '' }: IncomingMessage): boolean =>
  (method === 'PUT' || method === 'DELETE') && url.startsWith('/uploads/');

const refused = (status: number, message: string): Received => ({ status, body: { message } });

/**
 * Takes a file that a page sends into the workspace's folder of uploads, or removes what it sent. What is sent is written
 * as it comes; memory does not grow with it. Whoever calls has checked the token.
 * @param most bytes that one file may have
 */
export async function receive(
  workspace: string,
  door: Door,
  request: IncomingMessage,
  most = MOST_BYTES,
): Promise<Received> {
  // Reading needs no origin; who writes must be our own page.
  if (request.headers.origin !== `http://${door.host}`) {
    return refused(403, 'Only the studio’s own page may send files.');
  }
  const [, batch, name] = ADDRESS.exec(request.url ?? '') ?? [];
  if (batch === undefined) return refused(400, 'This is no place for a file.');
  const folder = join(uploadsFolder(workspace), batch);
  if (request.method === 'DELETE') {
    discardUpload(workspace, join(folder, 'any'));
    return { status: 200, body: {} };
  }
  const names = (name ?? '').split('/').map(nameOf);
  if (names.length > mostSentDepth || !names.every((each) => each !== undefined)) {
    return refused(400, 'This is no name of a file.');
  }
  const plain = names.at(-1);
  const bytes = Number(request.headers['content-length'] ?? NaN);
  if (!Number.isSafeInteger(bytes)) return refused(411, 'A file is sent with its length.');
  if (bytes > most) {
    return refused(413, `${plain} is larger than ${most / 2 ** 30} GB: give its path instead.`);
  }
  return store(request, folder, names, bytes);
}

/** The name as a person knows it; undefined for what is more or less than a name. */
function nameOf(encoded: string): string | undefined {
  try {
    const name = decodeURIComponent(encoded);
    return isPlainName(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

/** @param names of the folders that hold the file, and its own, each of them a plain name */
async function store(
  request: IncomingMessage,
  folder: string,
  names: readonly string[],
  bytes: number,
): Promise<Received> {
  const path = join(folder, ...names);
  const name = names.join('/');
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder, { recursive: true })).length >= MOST_ENTRIES) {
    return refused(409, `No more than ${mostSentFiles} files can be sent together.`);
  }
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return refused(
      409,
      `There is no place for ${name}: a file has the name of its folder (${code}).`,
    );
  }
  const { bavail, bsize } = await statfs(folder);
  if (bytes > bavail * bsize) {
    return refused(507, 'The disk of the workspace has no room for this file: free some space.');
  }
  try {
    await pipeline(request, createWriteStream(path, { flags: 'wx' }));
    return { status: 201, body: { path } };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return refused(409, `${name} was sent already.`);
    await rm(path, { force: true });
    return refused(500, `${name} could not be kept (${code ?? (error as Error).message}).`);
  }
}
