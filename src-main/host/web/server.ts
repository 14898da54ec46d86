import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Switchboard } from '../service/switchboard.ts';
import { workspaceFileAt } from '../service/workspace-file.ts';
import { cookieOf, isForeign, isKnown, opensWithLink, type Door } from './door.ts';
import { pageFile, securityHeaders } from './page.ts';
import { serveSockets } from './sockets.ts';
import { isUpload, receive } from './upload.ts';

export interface StudioServer {
  /** Without the token. */
  readonly origin: string;
  readonly token: string;
  /** What a person opens: with the token. */
  readonly link: string;
  close(): Promise<void>;
}

export interface ServerOptions {
  /** Folder of the workspace, whose images are served. */
  readonly workspace: string;
  readonly switchboard: Switchboard;
  /** Folder of the built page. */
  readonly page: string;
  /** 0 takes a free port. */
  readonly port?: number;
  /** Bytes of the largest file that a page may send. */
  readonly mostUploadBytes?: number;
}

const STRANGER = 'Open the studio with the link that the program printed.';
const json = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/**
 * Serves the studio on the loopback address, to whoever has the link.
 * @throws Error with the code `EADDRINUSE` when the port is taken
 */
export async function serveStudio(options: ServerOptions): Promise<StudioServer> {
  const token = randomBytes(24).toString('base64url');
  // A large file may come slowly through a tunnel.
  const server = createServer({ requestTimeout: 0 });
  await listen(server, options.port ?? 0);
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const door = { host, token };
  const closeSockets = serveSockets(server, door, options.switchboard);
  server.on('request', (request, response) => void respond(door, options, request, response));
  return {
    origin: `http://${host}`,
    token,
    link: `http://${host}/?token=${token}`,
    close: () => {
      closeSockets();
      return closeServer(server);
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function respond(
  door: Door,
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, headers, body } = await answerTo(door, options, request).catch(failureOf);
  response.writeHead(status, { ...securityHeaders, ...headers });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function answerTo(
  door: Door,
  options: ServerOptions,
  request: IncomingMessage,
): Promise<Answer> {
  if (isForeign(door, request)) return failure(403, 'This page may not use the studio.');
  if (isUpload(request)) return upload(door, options, request);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return failure(405, 'Files can only be read.');
  }
  const url = URL.parse(request.url ?? '', `http://${door.host}`);
  if (!url) return failure(400, 'This is no address of the studio.');
  if (opensWithLink(door, url)) {
    return welcome(door);
  }
  if (!isKnown(door, request)) {
    return failure(403, STRANGER);
  }
  return route(options, url.pathname);
}

/** What is refused is not read to its end. */
async function upload(
  door: Door,
  { workspace, mostUploadBytes }: ServerOptions,
  request: IncomingMessage,
): Promise<Answer> {
  const { status, body } = isKnown(door, request)
    ? await receive(workspace, door, request, mostUploadBytes)
    : { status: 403, body: { message: STRANGER } };
  const headers = { ...json, ...(status >= 400 && { Connection: 'close' }) };
  return { status, headers, body: JSON.stringify(body) };
}

/** A redirect would still count as coming from where the link stood, and bring no strict cookie. */
const welcome = (door: Door): Answer => ({
  status: 200,
  headers: {
    'Content-Type': 'text/html; charset=utf-8',
    'Set-Cookie': cookieOf(door),
    'Cache-Control': 'no-store',
  },
  body: '<!doctype html><title>Eidoscope</title><meta http-equiv="refresh" content="0; url=/">',
});

async function route({ workspace, page }: ServerOptions, path: string): Promise<Answer> {
  const kept = workspaceFileAt(workspace, path);
  if (kept) return { status: 200, headers: kept.headers, body: kept.bytes };
  // The page names its own icon; browsers ask for this one on the way there.
  if (path === '/favicon.ico') return { status: 204, headers: {}, body: '' };
  const found = await pageFile(page, path);
  if (!found) return failure(404, 'There is nothing here.');
  const headers = { 'Content-Type': found.type, 'Cache-Control': 'no-cache' };
  return { status: 200, headers, body: found.bytes };
}

const failure = (status: number, message: string): Answer => ({
  status,
  headers: json,
  body: JSON.stringify({ message }),
});

const failureOf = (error: unknown): Answer =>
  failure(500, `The studio failed: ${(error as Error).message}`);
