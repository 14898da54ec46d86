import { attr } from '../../src-main/graph/attributes.ts';
import {
  sizeOf,
  type Attributes,
  type Graph,
  type Node,
  type Tensor,
} from '../../src-main/graph/ir.ts';
import { SIDE } from './digits.ts';

/** Shapes of the weights, in the order of the layers (PyTorch's names and layouts). */
export const weightShapes: Readonly<Record<string, readonly number[]>> = {
  'features.0.weight': [16, 3, 3, 3],
  'features.0.bias': [16],
  'features.3.weight': [24, 16, 3, 3],
  'features.3.bias': [24],
  'features.6.weight': [48, 24, 3, 3],
  'features.6.bias': [48],
  'classifier.weight': [10, 48],
  'classifier.bias': [10],
};

const same = { kernel_shape: attr.ints([3, 3]), pads: attr.ints([1, 1, 1, 1]) };
const halve = { kernel_shape: attr.ints([2, 2]), strides: attr.ints([2, 2]) };

/** Module path, operator and attributes of each layer; a module with weights names them after itself. */
const layers: readonly (readonly [string, string, Attributes])[] = [
  ['features.0', 'Conv', same],
  ['features.1', 'Relu', {}],
  ['features.2', 'MaxPool', halve],
  ['features.3', 'Conv', same],
  ['features.4', 'Relu', {}],
  ['features.5', 'MaxPool', halve],
  ['features.6', 'Conv', same],
  ['features.7', 'Relu', {}],
  ['pool', 'GlobalAveragePool', {}],
  ['flatten', 'Flatten', { axis: attr.int(1) }],
  ['classifier', 'Gemm', { transB: attr.int(1) }],
];

function nodes(): Node[] {
  return layers.map(([module, op, attributes], index) => {
    const scope = module.startsWith('features') ? `/features/${module}` : `/${module}`;
    const previous = index === 0 ? 'input' : outputOf(index - 1);
    const weights = op === 'Conv' || op === 'Gemm' ? [`${module}.weight`, `${module}.bias`] : [];
    return {
      name: `${scope}/${op}`,
      op,
      inputs: [previous, ...weights],
      outputs: [outputOf(index)],
      attributes,
    };
  });
}

function outputOf(index: number): string {
  return index === layers.length - 1 ? 'logits' : `${layers[index][0]}.out`;
}

const image = { name: 'input', dtype: 'float32', dims: ['batch', 3, SIDE, SIDE] } as const;

/** The network with its weights as inputs, as training needs it. */
export function trainable(): Graph {
  const weights = Object.entries(weightShapes).map(([name, dims]) => ({
    name,
    dtype: 'float32' as const,
    dims,
  }));
  return {
    name: 'digits',
    inputs: [image, ...weights],
    outputs: ['logits'],
    nodes: nodes(),
    constants: new Map(),
  };
}

/** The network with its weights built in, as a classifier file holds it. */
export function frozen(weights: Readonly<Record<string, Float32Array>>): Graph {
  const constants = new Map<string, Tensor>(
    Object.entries(weightShapes).map(([name, dims]) => [
      name,
      { dtype: 'float32', dims, data: weights[name] },
    ]),
  );
  return { name: 'digits', inputs: [image], outputs: ['logits'], nodes: nodes(), constants };
}

/** Fan-in of a weight tensor: the number of inputs that one output sums over. */
export function fanIn(dims: readonly number[]): number {
  return sizeOf(dims.slice(1));
}
