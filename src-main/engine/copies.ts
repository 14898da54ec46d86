import { totalmem } from 'node:os';
import { memoryCost } from '../graph/cost.ts';
import type { TypedGraph } from '../graph/ir.ts';

/** Share of the memory that further copies of a graph may take. */
const SHARE = 0.5;

/**
 * What a further copy really takes, as measured: 320 MB for ResNet-18 (weights of its gradient 87 MB, values 10), 250 for
 * GoogLeNet (50, 26), 100 for SqueezeNet (9, 16). The bytes of the model, what onnxruntime reads out of them, and the
 * layout of its kernels are there at the same time; a thread has a heap of its own.
 */
const [WEIGHTS_HELD, VALUES_HELD, THREAD] = [4, 2, 32 * 2 ** 20];

/** One thread does the arithmetic of all prototypes, 2 ms a step of 224 × 224: it keeps up with about so many. */
const MOST = 16;

/** Bytes of memory: all there is, and what nothing uses now. */
export interface MemoryHere {
  readonly all: number;
  readonly free: number;
}

function memoryHere(): MemoryHere {
  const limit = process.constrainedMemory() || Infinity;
  return { all: Math.min(totalmem(), limit), free: process.availableMemory() };
}

/**
 * Threads of each copy of a graph, where a processor's threads are spread over copies that run side by side.
 *
 * Every copy has as many threads, and how many depends on nothing that changes from run to run: onnxruntime divides a
 * product among its threads, and adds up its terms in another order where the parts have another size (MLAS chooses the
 * stride of the inner dimension by the width of a part). Fewer runs or less free memory mean fewer copies.
 * @param threads that all of them may use
 * @param atOnce runs that will be asked for at the same time; all threads are for one copy where it is not said
 * @returns one entry a copy, at least one copy
 */
export function threadsOfCopies(
  graph: TypedGraph,
  threads: number,
  atOnce: number | undefined,
  { all, free }: MemoryHere = memoryHere(),
): number[] {
  if (atOnce === undefined) return [threads];
  const each = Math.ceil(threads / Math.min(threads, MOST, copiesThatFit(graph, all)));
  const most = Math.min(Math.floor(threads / each), copiesThatFit(graph, free));
  return new Array<number>(Math.max(1, Math.min(most, Math.floor(atOnce)))).fill(each);
}

/** The first is there in any case. */
function copiesThatFit(graph: TypedGraph, memory: number): number {
  const { constants, activations } = memoryCost(graph);
  const copy = WEIGHTS_HELD * constants + VALUES_HELD * activations + THREAD;
  return 1 + Math.floor((SHARE * memory) / copy);
}
