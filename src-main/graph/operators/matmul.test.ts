import { describe, expect, it } from 'vitest';
import {
  checkEvaluation,
  checkGradient,
  checkOperator,
  checkTypes,
} from '../../../test/support/gradient.ts';
import { uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import { Builder } from '../builder.ts';
import { differentiate } from '../differentiate.ts';
import { ints } from '../tensor.ts';

const SHAPES: readonly (readonly [number[], number[]])[] = [
  [
    [2, 3],
    [3, 4],
  ],
  [
    [5, 2, 3],
    [3, 4],
  ],
  [
    [2, 3],
    [5, 3, 4],
  ],
  [
    [2, 1, 2, 3],
    [5, 3, 4],
  ],
  [
    [2, 5, 2, 3],
    [2, 5, 3, 4],
  ],
  [[3], [3]],
  [[3], [3, 4]],
  [[2, 3], [3]],
  [[3], [5, 3, 4]],
  [[5, 2, 3], [3]],
];

describe('MatMul', () => {
  it.each(SHAPES)('is differentiated for %j and %j', async (a, b) => {
    await checkOperator({ op: 'MatMul', inputs: [uniform(a, -1, 1, 1), uniform(b, -1, 1, 2)] });
  });

  it.each(SHAPES)('is differentiated for one side alone, %j and %j', async (a, b) => {
    const inputs = [uniform(a, -1, 1, 1), uniform(b, -1, 1, 2)];
    await checkGradient({ op: 'MatMul', inputs, wrt: [0] });
    await checkGradient({ op: 'MatMul', inputs, wrt: [1] });
  });

  it('computes integers', async () => {
    await checkEvaluation({ op: 'MatMul', inputs: [ints([1, 2], [3, -1]), ints([2, 1], [4, 5])] });
  });

  it('refuses shapes that do not fit', async () => {
    const inputs = [uniform([2, 3], -1, 1, 1), uniform([4, 2], -1, 1, 2)];
    await expect(checkTypes({ op: 'MatMul', inputs })).rejects.toThrow('no matrix product');
  });

  it.each([[[3, 4]], [[2, 3, 4]]])('transposes no constant weight of shape %j in a run', (dims) => {
    const build = new Builder('t/');
    build.types.set('x', { dtype: 'float32', dims: [2, 5, 3] });
    const y = build.add('MatMul', ['x', build.constant(uniform(dims, -1, 1, 1))]);
    const graph = {
      name: '',
      inputs: [],
      outputs: [],
      nodes: [],
      constants: build.constants,
      types: build.types,
    };
    differentiate(graph, build, new Map([[y, build.zeros([2, 5, 4])]]), ['x']);
    expect(build.nodes.map((node) => node.op)).not.toContain('Transpose');
  });
});

describe('Gemm', () => {
  const flags = [0, 1].flatMap((transA) => [0, 1].map((transB) => ({ transA, transB })));

  it.each(flags)('is differentiated for %j', async ({ transA, transB }) => {
    const attributes = {
      transA: attr.int(transA),
      transB: attr.int(transB),
      alpha: attr.float(0.7),
      beta: attr.float(-1.3),
    };
    const a = uniform(transA ? [3, 2] : [2, 3], -1, 1, 1);
    const b = uniform(transB ? [4, 3] : [3, 4], -1, 1, 2);
    for (const c of [[2, 4], [4], [2, 1], [1, 4], []]) {
      await checkOperator({ op: 'Gemm', inputs: [a, b, uniform(c, -1, 1, 3)], attributes });
    }
    await checkOperator({ op: 'Gemm', inputs: [a, b], attributes });
    await checkGradient({
      op: 'Gemm',
      inputs: [a, b, uniform([4], -1, 1, 3)],
      attributes,
      wrt: [0],
    });
  });

  it('refuses matrices that do not fit', async () => {
    const inputs = [uniform([2, 3], -1, 1, 1), uniform([4, 3], -1, 1, 2)];
    await expect(checkTypes({ op: 'Gemm', inputs })).rejects.toThrow(
      'A has 3 columns and B 4 rows',
    );
  });
});
