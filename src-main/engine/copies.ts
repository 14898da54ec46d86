import { memoryCost } from '../graph/cost.ts';
import type { TypedGraph } from '../graph/ir.ts';

/** Share of the memory that is free now that further copies of a graph may take. */
const SHARE = 0.5;

/** onnxruntime keeps weights as they came and in the layout of its kernels. */
const WEIGHTS_HELD = 2;

/**
 * Threads of each copy of a graph, where a processor's threads are spread over copies that run side by side.
 * @param threads that all of them may use
 * @param atOnce runs that will be asked for at the same time
 * @param free bytes of memory that nothing uses
 * @returns one entry a copy, at least one copy; they sum up to the threads
 */
export function threadsOfCopies(
  graph: TypedGraph,
  threads: number,
  atOnce: number,
  free = process.availableMemory(),
): number[] {
  const wanted = Math.max(1, Math.min(threads, Math.floor(atOnce)));
  const copies = wanted === 1 ? 1 : Math.min(wanted, 1 + furtherThatFit(graph, free));
  return Array.from({ length: copies }, (_, i) => Math.ceil((threads - i) / copies));
}

function furtherThatFit(graph: TypedGraph, free: number): number {
  const { constants, activations } = memoryCost(graph);
  return Math.floor((SHARE * free) / (WEIGHTS_HELD * constants + activations));
}
