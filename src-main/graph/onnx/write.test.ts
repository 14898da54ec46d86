import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { attr } from '../attributes.ts';
import type { Graph, TypedGraph } from '../ir.ts';
import { floats, ints, tensor } from '../tensor.ts';
import { writeOnnx } from './write.ts';

const affine: Graph = {
  name: 'affine',
  inputs: [{ name: 'x', dtype: 'float32', dims: ['batch', 2] }],
  outputs: ['y'],
  nodes: [
    {
      name: 'Gemm_0',
      op: 'Gemm',
      inputs: ['x', 'w', 'b'],
      outputs: ['g'],
      attributes: { alpha: attr.float(0.5), transB: attr.int(1) },
    },
    {
      name: 'Transpose_1',
      op: 'Transpose',
      inputs: ['g'],
      outputs: ['y'],
      attributes: { perm: attr.ints([1, 0]) },
    },
  ],
  constants: new Map([
    ['w', floats([3, 2], [1, 2, 3, 4, 5, 6])],
    ['b', floats([3], [10, 20, 30])],
  ]),
};

async function run(graph: Graph | TypedGraph, feeds: Record<string, Tensor>) {
  const session = await InferenceSession.create(writeOnnx(graph), { logSeverityLevel: 3 });
  const results = await session.run(feeds);
  await session.release();
  return results;
}

describe('writeOnnx', () => {
  it('writes a graph with a free batch that onnxruntime runs', async () => {
    for (const batch of [1, 2]) {
      const x = new Tensor('float32', new Float32Array(batch * 2).fill(1), [batch, 2]);
      const { y } = await run(affine, { x });
      expect(y.dims).toEqual([3, batch]);
      // 0.5 · (1 + 2) + 10, and so on for each row of w.
      const expected = [11.5, 23.5, 35.5].flatMap((value) => Array<number>(batch).fill(value));
      expect(Array.from(y.data as Float32Array)).toEqual(expected);
    }
  });

  it('carries 64-bit integers at both ends of their range', async () => {
    const graph: Graph = {
      name: 'slice',
      inputs: [{ name: 'x', dtype: 'float32', dims: [4] }],
      outputs: ['y'],
      nodes: [
        {
          name: 'Slice_0',
          op: 'Slice',
          inputs: ['x', 'start', 'end', 'axes', 'step'],
          outputs: ['y'],
          attributes: {},
        },
      ],
      constants: new Map([
        ['start', ints([1], [-1])],
        ['end', ints([1], [-(2 ** 63)])],
        ['axes', ints([1], [0])],
        ['step', ints([1], [-1])],
      ]),
    };
    const { y } = await run(graph, { x: new Tensor('float32', [1, 2, 3, 4], [4]) });
    expect(Array.from(y.data as Float32Array)).toEqual([4, 3, 2, 1]);
  });

  it('writes a subgraph with its own constants', async () => {
    const branch = (name: string, value: number): Graph => ({
      name,
      inputs: [],
      outputs: [`${name}_y`],
      nodes: [
        {
          name: `${name}_add`,
          op: 'Add',
          inputs: ['x', `${name}_c`],
          outputs: [`${name}_y`],
          attributes: {},
        },
      ],
      constants: new Map([[`${name}_c`, floats([], [value])]]),
    });
    const graph: Graph = {
      name: 'choice',
      inputs: [
        { name: 'x', dtype: 'float32', dims: ['?'] },
        { name: 'choose', dtype: 'bool', dims: [] },
      ],
      outputs: ['y'],
      nodes: [
        {
          name: 'If_0',
          op: 'If',
          inputs: ['choose'],
          outputs: ['y'],
          attributes: {
            then_branch: attr.graph(branch('t', 1)),
            else_branch: attr.graph(branch('e', 2)),
          },
        },
      ],
      constants: new Map(),
    };
    const x = new Tensor('float32', [1, 2], [2]);
    const { y } = await run(graph, { x, choose: new Tensor('bool', [false], []) });
    expect(Array.from(y.data as Float32Array)).toEqual([3, 4]);
  });

  it('gives the outputs of a typed graph their types, and the same bytes every time', async () => {
    const typed: TypedGraph = {
      ...affine,
      inputs: [{ name: 'x', dtype: 'float32', dims: [1, 2] }],
      outputs: ['y', 'flag'],
      constants: new Map([...affine.constants, ['flag', tensor('bool', [2], [1, 0])]]),
      types: new Map([
        ['y', { dtype: 'float32', dims: [3, 1] }],
        ['flag', { dtype: 'bool', dims: [2] }],
      ]),
    };
    expect(writeOnnx(typed)).toEqual(writeOnnx({ ...typed }));
    const session = await InferenceSession.create(writeOnnx(typed));
    expect(session.outputMetadata[0]).toMatchObject({ type: 'float32', shape: [3, 1] });
    await session.release();
  });
});
