import { Worker } from 'node:worker_threads';
import { GraphError } from '../errors.ts';
import type { Hdf5Content, Hdf5Reply, Hdf5Request } from './hdf5-worker.ts';

export type { Hdf5Content } from './hdf5-worker.ts';

// The built program holds JavaScript beside it, the source tree TypeScript.
const WORKER = new URL(
  `./hdf5-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`,
  import.meta.url,
);

/** Even a gigabyte takes some seconds; a damaged file may lead the library in circles (ms). */
const PATIENCE = 60_000;

/**
 * Reads all floats and texts of an HDF5 file, with the HDF Group's own library in WebAssembly and in a thread of its
 * own: whatever a file does to it, it can touch no other file and no other memory, and is ended after a minute.
 * @param request path of the file, or its bytes
 * @param name of the file, for error sentences
 * @throws GraphError `truncated` or `too-large`
 */
export async function readHdf5(request: Hdf5Request, name: string): Promise<Hdf5Content> {
  const reply = await inThread(request, name);
  if (!('refused' in reply)) return reply;
  throw new GraphError('too-large', `${name} holds more than any classifier's weights.`);
}

function inThread(request: Hdf5Request, name: string): Promise<Hdf5Reply> {
  // What the library writes on errors is for programmers.
  const worker = new Worker(WORKER, { workerData: request, stdout: true, stderr: true });
  return new Promise<Hdf5Reply>((resolve, reject) => {
    const fail = (cause?: unknown): void =>
      reject(
        new GraphError(
          'truncated',
          `${name} is no readable HDF5 file: it is cut off or damaged; fetch or save it again.`,
          { cause },
        ),
      );
    const timer = setTimeout(fail, PATIENCE);
    worker
      .once('message', resolve)
      .once('error', fail)
      .once('exit', () => fail());
    worker.once('exit', () => clearTimeout(timer));
  }).finally(() => void worker.terminate());
}
