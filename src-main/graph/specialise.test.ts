import { describe, expect, test } from 'vitest';
import { attr } from './attributes.ts';
import type { GraphError } from './errors.ts';
import type { Attributes, Graph, Node, Tensor } from './ir.ts';
import { specialise } from './specialise.ts';
import { floats, ints } from './tensor.ts';

const node = (op: string, inputs: string[], output: string, attributes: Attributes = {}): Node => ({
  name: `/${output}`,
  op,
  inputs,
  outputs: [output],
  attributes,
});

function graph(nodes: Node[], outputs: string[], constants: Record<string, Tensor>): Graph {
  const inputs = [{ name: 'x', dtype: 'float32', dims: ['batch', 3, 4, 5] }] as const;
  return { name: 'g', inputs, outputs, nodes, constants: new Map(Object.entries(constants)) };
}

/** What PyTorch writes for `x.view(x.size(0), -1)`. */
const flatten = [
  node('Shape', ['x'], 'shape'),
  node('Gather', ['shape', 'zero'], 'count'),
  node('Unsqueeze', ['count', 'axes'], 'batch'),
  node('Concat', ['batch', 'rest'], 'dims', { axis: attr.int(0) }),
  node('Reshape', ['x', 'dims'], 'flat'),
];
const constants = { zero: ints([], [0]), axes: ints([1], [0]), rest: ints([1], [-1]) };
const shapes = { x: [2, 3, 4, 5] };

describe('specialising', () => {
  test('folds the chain that computes a shape', () => {
    const typed = specialise(graph(flatten, ['flat'], constants), shapes);
    expect(typed.nodes.map(({ op }) => op)).toEqual(['Reshape']);
    expect([...typed.constants]).toEqual([['dims', ints([2], [2, -1])]]);
    expect(typed.types.get('flat')).toEqual({ dtype: 'float32', dims: [2, 60] });
    expect(typed.inputs[0].dims).toEqual([2, 3, 4, 5]);
  });

  test('keeps an output that is constant or an input', () => {
    const typed = specialise(graph(flatten, ['shape', 'x', 'zero'], constants), shapes);
    expect(typed.nodes).toEqual([]);
    expect(typed.constants.get('shape')).toEqual(ints([4], [2, 3, 4, 5]));
    expect(typed.constants.get('zero')).toEqual(constants.zero);
  });

  test('drops what the wanted outputs do not need', () => {
    const extra = node('Frobnicate', ['flat'], 'unused');
    const typed = specialise(graph([...flatten, extra], ['flat', 'unused'], constants), shapes, [
      'flat',
    ]);
    expect(typed.nodes).toHaveLength(1);
  });

  test('folds weights that are transposed', () => {
    const weights = { ...constants, weights: floats([2, 3], [1, 2, 3, 4, 5, 6]) };
    const typed = specialise(
      graph([node('Transpose', ['weights'], 'turned')], ['turned'], weights),
      shapes,
    );
    expect([...typed.constants.get('turned')!.data]).toEqual([1, 4, 2, 5, 3, 6]);
  });

  test('leaves a huge constant to the engine', () => {
    const dims = { ...constants, dims: ints([1], [2 ** 27]) };
    const typed = specialise(graph([node('ConstantOfShape', ['dims'], 'y')], ['y'], dims), shapes);
    expect(typed.nodes).toHaveLength(1);
  });
});

describe('a graph that does not hold together is refused by the name of the node', () => {
  const refusal = (nodes: Node[], given: Record<string, number[]> = shapes): GraphError => {
    try {
      specialise(graph(nodes, ['y'], constants), given);
    } catch (error) {
      return error as GraphError;
    }
    throw new Error('it was not refused');
  };

  test('an operator that nobody knows', () => {
    const { code, message } = refusal([node('Frobnicate', ['x'], 'y')]);
    expect(code).toBe('unsupported-operator');
    expect(message).toContain('Frobnicate (node /y)');
  });

  test('shapes that do not fit', () => {
    const { code, message } = refusal([
      node('Reshape', ['x', 'axes'], 'y', { allowzero: attr.int(1) }),
    ]);
    expect(code).toBe('bad-shape');
    expect(message).toBe(
      'Node /y (Reshape) does not fit its inputs: [2, 3, 4, 5] does not fit into [0].',
    );
  });

  test('a value that nothing makes', () => {
    expect(refusal([node('Relu', ['nowhere'], 'y')])).toMatchObject({
      code: 'bad-graph',
      message: 'Node /y (Relu) reads nowhere, which nothing in the model makes.',
    });
  });

  test('a shape beyond any classifier', () => {
    const nodes = [node('Relu', ['x'], 'y')];
    expect(refusal(nodes, { x: [2 ** 20, 3, 2 ** 10, 2] }).message).toContain('is not possible');
  });

  test('an input without a shape', () => {
    expect(refusal([node('Relu', ['x'], 'y')], {}).message).toBe('The input x was given no shape.');
  });
});
