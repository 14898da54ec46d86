/**
 * The thread that owns TensorFlow. Its kernels run synchronously on the thread that calls them, so the graphs live here
 * and the caller's thread stays free. Requests are served one after the other.
 */
import { parentPort } from 'node:worker_threads';
import type { TypedGraph } from '../../graph/ir.ts';
import type { Answer, Port, ReleaseRequest, Reply, RunRequest } from '../onnxruntime-worker.ts';
import { loadBackend, type Backend, type Loaded } from './backend.ts';
import { Program, Stopped } from './program.ts';

export interface OpenRequest {
  readonly kind: 'open';
  readonly backend: Backend;
  /** Folder of a native TensorFlow. */
  readonly folder?: string;
  readonly threads: number;
}

export interface CompileRequest {
  readonly kind: 'compile';
  readonly session: number;
  readonly graph: TypedGraph;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** One number that is not 0 as soon as the session is to stop. */
  readonly stop: Int32Array;
}

/** Asks how much memory of the backend is in use. */
export interface MemoryRequest {
  readonly kind: 'memory';
}

export type TensorFlowRequest =
  OpenRequest | CompileRequest | RunRequest | ReleaseRequest | MemoryRequest;

/** What a backend says of itself. */
export interface Facts {
  readonly version: string;
  readonly gpu: boolean;
}

export interface Memory {
  readonly tensors: number;
  readonly bytes: number;
}

export interface TensorFlowAnswer extends Answer {
  readonly facts?: Facts;
  readonly memory?: Memory;
}

interface Session {
  readonly program: Program;
  readonly stop: Int32Array;
}

let loaded: Loaded | undefined;
const sessions = new Map<number, Session>();

function compile({ session, graph, stop }: CompileRequest): void {
  sessions.set(session, { program: new Program(loaded!.tf, graph), stop });
}

function run({ session, feeds, into }: RunRequest): Answer {
  const { program, stop } = sessions.get(session)!;
  const start = performance.now();
  const results = program.run(feeds, into, () => Atomics.load(stop, 0) !== 0);
  return { results, computedMs: performance.now() - start };
}

function release(session: number): void {
  sessions.get(session)?.program.release();
  sessions.delete(session);
}

async function serve(request: TensorFlowRequest): Promise<TensorFlowAnswer> {
  switch (request.kind) {
    case 'open':
      loaded = await loadBackend(request);
      return { results: [], facts: loaded.facts };
    case 'compile':
      compile(request);
      return { results: [] };
    case 'run':
      return run(request);
    case 'release':
      release(request.session);
      return { results: [] };
    case 'memory': {
      const { numTensors: tensors, numBytes: bytes } = loaded!.tf.memory();
      return { results: [], memory: { tensors, bytes } };
    }
  }
}

async function answer(id: number, request: TensorFlowRequest): Promise<void> {
  try {
    const reply = { id, answer: await serve(request) };
    const buffers = reply.answer.results.map((result) => result.buffer as ArrayBuffer);
    parentPort!.postMessage(reply, [...new Set(buffers)]);
  } catch (error) {
    const stopped = error instanceof Stopped;
    const reason = stopped ? 'the run was stopped, because its graph was released' : undefined;
    const reply: Reply = { id, error: reason ?? (error as Error).message };
    parentPort!.postMessage(reply);
  }
}

let last: Promise<void> = Promise.resolve();
parentPort!.on('message', ({ id, request }: { id: number; request: TensorFlowRequest }) => {
  last = last.then(() => answer(id, request));
});
