import type { TypedGraph } from './ir.ts';
import { rewrite, type Rewrite } from './rewrite.ts';
import { foldBatchNormalisation } from './rewrites/batch-normalisation.ts';
import { dropEmptyPadding, dropIdentity } from './rewrites/identity.ts';
import { mergeBiasIntoConvolution, mergeScaleIntoConvolution } from './rewrites/bias.ts';
import { mergePaddingIntoAverage, mergePaddingIntoConvolution } from './rewrites/padding.ts';
import { poolBeforeRelu } from './rewrites/pooling.ts';
import { mergeTranspositions } from './rewrites/transposition.ts';

const REWRITES: Readonly<Record<string, readonly Rewrite[]>> = {
  Identity: [dropIdentity],
  Dropout: [dropIdentity],
  Pad: [dropEmptyPadding],
  Conv: [mergePaddingIntoConvolution],
  AveragePool: [mergePaddingIntoAverage],
  BatchNormalization: [foldBatchNormalisation],
  Add: [mergeBiasIntoConvolution],
  Mul: [mergeScaleIntoConvolution],
  Transpose: [mergeTranspositions],
  MaxPool: [poolBeforeRelu],
};

/**
 * The same function with fewer and cheaper nodes, to be differentiated: batch normalisation and padding are merged
 * into convolutions, what hands its input through is dropped, and pooling comes before rectifying. Values that remain
 * keep their names; values in between may be gone.
 * @param keep values, besides the outputs, that must remain
 */
export function simplify(graph: TypedGraph, keep: readonly string[] = []): TypedGraph {
  return rewrite(graph, REWRITES, keep);
}
