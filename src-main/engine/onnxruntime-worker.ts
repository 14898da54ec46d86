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
  /** Bytes of the model, or the path of its file. */
  readonly model: Uint8Array | string;
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
  /** For each output an array to write into, transferred as well, or `undefined` for a new one. */
  readonly into: readonly (TensorData | undefined)[];
}

export interface ReleaseRequest {
  readonly kind: 'release';
  readonly session: number;
}

/** Releases every session. */
export interface CloseRequest {
  readonly kind: 'close';
}

export type Request = CompileRequest | RunRequest | ReleaseRequest | CloseRequest;

export interface Answer {
  /** Of a run, in the order of the outputs; empty otherwise. */
  readonly results: readonly TensorData[];
  /** The feeds of a run, given back for the next one; absent where the library still holds them. */
  readonly feeds?: readonly TensorData[];
  /** Time that the library computed for it, in milliseconds; of a run alone. */
  readonly computedMs?: number;
  /** What the reader should know of a compilation, in one sentence. */
  readonly note?: string;
}

/** What came of the request of the same number, or why it failed. */
export type Reply =
  | { readonly id: number; readonly answer: Answer }
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

/**
 * Configuration keys of onnxruntime, as nested objects.
 *
 * Microseconds that idle threads look busily for more work. By default it is long enough to take the processor from the
 * next session's run: a Fourier step, which alternates three sessions, took 63 ms on two cores, and takes 26.
 */
const SOON_IDLE = { session: { intra_op: { spin_duration_us: '100' } } };

const NOTHING_ON_THE_CPU = { session: { disable_cpu_ep_fallback: '1' } };

/**
 * onnxruntime quietly moves what a provider lacks to the CPU. So a GPU is first asked to take the whole graph.
 * @returns a note for the reader where it does not
 */
async function compile(request: CompileRequest): Promise<string | undefined> {
  const { session, model, provider } = request;
  const options = optionsOf(request);
  const keep = (native: InferenceSession): void => {
    sessions.set(session, { native, request: { ...request, model: new Uint8Array(0) } });
  };
  const whole = provider === 'cpu' ? options : { ...options, extra: NOTHING_ON_THE_CPU };
  try {
    keep(await create(model, whole));
    return undefined;
  } catch (error) {
    if (provider === 'cpu') throw error;
    keep(await create(model, options));
    return `The CPU computes some operators of the graph, because ${provider} lacks them.`;
  }
}

/** The library tells paths from bytes by overloads. */
const create = (
  model: Uint8Array | string,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> =>
  typeof model === 'string'
    ? runtime.InferenceSession.create(model, options)
    : runtime.InferenceSession.create(model, options);

function optionsOf({
  provider,
  threads,
  profile,
}: CompileRequest): InferenceSession.SessionOptions {
  return {
    executionProviders: [
      // Its own layout, NHWC, computes some convolutions wrongly in 1.30 (6 channels with a kernel of 3, for one).
      provider === 'webgpu' ? { name: 'webgpu', preferredLayout: 'NCHW' } : provider,
    ],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    extra: SOON_IDLE,
    enableProfiling: profile !== undefined,
    ...(profile === undefined ? {} : { profileFilePrefix: profile }),
  };
}

function wrap(port: Port, data: TensorData): Tensor {
  return new runtime.Tensor(port.dtype, data as never, port.dims);
}

function wrapAll(ports: readonly Port[], data: readonly TensorData[]): Record<string, Tensor> {
  return Object.fromEntries(ports.map((port, i) => [port.name, wrap(port, data[i])]));
}

/** Shapes are static, so results are written straight into memory that is then handed over: no copy. */
async function run({ session, feeds, into }: RunRequest): Promise<Answer> {
  const { native, request } = sessions.get(session)!;
  const results = request.outputs.map(
    (port, i) => into[i] ?? allocate(port.dtype, sizeOf(port.dims)),
  );
  const start = performance.now();
  await native.run(wrapAll(request.inputs, feeds), wrapAll(request.outputs, results));
  return { results, feeds, computedMs: performance.now() - start };
}

async function release(session: number): Promise<void> {
  const found = sessions.get(session);
  sessions.delete(session);
  if (found?.request.profile !== undefined) found.native.endProfiling();
  await found?.native.release();
}

async function serve(request: Request): Promise<Answer> {
  switch (request.kind) {
    case 'compile':
      return { results: [], note: await compile(request) };
    case 'run':
      return run(request);
    case 'release':
      await release(request.session);
      return { results: [] };
    case 'close':
      for (const session of [...sessions.keys()]) await release(session);
      return { results: [] };
  }
}

async function answer(id: number, request: Request): Promise<void> {
  try {
    const reply: Reply = { id, answer: await serve(request) };
    const { results, feeds = [] } = reply.answer;
    const buffers = [...results, ...feeds].map((array) => array.buffer as ArrayBuffer);
    parentPort!.postMessage(reply, [...new Set(buffers)]);
  } catch (error) {
    const reply: Reply = { id, error: (error as Error).message };
    parentPort!.postMessage(reply);
  }
}

let last: Promise<void> = Promise.resolve();
parentPort!.on('message', ({ id, request }: { id: number; request: Request }) => {
  last = last.then(() => answer(id, request));
});
