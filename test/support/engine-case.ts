import type { Attributes, Tensor } from '../../src-main/graph/ir.ts';
import { tensor } from '../../src-main/graph/tensor.ts';
import type { Application } from './engine-graph.ts';
import { uniform } from './random.ts';

/** What cases of engines are written with. */

export const IMAGE = [2, 4, 5, 6];
export const image = (seed = 1): Tensor => uniform(IMAGE, 0.2, 1.5, seed, true);
export const matrix = (seed = 2): Tensor => uniform([3, 5], 0.2, 1.5, seed, true);
/** Nothing below 0. */
export const above = (seed = 3): Tensor => uniform(IMAGE, 0.2, 1.5, seed);
export const bools = (dims: readonly number[]): Tensor =>
  tensor(
    'bool',
    dims,
    Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 7) % 3 === 0 ? 1 : 0)),
  );
/** Whole numbers from `low` up to `high`. */
export const whole = (
  dims: readonly number[],
  low: number,
  high: number,
  dtype: 'int32' | 'int64' = 'int32',
): Tensor =>
  tensor(dtype, dims, Array.from(uniform(dims, low, high, 9).data as Float32Array, Math.floor));

/** An operator of which the first input varies. */
export const on = (
  op: string,
  inputs: readonly (Tensor | undefined)[],
  attributes: Attributes = {},
): Application => ({
  op,
  inputs,
  attributes,
  varying: [0],
});

/** An operator of two inputs that vary. */
export const both = (
  op: string,
  a: Tensor,
  b: Tensor,
  attributes: Attributes = {},
): Application => ({
  op,
  inputs: [a, b],
  varying: [0, 1],
  attributes,
});

export const names = (list: string): string[] => list.split(' ');
