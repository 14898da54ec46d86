import { type TypedGraph } from '../../graph/ir.ts';
import { lower } from '../../graph/lower.ts';
import { EngineError, type Engine, type EngineInfo, type Executable } from '../engine.ts';
import { cardInWords, computingCard, type GraphicsCard } from '../native-device.ts';
import { NativeSession } from '../native-session.ts';
import { NativeThread } from '../native-thread.ts';
import { portOf, refuseEcho } from '../port.ts';
import { physicalParallelism, processorName } from '../processor.ts';
import type { Backend } from './backend.ts';
import { findNative } from './location.ts';
import type { Facts, Memory, TensorFlowAnswer, TensorFlowRequest } from './tensorflow-worker.ts';

export type { Backend } from './backend.ts';

export interface TensorFlowOptions {
  readonly backend: Backend;
  /** Threads of one run on the native backend; by default one for each physical core. */
  readonly threads?: number;
  /** Folder of a package tfjs-node(-gpu) to use instead of the one that is found. */
  readonly folder?: string;
}

type Thread = NativeThread<TensorFlowRequest, TensorFlowAnswer>;

/** A backend that a thread is loading or has loaded. */
interface Opened {
  readonly thread: Thread;
  readonly facts: Promise<Facts>;
  readonly threads: number;
}

/**
 * Native libraries by folder. They keep their state in global variables, so there is one thread of each in a process,
 * and as many native threads as its first user wanted.
 */
const loaded = new Map<string, Opened>();

/**
 * The engine that runs graphs with TensorFlow.js, in a thread of its own.
 * @throws EngineError with the reason when the backend cannot be had
 */
export async function openTensorFlow(options: TensorFlowOptions): Promise<TensorFlow> {
  const { backend } = options;
  const wanted = backend === 'tensorflow' ? (options.threads ?? physicalParallelism()) : 1;
  if (!Number.isInteger(wanted) || wanted < 1) {
    throw new EngineError(`The number of threads must be a whole number from 1, not ${wanted}.`);
  }
  const opened =
    backend === 'tensorflow' ? native(options.folder ?? findNative(), wanted) : start(backend, 1);
  const facts = await opened.facts;
  const card = facts.gpu ? await computingCard('tensorflow') : undefined;
  return new TensorFlow(opened.thread, describe(backend, facts, opened.threads, card));
}

function native(folder: string, threads: number): Opened {
  const known = loaded.get(folder);
  if (known) return known;
  const opened = start('tensorflow', threads, folder);
  loaded.set(folder, opened);
  // What failed may work later, when somebody has mended it.
  opened.facts.catch(() => loaded.delete(folder));
  return opened;
}

// The built program holds JavaScript beside it, the source tree TypeScript.
const WORKER = new URL(
  `./tensorflow-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`,
  import.meta.url,
);

function start(backend: Backend, threads: number, folder?: string): Opened {
  const thread: Thread = new NativeThread(WORKER, 'TensorFlow');
  const opened = thread.call({ kind: 'open', backend, folder, threads });
  return { thread, facts: opened.then(({ facts }) => facts!), threads };
}

/** @param card that TensorFlow computes on, if any: TensorFlow.js does not tell which, the system may */
function describe(
  backend: Backend,
  facts: Facts,
  threads: number,
  card: GraphicsCard | undefined,
): EngineInfo {
  const { memoryMB } = card ?? {};
  return {
    id: 'tensorflow',
    provider: backend === 'tensorflow' ? (facts.gpu ? 'native GPU' : 'native') : backend,
    device: card ? cardInWords(card) : processorName(),
    ...(memoryMB !== undefined && { memoryMB }),
    version: facts.version,
    threads: facts.gpu ? 0 : threads,
    precision: 'float32',
    deterministic: !facts.gpu,
  };
}

let sessions = 0;

export class TensorFlow implements Engine {
  readonly info: EngineInfo;
  readonly #thread: Thread;

  constructor(thread: Thread, info: EngineInfo) {
    this.info = info;
    this.#thread = thread;
  }

  async compile(graph: TypedGraph): Promise<Executable> {
    const start = performance.now();
    refuseEcho(graph);
    const session = sessions++;
    const inputs = graph.inputs.map(({ name }) => portOf(graph, name));
    const outputs = graph.outputs.map((name) => portOf(graph, name));
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const lowered = lower(graph, 'tensorflow');
    try {
      await this.#thread.call({ kind: 'compile', session, graph: lowered, inputs, outputs, stop });
    } catch (error) {
      throw new EngineError(
        `TensorFlow (${this.info.provider}) refuses the graph ${graph.name}: ${(error as Error).message}`,
        { cause: error },
      );
    }
    const compileMs = performance.now() - start;
    return new Stoppable(
      new NativeSession(this.#thread, { session, inputs, outputs, compileMs }),
      stop,
    );
  }

  /** A native library stays: its state is the process's own, and other engines may use it. */
  async close(): Promise<void> {
    if ([...loaded.values()].some(({ thread }) => thread === this.#thread)) return;
    await this.#thread.end();
  }

  /** Tensors and bytes that the backend holds. */
  async memory(): Promise<Memory> {
    return (await this.#thread.call({ kind: 'memory' })).memory!;
  }
}

/** A graph whose release ends a run that is under way, before its next kernel. */
class Stoppable implements Executable {
  readonly compileMs: number;
  readonly #session: NativeSession;
  readonly #stop: Int32Array;

  get computedMs(): number {
    return this.#session.computedMs;
  }

  constructor(session: NativeSession, stop: Int32Array) {
    this.compileMs = session.compileMs;
    this.#session = session;
    this.#stop = stop;
  }

  run(...[feeds, into]: Parameters<Executable['run']>): ReturnType<Executable['run']> {
    return this.#session.run(feeds, into);
  }

  async release(): Promise<void> {
    Atomics.store(this.#stop, 0, 1);
    await this.#session.release();
  }
}
