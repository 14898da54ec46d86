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

const of = (all: number, free = all) => ({ all: all * MB, free: free * MB });

it('gives one copy all threads where nothing is said of runs at the same time', () => {
  expect(threadsOfCopies(weighing(1), 8, undefined, of(1024))).toEqual([8]);
});

it('gives each copy as many threads, whatever the number of runs and the free memory', () => {
  const [small, large] = [weighing(1), weighing(8)];
  expect(threadsOfCopies(small, 8, Infinity, of(1024))).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  expect(threadsOfCopies(small, 8, 3, of(1024))).toEqual([1, 1, 1]);
  expect(threadsOfCopies(small, 4, 1, of(1024))).toEqual([1]);
  expect(threadsOfCopies(small, 4, 4, of(1024, 80))).toEqual([1, 1]);
  expect(threadsOfCopies(small, 1, 9, of(1024))).toEqual([1]);
  // A copy takes 32 MB for its weights, 16 for the product and 32 for its thread: three fit besides the first.
  for (const [atOnce, copies] of [
    [9, 4],
    [2, 2],
    [1, 1],
  ])
    expect(threadsOfCopies(large, 8, atOnce, of(500))).toEqual(new Array(copies).fill(2));
  expect(threadsOfCopies(large, 8, 9, of(500, 170))).toEqual([2, 2]);
});

it('makes no more copies than one thread does the arithmetic for', () => {
  expect(threadsOfCopies(weighing(1), 64, Infinity, of(2048))).toEqual(new Array(16).fill(4));
  expect(threadsOfCopies(weighing(1), 20, Infinity, of(2048))).toEqual(new Array(10).fill(2));
});

it('makes no more copies than half of the memory holds', () => {
  const graph = weighing(8);
  expect(threadsOfCopies(graph, 4, 4, of(490))).toEqual([1, 1, 1, 1]);
  expect(threadsOfCopies(graph, 4, 4, of(400))).toEqual([2, 2]);
  expect(threadsOfCopies(graph, 4, 4, of(150))).toEqual([4]);
});
