import { sizeOf, type TensorData } from '../graph/ir.ts';
import { allocate } from '../graph/tensor.ts';
import { EngineError, type Executable } from './engine.ts';
import type { Answer, Port, ReleaseRequest, RunRequest } from './onnxruntime-worker.ts';

/** What is known of a graph that the native thread has compiled. */
export interface Compiled {
  readonly session: number;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly compileMs: number;
  readonly fallback?: string;
}

/** The thread that it lives in. */
interface Owner {
  /** Whether it was ended, and with it all that lived in it. */
  readonly isClosed: boolean;
  call(request: RunRequest | ReleaseRequest, transfer?: readonly ArrayBuffer[]): Promise<Answer>;
}

/** The caller's end of such a graph. */
export class NativeSession implements Executable {
  readonly compileMs: number;
  readonly fallback: string | undefined;
  readonly #thread: Owner;
  readonly #compiled: Compiled;
  /** Memory of earlier feeds, by input: fresh memory for an image costs as much as a small network. */
  readonly #spare: TensorData[][];
  #released = false;
  #computedMs = 0;

  constructor(thread: Owner, compiled: Compiled) {
    this.#thread = thread;
    this.#compiled = compiled;
    this.#spare = compiled.inputs.map(() => []);
    this.compileMs = compiled.compileMs;
    this.fallback = compiled.fallback;
  }

  get computedMs(): number {
    return this.#computedMs;
  }

  async run(
    feeds: Readonly<Record<string, TensorData>>,
    into: Readonly<Record<string, TensorData>> = {},
  ): Promise<Record<string, TensorData>> {
    if (this.#released)
      throw new EngineError(
        'The executable was released and cannot run again; compile the graph anew.',
      );
    // One copy, which the native thread then owns: onnxruntime takes no shared memory.
    const copies = this.#compiled.inputs.map((port, i) =>
      copied(fed(port, feeds[port.name]), this.#spare[i].pop()),
    );
    const spent = this.#compiled.outputs.map((port) => fitting(port, into[port.name]));
    const {
      results,
      computedMs = 0,
      feeds: spare,
    } = await this.#thread.call(
      { kind: 'run', session: this.#compiled.session, feeds: copies, into: spent },
      [...copies, ...spent].flatMap((array) => (array ? [array.buffer as ArrayBuffer] : [])),
    );
    this.#computedMs += computedMs;
    spare?.forEach((array, i) => this.#spare[i].push(array));
    return Object.fromEntries(this.#compiled.outputs.map((port, i) => [port.name, results[i]]));
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    if (this.#thread.isClosed) return;
    await this.#thread.call({ kind: 'release', session: this.#compiled.session });
  }
}

/** @param memory of the same type and length that the copy may be written into */
function copied<T extends TensorData>(data: T, memory: TensorData | undefined): TensorData {
  if (!memory) return data.slice();
  (memory as { set(values: TensorData): void }).set(data);
  return memory;
}

/** An array that the results of an output can be written into: of its type and length, and alone in its buffer. */
function fitting({ dtype, dims }: Port, array: TensorData | undefined): TensorData | undefined {
  const fits =
    array?.constructor === allocate(dtype, 0).constructor &&
    array.length === sizeOf(dims) &&
    array.byteLength === array.buffer.byteLength;
  return fits ? array : undefined;
}

/** The feed of an input. @throws EngineError in one sentence where it does not fit. */
function fed(port: Port, data: TensorData | undefined): TensorData {
  if (data === undefined) throw new EngineError(`The input ${port.name} was given no data.`);
  if (data.constructor !== allocate(port.dtype, 0).constructor) {
    throw new EngineError(
      `The input ${port.name} holds ${port.dtype} values, not a ${data.constructor.name}.`,
    );
  }
  const length = sizeOf(port.dims);
  if (data.length !== length) {
    throw new EngineError(
      `The input ${port.name} takes ${length} values (${port.dims.join(' × ')}), not ${data.length}.`,
    );
  }
  return data;
}
