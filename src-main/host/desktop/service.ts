import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { programRoot } from '../../resources.ts';

/** Where the page lives. */
export const ORIGIN = 'app://studio';

/** The process that reads the workspace. */
export interface Service {
  readonly origin: string;
  readonly token: string;
  /** Settles with a sentence when it ends by itself. */
  readonly ended: Promise<string>;
  stop(): void;
}

/** Electron itself runs the service as Node, unless another Node is named: a test's Electron may be too old. */
function spawnService(workspace: string): ChildProcess {
  const program = join(programRoot, 'out', 'main', 'host', 'web', 'main.js');
  const node = process.env.EIDOSCOPE_NODE ?? process.execPath;
  return spawn(node, [program, '--workspace', workspace, '--announce'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** @throws Error with the service's own sentence when it cannot start, such as for a missing workspace */
export async function startService(workspace: string): Promise<Service> {
  const child = spawnService(workspace);
  let words = '';
  child.stderr!.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const ended = once(child, 'close').then(() => words.trim() || 'The studio’s service has ended.');
  const announced = once(createInterface(child.stdout!), 'line') as Promise<[string]>;
  const first = await Promise.race([announced, ended]);
  if (typeof first === 'string') throw new Error(first);
  const { origin, token } = JSON.parse(first[0]) as { origin: string; token: string };
  return { origin, token, ended, stop: () => child.kill() };
}

/** Hands a request of the page to the service, with the token that the page never sees. */
export async function forwardTo(service: Service, request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (url.host !== new URL(ORIGIN).host || request.method !== 'GET') {
    return new Response(null, { status: 404 });
  }
  return fetch(`${service.origin}${url.pathname}`, {
    headers: { authorization: `Bearer ${service.token}` },
  });
}
