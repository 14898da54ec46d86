import type { TypedGraph } from './ir.ts';
import { rewrite, type Rewrite } from './rewrite.ts';
import { roundDown } from './rewrites/ceiling.ts';
import { shareConstants } from './rewrites/constants.ts';
import {
  addBeforeInterleaving,
  convolveBeforeInterleaving,
  spellOutInterleaving,
} from './rewrites/interleaving.ts';
import { spellOutRepetition } from './rewrites/repetition.ts';
import { spellOutLocalResponse } from './rewrites/local-response.ts';

const MERGES: Readonly<Record<string, readonly Rewrite[]>> = {
  Add: [addBeforeInterleaving],
  Sum: [addBeforeInterleaving],
  Conv: [convolveBeforeInterleaving],
};

const REPLACEMENTS: Readonly<Record<string, readonly Rewrite[]>> = {
  // onnxruntime's CPU provider computes LRN on one thread: 45 of the 56 ms of GoogLeNet's forward pass.
  LRN: [spellOutLocalResponse],
  DepthToSpace: [spellOutInterleaving],
  Pad: [spellOutRepetition],
  MaxPool: [roundDown],
  AveragePool: [roundDown],
};

/** Whose operators a graph is to be computed with. TensorFlow has kernels for what onnxruntime wants spelled out. */
export type Runtime = 'onnxruntime' | 'tensorflow';

/**
 * The same graph in operators that a runtime computes fast, to be compiled. All values that remain keep their names.
 * Differentiate before lowering: the gradients of whole operators are shorter than those of their parts.
 */
export function lower(graph: TypedGraph, runtime: Runtime = 'onnxruntime'): TypedGraph {
  const merged = rewrite(graph, MERGES, []);
  return shareConstants(runtime === 'onnxruntime' ? rewrite(merged, REPLACEMENTS, []) : merged);
}
