import { intAttr } from '../attributes.ts';
import { broadcastIndices } from '../broadcast.ts';
import { sizeOf, type Node, type Tensor } from '../ir.ts';
import { numbersOf, tensor } from '../tensor.ts';
import { resolvedAxes } from './constant.ts';

/** How a reduction is computed on constants: a step for each element, then once for each result. */
export interface Fold {
  /** 0 by default. */
  readonly start?: number;
  readonly step: (total: number, x: number) => number;
  readonly finish?: (total: number, count: number) => number;
}

/**
 * The axes that a reduction runs over: all where none is named, unless `noop_with_empty_axes` is set.
 * @param named value of the optional second input
 */
export function axesOf(node: Node, dims: readonly number[], named: Tensor | undefined): number[] {
  if (named && named.data.length > 0) {
    return resolvedAxes(Array.from(numbersOf(named)), dims.length);
  }
  return intAttr(node, 'noop_with_empty_axes', 0) === 1 ? [] : dims.map((_, axis) => axis);
}

export function reducedDims(
  dims: readonly number[],
  axes: readonly number[],
  keep: boolean,
): number[] {
  return dims.flatMap((dim, axis) => {
    if (!axes.includes(axis)) return [dim];
    return keep ? [1] : [];
  });
}

export function reduce(fold: Fold, value: Tensor, axes: readonly number[], keep: boolean): Tensor {
  const kept = reducedDims(value.dims, axes, true);
  const totals = new Float64Array(sizeOf(kept)).fill(fold.start ?? 0);
  const places = broadcastIndices(kept, value.dims);
  const numbers = numbersOf(value);
  for (let i = 0; i < places.length; i++)
    totals[places[i]] = fold.step(totals[places[i]], numbers[i]);
  const count = sizeOf(value.dims) / totals.length;
  const { finish } = fold;
  const results = finish ? totals.map((total) => finish(total, count)) : totals;
  return tensor(value.dtype, reducedDims(value.dims, axes, keep), results);
}
