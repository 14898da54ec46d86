import { createRequire } from 'node:module';
import type { TypedGraph } from '../graph/ir.ts';
import { lower } from '../graph/lower.ts';
import { writeOnnx } from '../graph/onnx/write.ts';
import { EngineError, type Engine, type EngineInfo, type Executable } from './engine.ts';
import { cardInWords, computingCard, type GraphicsCard } from './native-device.ts';
import { NativeSession } from './native-session.ts';
import { NativeThread } from './native-thread.ts';
import { forWebGpu } from './native-webgpu.ts';
import type { CompileRequest, Provider } from './onnxruntime-worker.ts';
import { portOf, refuseEcho } from './port.ts';
import { probe } from './probe.ts';
import { physicalParallelism, processorName } from './processor.ts';

export type { Provider } from './onnxruntime-worker.ts';

export interface OnnxRuntimeOptions {
  /** Where to compute; `cpu` by default. One that cannot be had is replaced by `cpu`, and `info.fallback` says why. */
  readonly provider?: Provider;
  /** Native threads of one run on the CPU; by default one for each physical core. */
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
  readonly #thread: NativeThread;
  readonly #provider: Provider;
  readonly #profile: string | undefined;
  #closed: Promise<void> | undefined;

  constructor(thread: NativeThread, info: EngineInfo, provider: Provider, profile?: string) {
    this.info = info;
    this.#thread = thread;
    this.#provider = provider;
    this.#profile = profile;
  }

  async compile(graph: TypedGraph): Promise<Executable> {
    const start = performance.now();
    refuseEcho(graph);
    const session = sessions++;
    const inputs = graph.inputs.map(({ name }) => portOf(graph, name));
    const outputs = graph.outputs.map((name) => portOf(graph, name));
    const note = await this.#compile(graph, { kind: 'compile', session, inputs, outputs });
    const compileMs = performance.now() - start;
    return new NativeSession(this.#thread, { session, inputs, outputs, compileMs, fallback: note });
  }

  async close(): Promise<void> {
    this.#closed ??= this.#thread.call({ kind: 'close' }).then(
      () => this.#thread.end(),
      () => this.#thread.end(),
    );
    await this.#closed;
  }

  async #compile(
    graph: TypedGraph,
    request: Pick<CompileRequest, 'kind' | 'session' | 'inputs' | 'outputs'>,
  ): Promise<string | undefined> {
    const provider = this.#provider;
    const lowered = lower(graph);
    const model = writeOnnx(provider === 'webgpu' ? forWebGpu(lowered) : lowered);
    const threads = Math.max(1, this.info.threads);
    const whole = { ...request, model, provider, threads, profile: this.#profile };
    try {
      return (await this.#thread.call(whole, transferable(model))).note;
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
