import { utilityProcess } from 'electron';
import {
  argumentsOf,
  servicePath,
  startNodeProcess,
  type ServiceOptions,
  type ServiceProcess,
} from '../service/node-process.ts';

/** The first Node whose native interface is new enough for the database (Node-API 10). */
const NEEDED_NODE = 24;

/** Starts the service: in a process of Electron's own, or in the Node that is named where Electron is too old for it. */
export function startService(options: ServiceOptions): ServiceProcess {
  const own = Number(process.versions.node.split('.')[0]) >= NEEDED_NODE;
  if (own) return startUtilityProcess(options);
  const node = process.env.EIDOSCOPE_NODE;
  if (node === undefined) {
    throw new Error(
      `The studio needs an Electron with Node ${NEEDED_NODE}; this one has ${process.versions.node}. Run "npm ci" again.`,
    );
  }
  return startNodeProcess(options, node);
}

function startUtilityProcess(options: ServiceOptions): ServiceProcess {
  const child = utilityProcess.fork(servicePath(), argumentsOf(options), {
    serviceName: 'Eidoscope service',
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4000);
    process.stderr.write(chunk);
  });
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => child.postMessage(message),
    onMessage: (hear) => void child.on('message', hear),
    onExit: (act) => void child.once('exit', () => act(words.trim())),
    stop: () => void child.kill(),
    kill: () => child.pid !== undefined && process.kill(child.pid, 'SIGKILL'),
  };
}
