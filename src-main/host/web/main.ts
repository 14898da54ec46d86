/**
 * The studio's service as a program: reads a workspace and serves it on the loopback address until it is stopped.
 *
 *   main.js --workspace DIR [--port N] [--announce]
 *
 * With --announce it prints one line of JSON, for the desktop window that started it, in place of the link.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { programRoot } from '../../resources.ts';
import { WorkspaceError } from '../../store/errors.ts';
import { openWorkspace, type WorkspaceReader } from '../../store/workspace.ts';
import { serveStudio } from './server.ts';

const page = join(programRoot, 'out', 'renderer');

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function readOptions(): { workspace: string; port: number; announce: boolean } {
  const { values } = parseArgs({
    options: {
      workspace: { type: 'string' },
      port: { type: 'string', default: '0' },
      announce: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!values.workspace) fail('Name the workspace: --workspace DIR.');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    fail(`${values.port} is not a port: give a whole number from 1 to 65535.`);
  }
  return { workspace: values.workspace, port, announce: values.announce };
}

/** Reads the workspace; one of an older format is first brought up to date. */
function open(path: string): WorkspaceReader {
  try {
    return openWorkspace(path, { readOnly: true });
  } catch (error) {
    if (!(error instanceof WorkspaceError) || error.code !== 'older') throw error;
    openWorkspace(path).close();
    return openWorkspace(path, { readOnly: true });
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  if (!existsSync(page)) fail('The studio is not built yet: run "npm run build".');
  const workspace = open(options.workspace);
  const server = await serveStudio({ workspace, page, port: options.port });
  const announcement = JSON.stringify({ origin: server.origin, token: server.token });
  const words = `The studio is open at\n\n  ${server.link}\n\nCtrl-C stops it.`;
  process.stdout.write(`${options.announce ? announcement : words}\n`);
  const stop = (): void => {
    void server.close().then(() => {
      workspace.close();
      process.exit(0);
    });
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  // The desktop window holds our standard input open as long as it lives.
  if (options.announce) process.stdin.on('end', stop).resume();
}

main().catch((error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') fail('The port is taken: choose another one with --port.');
  if (code === 'EACCES') fail('This port needs special rights: choose one above 1023.');
  fail(message);
});
