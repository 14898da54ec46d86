import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Node, TypedGraph } from '../graph/ir.ts';
import { floats } from '../graph/tensor.ts';
import { layersOf, type LayerSet } from './layers.ts';
import { loadClassifier, specialiseClassifier } from './load.ts';

type Step = [name: string, op: string, inputs: string[]];

/** Nodes whose output has the name of the node; `w…` are constants. */
function graph(steps: Step[]): TypedGraph {
  const type = { dtype: 'float32', dims: [1, 2] } as const;
  const nodes = steps.map(([name, op, inputs]): Node => ({
    name,
    op,
    inputs,
    outputs: [name],
    attributes: {},
  }));
  const weights = steps.flatMap(([, , inputs]) => inputs.filter((input) => input.startsWith('w')));
  const values = [...nodes.flatMap(({ outputs }) => outputs), ...weights, 'x'];
  return {
    name: 'g',
    inputs: [{ name: 'x', ...type }],
    outputs: [steps[steps.length - 1][0]],
    nodes,
    constants: new Map(weights.map((name) => [name, floats([1, 2], [1, 2])])),
    types: new Map(values.map((value) => [value, type])),
  };
}

/** A residual network as PyTorch's exporter names it. */
const residual = graph([
  ['/conv1/Conv', 'Conv', ['x', 'w0']],
  ['/layer1/layer1.0/conv1/Conv', 'Conv', ['/conv1/Conv', 'w1']],
  ['/layer1/layer1.0/relu/Relu', 'Relu', ['/layer1/layer1.0/conv1/Conv']],
  ['/layer1/layer1.0/Add', 'Add', ['/layer1/layer1.0/relu/Relu', '/conv1/Conv']],
  ['/layer1/layer1.0/relu_1/Relu', 'Relu', ['/layer1/layer1.0/Add']],
  ['/layer1/layer1.1/conv1/Conv', 'Conv', ['/layer1/layer1.0/relu_1/Relu', 'w2']],
  ['/layer1/layer1.1/downsample/downsample.0/Conv', 'Conv', ['/layer1/layer1.0/relu_1/Relu', 'w3']],
  [
    '/layer1/layer1.1/Add',
    'Add',
    ['/layer1/layer1.1/conv1/Conv', '/layer1/layer1.1/downsample/downsample.0/Conv'],
  ],
  ['/Flatten', 'Flatten', ['/layer1/layer1.1/Add']],
  ['/fc/Gemm', 'Gemm', ['/Flatten', 'w4']],
]);

const names = (of: TypedGraph, set: LayerSet): string[] =>
  layersOf(of, set).map(({ name }) => name);

describe('layers of a graph that names its modules', () => {
  test('are every module that a PyTorch user would see, in the order of their hooks', () => {
    expect(names(residual, 'modules')).toEqual([
      'conv1',
      'layer1.0.conv1',
      'layer1.0.relu',
      'layer1.0',
      'layer1.1.conv1',
      'layer1.1.downsample.0',
      'layer1.1.downsample',
      'layer1.1',
      'layer1',
      'fc',
    ]);
  });

  test('end where the rest of the network reads them, and a module that runs again counts once', () => {
    const values = new Map(layersOf(residual, 'modules').map(({ name, value }) => [name, value]));
    expect(values.get('layer1.0.relu')).toBe('/layer1/layer1.0/relu_1/Relu');
    expect(values.get('layer1.0')).toBe('/layer1/layer1.0/relu_1/Relu');
    expect(values.get('layer1')).toBe('/layer1/layer1.1/Add');
  });

  test('are those without children, those that convolve, and those that join branches', () => {
    expect(names(residual, 'leaf')).toHaveLength(6);
    expect(names(residual, 'conv')).toEqual([
      'conv1',
      'layer1.0.conv1',
      'layer1.1.conv1',
      'layer1.1.downsample.0',
    ]);
    expect(names(residual, 'block')).toEqual(['layer1.0', 'layer1.1']);
  });

  test('are two where a number only tells two weights apart', () => {
    const twins = graph([
      ['/conv/Conv', 'Conv', ['x', 'w1']],
      ['/conv_1/Conv', 'Conv', ['/conv/Conv', 'w2']],
    ]);
    expect(names(twins, 'leaf')).toEqual(['conv', 'conv_1']);
  });

  test('are found below the name of a TensorFlow model', () => {
    const keras = graph([
      ['model/conv2d/Conv2D', 'Conv', ['x', 'w1']],
      ['model/activation/Relu', 'Relu', ['model/conv2d/Conv2D']],
      ['model/activation_1/Relu', 'Relu', ['model/activation/Relu']],
      ['model/head/dense/MatMul', 'MatMul', ['model/activation_1/Relu', 'w2']],
    ]);
    expect(names(keras, 'modules')).toEqual([
      'conv2d',
      'activation',
      'activation_1',
      'head/dense',
      'head',
    ]);
  });
});

describe('layers of a graph without names of modules', () => {
  const plain = graph([
    ['conv_a', 'Conv', ['x', 'w1']],
    ['relu_a', 'Relu', ['conv_a']],
    ['pool_a', 'MaxPool', ['relu_a']],
    ['reshape_a', 'Reshape', ['pool_a']],
    ['gemm_a', 'Gemm', ['reshape_a', 'w2']],
  ]);

  test('are the nodes that compute', () => {
    expect(names(plain, 'modules')).toEqual(['conv_a', 'relu_a', 'pool_a', 'gemm_a']);
    expect(names(plain, 'leaf')).toEqual(names(plain, 'modules'));
    expect(names(plain, 'conv')).toEqual(['conv_a']);
  });

  test('are, as blocks, the joins, or the poolings where nothing joins', () => {
    expect(names(plain, 'block')).toEqual(['pool_a']);
    const joined = graph([
      ['a', 'Conv', ['x', 'w1']],
      ['shifted', 'Add', ['a', 'w2']],
      ['sum', 'Add', ['shifted', 'x']],
    ]);
    expect(names(joined, 'block')).toEqual(['sum']);
  });
});

const fixture = '../shared/fixtures/gradients/resnet18-narrow-bn/model.onnx';
test.skipIf(!existsSync(fixture))(
  'ResNet-18 with its batch norms has the 67 modules of the paper (needs ../shared)',
  async () => {
    const typed = specialiseClassifier(await loadClassifier(fixture), 1);
    expect(names(typed, 'modules')).toHaveLength(67);
    expect(names(typed, 'conv')).toHaveLength(20);
    expect(names(typed, 'block')).toHaveLength(8);
  },
);
