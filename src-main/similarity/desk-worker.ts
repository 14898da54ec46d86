/** A thread with a desk: calls the desk's methods as messages ask for, in order, and answers each. */
import { parentPort, workerData } from 'node:worker_threads';
import { Desk, type Tap } from './desk.ts';

export type DeskMethod = Exclude<keyof Desk, symbol>;

export interface Call<M extends DeskMethod = DeskMethod> {
  readonly id: number;
  readonly method: M;
  readonly argument: Parameters<Desk[M]>[0];
}

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

const desk = new Desk(workerData as readonly Tap[]);

parentPort!.on('message', ({ id, method, argument }: Call) => {
  try {
    const result = (desk[method] as (argument: unknown) => unknown).call(desk, argument);
    parentPort!.postMessage({ id, result }, buffersOf(result));
  } catch (error) {
    parentPort!.postMessage({ id, error: (error as Error).message });
  }
});

/** Buffers that a result gives away instead of being copied. */
function buffersOf(result: unknown): ArrayBuffer[] {
  if (result instanceof Float64Array || result instanceof Float32Array)
    return [result.buffer as ArrayBuffer];
  if (typeof result !== 'object' || result === null) return [];
  return Object.values(result).flatMap(buffersOf);
}
