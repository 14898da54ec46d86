import { expect, it } from 'vitest';
import { attr } from './attributes.ts';
import { memoryCost, multiplyAdds } from './cost.ts';
import type { Graph } from './ir.ts';
import { specialise } from './specialise.ts';
import { floats } from './tensor.ts';

it('counts what a strided, grouped convolution and a transposed product multiply', () => {
  const graph: Graph = {
    name: 'g',
    inputs: [{ name: 'x', dtype: 'float32', dims: [1, 4, 8, 8] }],
    outputs: ['z'],
    nodes: [
      {
        name: 'conv',
        op: 'Conv',
        inputs: ['x', 'w'],
        outputs: ['y'],
        attributes: {
          group: attr.int(2),
          strides: attr.ints([2, 2]),
          kernel_shape: attr.ints([3, 3]),
          pads: attr.ints([1, 1, 1, 1]),
        },
      },
      { name: 'flat', op: 'Flatten', inputs: ['y'], outputs: ['f'], attributes: {} },
      {
        name: 'fc',
        op: 'Gemm',
        inputs: ['f', 'v'],
        outputs: ['z'],
        attributes: { transB: attr.int(1) },
      },
    ],
    constants: new Map([
      ['w', floats([6, 2, 3, 3], new Float32Array(108))],
      ['v', floats([10, 96], new Float32Array(960))],
    ]),
  };
  // 6 × 4 × 4 results of 2 × 3 × 3 products each, then 10 results of 96.
  expect(multiplyAdds(specialise(graph, { x: [1, 4, 8, 8] }))).toBe(96 * 18 + 960);
});

it('counts what a run holds at once: a value is freed after its last use', () => {
  const node = (op: string, inputs: string[], output: string) => ({
    ...{ name: output, op, inputs, outputs: [output], attributes: {} },
  });
  const graph: Graph = {
    name: 'g',
    inputs: [{ name: 'x', dtype: 'float32', dims: [2, 5] }],
    outputs: ['d'],
    nodes: [
      node('Tanh', ['x'], 'a'),
      node('Tanh', ['a'], 'b'),
      node('Tanh', ['b'], 'c'),
      node('MatMul', ['c', 'w'], 'd'),
    ],
    constants: new Map([['w', floats([5, 3], new Float32Array(15))]]),
  };
  // Two values of ten floats live at once, first x and a; with x alive to the end there are three.
  const typed = specialise(graph, { x: [2, 5] });
  expect(memoryCost(typed)).toEqual({ constants: 60, activations: 80 });
  const last = { ...node('Add', ['d', 'e'], 'f'), inputs: ['c', 'x'] };
  const kept = { ...graph, nodes: [...graph.nodes.slice(0, 3), last], outputs: ['f'] };
  expect(memoryCost(specialise(kept, { x: [2, 5] })).activations).toBe(120);
});
