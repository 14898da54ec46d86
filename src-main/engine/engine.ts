import type { TensorData, TypedGraph } from '../graph/ir.ts';
import type { Precision } from './precision.ts';

/** What a run was computed on, as every run records it. */
export interface EngineInfo {
  /** The runtime, e.g. `onnxruntime`. */
  readonly id: string;
  /** Where the arithmetic happens: `cpu`, `webgpu`, `cuda`, … — what is really used, not what was asked for. */
  readonly provider: string;
  /** The processor or GPU by name. */
  readonly device: string;
  /** Memory of a GPU of its own, in MB; absent on a processor, and where the system does not tell. */
  readonly memoryMB?: number;
  readonly version: string;
  /** Native threads that runs may use, all together; 0 where the device decides. */
  readonly threads: number;
  /** How exactly it multiplies; of a graphics card what `openEngine` measured, not what it promises. */
  readonly precision: Precision;
  /** Whether the same inputs give the same bytes on this engine. */
  readonly deterministic: boolean;
  /** Why another provider than the one asked for is used, in one sentence; absent when it is not so. */
  readonly fallback?: string;
  /** Why Eidoscope took this engine, in one sentence; absent where it was asked for. */
  readonly chosen?: string;
}

/** A graph made ready to run many times. */
export interface Executable {
  /** Time that compiling took, in milliseconds. */
  readonly compileMs: number;
  /** Why parts of the graph run elsewhere than `EngineInfo.provider` says, in one sentence; absent when none do. */
  readonly fallback?: string;
  /** Runs that it computes at the same time; others wait their turn. 1 where absent. */
  readonly width?: number;
  /**
   * Time that the engine has computed in all runs so far, in milliseconds, without copies and waiting: what is missing
   * to the time that went by is the time in which it idled. Of `width` runs at the same time the mean. Absent where the
   * engine does not tell.
   */
  readonly computedMs?: number;
  /**
   * Runs the graph once, on native threads: JavaScript goes on meanwhile.
   * The feeds must not be changed until the promise settles; the results belong to the caller.
   * @param feeds row-major data for every input of the graph, exactly as long as its shape says
   * @param into arrays that earlier results came in, by output: they are given away and results are written into them,
   * since fresh memory for large outputs costs as much as a small network. One that does not fit is not used.
   * @returns data of every output, by name
   */
  run(
    feeds: Readonly<Record<string, TensorData>>,
    into?: Readonly<Record<string, TensorData>>,
  ): Promise<Record<string, TensorData>>;
  /** Frees native memory. The executable cannot be used afterwards. */
  release(): Promise<void>;
}

export interface Engine {
  readonly info: EngineInfo;
  /**
   * Compiles a typed graph. Its results have the same bytes however many runs are computed at once.
   * @param atOnce runs that will be asked for at the same time: an engine that gains from it computes so many, each on
   * as many threads whatever their number is, as far as memory allows; `Executable.width` says how many. Where it is
   * not said, one run has all threads, and may round differently
   * @throws EngineError when the provider refuses it, with the reason.
   */
  compile(graph: TypedGraph, atOnce?: number): Promise<Executable>;
  /**
   * Frees what it holds: executables that are left, native memory, its thread where nothing else uses it. Afterwards
   * nothing runs on it any more, and closing it again does nothing.
   */
  close(): Promise<void>;
}

/** A failure of an engine. The message is one sentence that says what is wrong and what to do. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
