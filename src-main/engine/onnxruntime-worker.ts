/**
 * The thread that owns the native sessions. onnxruntime-node 1.30 runs a session synchronously on the thread that
 * calls it (its promise settles only afterwards), so the sessions live here and the caller's thread stays free.
 * Requests are served one after the other: each run uses all native threads anyway.
 */
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { sizeOf, type TensorData, type ValueType } from '../graph/ir.ts';
import { allocate } from '../graph/tensor.ts';

export type Provider = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';

/** A named value as the session takes or gives it. */
export interface Port extends ValueType {
  readonly name: string;
}

export interface CompileRequest {
  readonly kind: 'compile';
  readonly session: number;
  readonly model: Uint8Array;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly provider: Provider;
  readonly threads: number;
  /** Prefix of the profile that onnxruntime writes when the session is released. */
  readonly profile?: string;
}

export interface RunRequest {
  readonly kind: 'run';
  readonly session: number;
  /** One per input, in the order of the compile request; their buffers are transferred. */
  readonly feeds: readonly TensorData[];
}

export interface ReleaseRequest {
  readonly kind: 'release';
  readonly session: number;
}

export type Request = CompileRequest | RunRequest | ReleaseRequest;

/** The answer to the request of the same number: results of a run in the order of the outputs, or why it failed. */
export type Reply =
  | { readonly id: number; readonly results: readonly TensorData[] }
  | { readonly id: number; readonly error: string };

interface Session {
  readonly native: InferenceSession;
  readonly request: CompileRequest;
}

// The package is CommonJS and loads a native library on import; nothing of it may load in the caller's thread.
const runtime = createRequire(import.meta.url)(
  'onnxruntime-node',
) as typeof import('onnxruntime-node');
runtime.env.logLevel = 'fatal';

const sessions = new Map<number, Session>();

async function compile(request: CompileRequest): Promise<void> {
  const native = await runtime.InferenceSession.create(request.model, {
    executionProviders: [request.provider],
    intraOpNumThreads: request.threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    enableProfiling: request.profile !== undefined,
    ...(request.profile === undefined ? {} : { profileFilePrefix: request.profile }),
  });
  sessions.set(request.session, {
    native,
    request: { ...request, model: new Uint8Array(0) },
  });
}

function wrap(port: Port, data: TensorData): Tensor {
  return new runtime.Tensor(port.dtype, data as never, port.dims);
}

function wrapAll(ports: readonly Port[], data: readonly TensorData[]): Record<string, Tensor> {
  return Object.fromEntries(ports.map((port, i) => [port.name, wrap(port, data[i])]));
}

/** Shapes are static, so results are written straight into memory that is then handed over: no copy. */
async function run({ session, feeds }: RunRequest): Promise<TensorData[]> {
  const { native, request } = sessions.get(session)!;
  const results = request.outputs.map((port) => allocate(port.dtype, sizeOf(port.dims)));
  await native.run(wrapAll(request.inputs, feeds), wrapAll(request.outputs, results));
  return results;
}

async function release({ session }: ReleaseRequest): Promise<void> {
  const found = sessions.get(session);
  sessions.delete(session);
  if (found?.request.profile !== undefined) found.native.endProfiling();
  await found?.native.release();
}

async function serve(request: Request): Promise<TensorData[]> {
  if (request.kind === 'run') return run(request);
  await (request.kind === 'compile' ? compile(request) : release(request));
  return [];
}

async function answer(id: number, request: Request): Promise<void> {
  try {
    const results = await serve(request);
    const reply: Reply = { id, results };
    parentPort!.postMessage(reply, [
      ...new Set(results.map((result) => result.buffer as ArrayBuffer)),
    ]);
  } catch (error) {
    const reply: Reply = { id, error: (error as Error).message };
    parentPort!.postMessage(reply);
  }
}

let last: Promise<void> = Promise.resolve();
parentPort!.on('message', ({ id, request }: { id: number; request: Request }) => {
  last = last.then(() => answer(id, request));
});
