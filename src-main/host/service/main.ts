/**
 * The studio's service as a process: engine, queue of jobs and database of one workspace, of which it is the only
 * writer. It talks to the host that started it, and ends with it.
 *
 *   main.js --workspace DIR [--engine PROVIDER] [--threads N] [--sample]
 *
 * With --sample the bundled sample is audited first.
 */
import { parseArgs } from 'node:util';
import { openOnnxRuntime, type Provider } from '../../engine/onnxruntime.ts';
import { openWorkspace } from '../../store/workspace.ts';
import { push } from '../../studio/door.ts';
import { StudioService } from '../../studio/service.ts';
import type { FromService, ToService } from './envelope.ts';
import { openHostLine } from './host-line.ts';

/** How long work under way may take to stop, in milliseconds; what is lost then goes on from its checkpoint. */
const PATIENCE_MS = 5000;

const host = openHostLine();

function readOptions() {
  const { values } = parseArgs({
    options: {
      workspace: { type: 'string' },
      engine: { type: 'string', default: 'cpu' },
      threads: { type: 'string' },
      sample: { type: 'boolean', default: false },
    },
  });
  const { workspace, engine, threads, sample } = values;
  if (!workspace) throw new Error('Name the workspace: --workspace DIR.');
  return {
    workspace,
    sample,
    provider: engine as Provider,
    ...(threads !== undefined && { threads: Number(threads) }),
  };
}

async function main(): Promise<void> {
  const { workspace: path, sample, ...options } = readOptions();
  const workspace = openWorkspace(path);
  const say = (message: FromService): void => host.send(message);
  const service = new StudioService(workspace, await openOnnxRuntime(options), (event, value) =>
    say({ message: push(event, value) }),
  );
  host.listen((heard) => {
    const { page, message } = heard as ToService;
    void service.answer(message).then((reply) => reply && say({ page, message: reply }));
  });
  const stop = (): void => {
    setTimeout(() => process.exit(0), PATIENCE_MS);
    void service.stop().then(() => {
      workspace.close();
      process.exit(0);
    });
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  host.onGone(stop);
  say({ ready: true });
  service.start();
  if (sample) await service.addSample();
}

main().catch((error: unknown) => {
  host.send({ failed: (error as Error).message });
  // The message must have left before the process does.
  setTimeout(() => process.exit(1), 100);
});
