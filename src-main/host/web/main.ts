/**
 * The studio in a browser: keeps the service of a workspace running, and serves its page on the loopback address until
 * it is stopped.
 *
 *   main.js --workspace DIR [--port N] [--engine PROVIDER] [--threads N] [--sample] [--read-only]
 */
import { parseArgs } from 'node:util';
import { serveWorkspace } from './serve.ts';

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      workspace: { type: 'string' },
      port: { type: 'string', default: '0' },
      engine: { type: 'string' },
      threads: { type: 'string' },
      sample: { type: 'boolean' },
      'read-only': { type: 'boolean' },
    },
  });
  const port = Number(values.port);
  if (!values.workspace) fail('Name the workspace: --workspace DIR.');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    fail(`${values.port} is not a port: give a whole number from 1 to 65535.`);
  }
  const { workspace, engine, threads, sample, 'read-only': readOnly } = values;
  return {
    ...{ workspace, port, engine, sample, readOnly },
    ...(threads !== undefined && { threads: Number(threads) }),
  };
}

async function main(): Promise<void> {
  const studio = await serveWorkspace(readOptions());
  process.stdout.write(`The studio is open at\n\n  ${studio.link}\n\nCtrl-C stops it.\n`);
  const stop = (): void => void studio.close().then(() => process.exit(0));
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

main().catch((error: unknown) => fail((error as Error).message));
