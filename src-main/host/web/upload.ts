import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, statfs } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { discardUpload, uploadsFolder } from '../../store/uploads.ts';
import type { Door } from './door.ts';

/** Bytes of the largest file that a page may send: weights of a network beside its file. */
const MOST_BYTES = 8 * 2 ** 30;

/** Files that may be sent together. */
const MOST_FILES = 64;

/** `/uploads/BATCH` and `/uploads/BATCH/NAME`; a batch is what a page sends together, under a number that it draws. */
const ADDRESS = /^\/uploads\/([0-9a-f]{32})(?:\/([^/]{1,600}))?$/;

/** What no file system that we know takes in a name, or takes for more than a name. */
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const UNSUITABLE = /[/\\<>:"|?*\x00-\x1f]|^\.|[. ]$/;

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
  const plain = nameOf(name ?? '');
  if (plain === undefined) return refused(400, 'This is no name of a file.');
  const bytes = Number(request.headers['content-length'] ?? NaN);
  if (!Number.isSafeInteger(bytes)) return refused(411, 'A file is sent with its length.');
  if (bytes > most) {
    return refused(413, `${plain} is larger than ${most / 2 ** 30} GB: give its path instead.`);
  }
  return store(request, folder, plain, bytes);
}

/** The name as a person knows it; undefined for what is more or less than a name. */
function nameOf(encoded: string): string | undefined {
  try {
    const name = decodeURIComponent(encoded);
    return name === '' || UNSUITABLE.test(name) || Buffer.byteLength(name) > 200 ? undefined : name;
  } catch {
    return undefined;
  }
}

async function store(
  request: IncomingMessage,
  folder: string,
  name: string,
  bytes: number,
): Promise<Received> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length >= MOST_FILES) {
    return refused(409, `No more than ${MOST_FILES} files can be sent together.`);
  }
  const { bavail, bsize } = await statfs(folder);
  if (bytes > bavail * bsize) {
    return refused(507, 'The disk of the workspace has no room for this file: free some space.');
  }
  const path = join(folder, name);
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
