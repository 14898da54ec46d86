import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ServiceError } from '../../api/wire.ts';
import { programRoot } from '../../resources.ts';
import { startNodeProcess, type ServiceOptions } from '../service/node-process.ts';
import { Supervisor } from '../service/supervisor.ts';
import { Switchboard } from '../service/switchboard.ts';
import { serveStudio, type StudioServer } from './server.ts';

/** Folder of the built page. */
const PAGE = join(programRoot, 'out', 'renderer');

export interface ServeOptions extends ServiceOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Folder of the page; the built one by default. */
  readonly page?: string;
}

export interface ServedStudio extends Omit<StudioServer, 'close'> {
  readonly supervisor: Supervisor;
  /** Ends the service in order, then the server. */
  close(): Promise<void>;
}

/**
 * Starts the service of a workspace and serves its page on the loopback address.
 * @throws ServiceError in one sentence: the page is not built, the port is taken, or what the service says
 */
export async function serveWorkspace(options: ServeOptions): Promise<ServedStudio> {
  const { port, page = PAGE, ...service } = options;
  const workspace = resolve(options.workspace);
  if (!existsSync(join(page, 'index.html'))) {
    throw new ServiceError('bad-state', 'The studio is not built yet: run "npm run build" first.');
  }
  const supervisor = new Supervisor(() => startNodeProcess({ ...service, workspace }));
  const switchboard = new Switchboard(supervisor);
  await supervisor.start();
  try {
    const server = await serveStudio({ workspace, switchboard, page, port });
    const close = async (): Promise<void> => {
      await supervisor.stop();
      await server.close();
    };
    return { ...server, supervisor, close };
  } catch (error) {
    await supervisor.stop();
    throw inWords(error as NodeJS.ErrnoException);
  }
}

const sentences: Readonly<Record<string, string>> = {
  EADDRINUSE: 'The port is taken: choose another one with --port.',
  ERR_SOCKET_BAD_PORT: 'There is no such port: choose a whole number from 1 to 65535.',
  EACCES: 'This port needs special rights: choose one above 1023.',
};

function inWords(error: NodeJS.ErrnoException): Error {
  const sentence = sentences[error.code ?? ''];
  return sentence === undefined ? error : new ServiceError('bad-state', sentence, { cause: error });
}
