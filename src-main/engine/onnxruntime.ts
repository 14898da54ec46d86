import { createRequire } from 'node:module';
import type { TypedGraph } from '../graph/ir.ts';
import { lower } from '../graph/lower.ts';
import { writeOnnx } from '../graph/onnx/write.ts';
import { threadsOfCopies } from './copies.ts';
import { EngineError, type Engine, type EngineInfo, type Executable } from './engine.ts';
import { NativeCopies } from './native-copies.ts';
import { cardInWords, computingCard, type GraphicsCard } from './native-device.ts';
import { NativeSession, type Compiled } from './native-session.ts';
import { NativeThread } from './native-thread.ts';
import { forWebGpu } from './native-webgpu.ts';
import type { Provider } from './onnxruntime-worker.ts';
import { isOutOfMemory } from './out-of-memory.ts';
import { portOf, refuseEcho } from './port.ts';
import { probe } from './probe.ts';
import { physicalParallelism, processorName } from './processor.ts';
import { Turns } from './turns.ts';

export type { Provider } from './onnxruntime-worker.ts';

export interface OnnxRuntimeOptions {
  /** Where to compute; `cpu` by default. One that cannot be had is replaced by `cpu`, and `info.fallback` says why. */
  readonly provider?: Provider;
  /** Native threads of all runs on the CPU; by default one for each physical core. */
  readonly threads?: number;
  /** Path prefix under which onnxruntime writes a profile of each executable when it is released. */
  readonly profile?: string;
}

// The built program holds JavaScript beside it, the source tree TypeScript.
export const WORKER = new URL(
  `./onnxruntime-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`,
  import.meta.url,
);

const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as {
  version: string;
};

/**
 * The engine that runs graphs on onnxruntime-node, in a thread of its own.
 * @throws EngineError when onnxruntime does not run on this machine at all.
 */
export async function openOnnxRuntime(options: OnnxRuntimeOptions = {}): Promise<Engine> {
  const wanted = options.provider ?? 'cpu';
  const threads = options.threads ?? physicalParallelism();
  if (!Number.isInteger(threads) || threads < 1) {
    throw new EngineError(`The number of threads must be a whole number from 1, not ${threads}.`);
  }
  const thread = new NativeThread(WORKER, 'onnxruntime');
  const fallback = wanted === 'cpu' ? undefined : await refusal(thread, wanted);
  const provider = fallback === undefined ? wanted : 'cpu';
  const card = provider === 'cpu' ? undefined : await computingCard(provider);
  const info = describe(provider, threads, fallback, card);
  return new OnnxRuntime(thread, info, provider, options.profile);
}

function describe(
  provider: Provider,
  threads: number,
  fallback?: string,
  card: GraphicsCard = { name: 'graphics card' },
): EngineInfo {
  const onCpu = provider === 'cpu';
  const { memoryMB } = card;
  return {
    id: 'onnxruntime',
    provider,
    device: onCpu ? processorName() : cardInWords(card),
    ...(onCpu || memoryMB === undefined ? {} : { memoryMB }),
    version,
    threads: onCpu ? threads : 0,
    precision: 'float32',
    deterministic: onCpu,
    ...(fallback === undefined ? {} : { fallback }),
  };
}

/** Why a provider cannot be had, found by computing with it what the CPU computes too; `undefined` when it can. */
async function refusal(thread: NativeThread, provider: Provider): Promise<string | undefined> {
  const engineOn = (each: Provider): Engine => new OnnxRuntime(thread, describe(each, 1), each);
  try {
    await probe(engineOn(provider), engineOn('cpu'));
    return undefined;
  } catch (error) {
    const { cause, message } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    return `The provider ${provider} cannot be used here, so the CPU computes: ${reason}`;
  }
}

let sessions = 0;

class OnnxRuntime implements Engine {
  readonly info: EngineInfo;
  /** The first compiles whatever runs once at a time; the others hold further copies. */
  readonly #threads: NativeThread[];
  readonly #turns: Turns;
  readonly #provider: Provider;
  readonly #profile: string | undefined;
  #closed: Promise<unknown> | undefined;

  constructor(thread: NativeThread, info: EngineInfo, provider: Provider, profile?: string) {
    this.info = info;
    this.#threads = [thread];
    this.#turns = new Turns(Math.max(1, info.threads));
    this.#provider = provider;
    this.#profile = profile;
  }

  async compile(graph: TypedGraph, atOnce?: number): Promise<Executable> {
    const start = performance.now();
    refuseEcho(graph);
    const lowered = lower(graph);
    const provider = this.#provider;
    const model = writeOnnx(provider === 'webgpu' ? forWebGpu(lowered) : lowered);
    const threads = this.#spread(lowered, atOnce);
    const compiling = threads.map((count, copy) => {
      const isLast = copy === threads.length - 1;
      return this.#compileOn(
        this.#thread(copy),
        graph,
        isLast ? model : new Uint8Array(model),
        count,
      );
    });
    const ends = await Promise.allSettled(compiling);
    const compileMs = performance.now() - start;
    const copies = ends.flatMap((end) =>
      end.status === 'fulfilled'
        ? [new NativeSession(end.value.owner, { ...end.value, compileMs })]
        : [],
    );
    if (copies.length < threads.length) {
      await Promise.all(copies.map((copy) => copy.release()));
      const { reason } = ends.find((end) => end.status === 'rejected')! as { reason: unknown };
      // Memory may hold one where it does not hold several.
      if (threads.length > 1 && isOutOfMemory(reason)) return this.compile(graph, 1);
      throw reason;
    }
    return copies.length === 1 ? copies[0] : new NativeCopies(copies, this.#turns);
  }

  async close(): Promise<void> {
    this.#closed ??= Promise.all(
      this.#threads.map((thread) =>
        thread.call({ kind: 'close' }).then(
          () => thread.end(),
          () => thread.end(),
        ),
      ),
    );
    await this.#closed;
  }

  /** Threads of each copy. Two profiles of the same second would have the same name. */
  #spread(graph: TypedGraph, atOnce: number | undefined): number[] {
    if (this.#provider !== 'cpu') return [1];
    const single = atOnce !== undefined && this.#profile !== undefined;
    return threadsOfCopies(graph, this.info.threads, single ? 1 : atOnce);
  }

  #thread(copy: number): NativeThread {
    // The first is there, and says that it was closed; another would never end.
    if (this.#closed) return this.#threads[0];
    return (this.#threads[copy] ??= new NativeThread(WORKER, 'onnxruntime'));
  }

  async #compileOn(
    owner: NativeThread,
    graph: TypedGraph,
    model: Uint8Array,
    threads: number,
  ): Promise<Omit<Compiled, 'compileMs'> & { readonly owner: NativeThread }> {
    const provider = this.#provider;
    const inputs = graph.inputs.map(({ name }) => portOf(graph, name));
    const outputs = graph.outputs.map((name) => portOf(graph, name));
    const ports = { session: sessions++, inputs, outputs };
    const request = { ...ports, provider, threads, model, profile: this.#profile };
    try {
      const { note } = await owner.call({ kind: 'compile', ...request }, transferable(model));
      return { ...ports, owner, fallback: note };
    } catch (error) {
      throw new EngineError(
        `onnxruntime (${provider}) refuses the graph ${graph.name}: ${(error as Error).message}`,
        { cause: error },
      );
    }
  }
}

/** Buffers that can be given away: only one that holds nothing but this array. */
function transferable(array: Uint8Array): ArrayBuffer[] {
  const whole = array.byteLength === array.buffer.byteLength;
  return whole && array.buffer instanceof ArrayBuffer ? [array.buffer] : [];
}
