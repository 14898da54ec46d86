/**
 * The studio's service as a process: engine, queue of jobs and database of one workspace, of which it is the only
 * writer. It talks to the host that started it, and ends with it.
 *
 *   main.js --workspace DIR [--engine PROVIDER] [--threads N] [--sample] [--read-only]
 *
 * With --sample the bundled sample is audited first. Engine and threads that are not named are those of the settings.
 */
import { parseArgs } from 'node:util';
import type { MachineSettings } from '../../api/settings.ts';
import { engineChoice } from '../../engine/choices.ts';
import type { Engine } from '../../engine/engine.ts';
import { openEngine as openByName } from '../../engine/open.ts';
import { push } from '../../studio/door.ts';
import { Machine } from '../../studio/machine.ts';
import { StudioService } from '../../studio/service.ts';
import type { FromService, ToService } from './envelope.ts';
import { openHostLine } from './host-line.ts';
import { openForStudio } from './workspace.ts';

/** How long work under way may take to stop, in milliseconds; what is lost then goes on from its checkpoint. */
const PATIENCE_MS = 5000;

const host = openHostLine();

function readOptions() {
  const { values } = parseArgs({
    options: {
      workspace: { type: 'string' },
      engine: { type: 'string' },
      threads: { type: 'string' },
      sample: { type: 'boolean', default: false },
      'read-only': { type: 'boolean', default: false },
    },
  });
  const { workspace, engine, threads, sample, 'read-only': readOnly } = values;
  if (!workspace) throw new Error('Name the workspace: --workspace DIR.');
  const given = {
    ...(engine !== undefined && { engine }),
    ...(threads !== undefined && { threads: Number(threads) }),
  };
  return { ...{ path: workspace, sample, readOnly, given } };
}

/** A setting that names no engine of this version costs nobody their studio. */
function openEngine({ engine = 'cpu', threads }: MachineSettings): Promise<Engine> {
  const name = engineChoice(engine)?.name ?? 'cpu';
  return openByName(name, threads === undefined ? {} : { threads });
}

async function main(): Promise<void> {
  const { path, sample, given, ...options } = readOptions();
  const { workspace, readOnly } = openForStudio(path, options.readOnly);
  const say = (message: FromService): void => host.send(message);
  const machine = new Machine(given, () => say({ restart: true }));
  const service = new StudioService(
    workspace,
    await openEngine(machine.wanted),
    (event, value) => say({ message: push(event, value) }),
    { machine, readOnly },
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
  if (readOnly !== undefined) return;
  service.start();
  if (sample) await service.addSample();
}

main().catch((error: unknown) => {
  host.send({ failed: (error as Error).message });
  // The message must have left before the process does.
  setTimeout(() => process.exit(1), 100);
});
