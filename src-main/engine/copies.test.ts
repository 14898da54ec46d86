import { expect, it } from 'vitest';
import { Builder } from '../graph/builder.ts';
import { close } from '../graph/differentiate.ts';
import type { TypedGraph } from '../graph/ir.ts';
import { floats } from '../graph/tensor.ts';
import { threadsOfCopies } from './copies.ts';

const MB = 2 ** 20;

/** A product with so many MB of weights. */
function weighing(megabytes: number): TypedGraph {
  const build = new Builder('');
  build.types.set('x', { dtype: 'float32', dims: [1, 1] });
  const weights = floats([1, (megabytes * MB) / 4], new Float32Array((megabytes * MB) / 4));
  const y = build.add('MatMul', ['x', build.constant(weights)]);
  const empty = { name: '', nodes: [], constants: new Map(), types: new Map(), outputs: [] };
  const inputs = [{ name: 'x', dtype: 'float32' as const, dims: [1, 1] }];
  return close({ ...empty, inputs }, build, [y]);
}

it('gives every thread to one of the copies, and no copy less than one', () => {
  const graph = weighing(1);
  const plenty = 1024 * MB;
  expect(threadsOfCopies(graph, 2, Infinity, plenty)).toEqual([1, 1]);
  expect(threadsOfCopies(graph, 8, 3, plenty)).toEqual([3, 3, 2]);
  expect(threadsOfCopies(graph, 6, 4, plenty)).toEqual([2, 2, 1, 1]);
  expect(threadsOfCopies(graph, 4, 1, plenty)).toEqual([4]);
  expect(threadsOfCopies(graph, 1, 9, plenty)).toEqual([1]);
});

it('makes no more copies than half of the free memory holds', () => {
  const graph = weighing(8);
  // A copy takes 16 MB for its weights, and 8 for the product.
  expect(threadsOfCopies(graph, 4, 4, 3 * 50 * MB)).toEqual([1, 1, 1, 1]);
  expect(threadsOfCopies(graph, 4, 4, 2.5 * 48 * MB)).toEqual([2, 1, 1]);
  expect(threadsOfCopies(graph, 4, 4, 40 * MB)).toEqual([4]);
});
