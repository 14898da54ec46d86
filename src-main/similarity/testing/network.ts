import type { Classifier } from '../../classifier/classifier.ts';
import type { Layer } from '../../classifier/layers.ts';
import { attr } from '../../graph/attributes.ts';
import type { Graph, Node } from '../../graph/ir.ts';
import { floats } from '../../graph/tensor.ts';
import golden from '../golden/protocol.json' with { type: 'json' };

/** The small network of golden/protocol.py as a classifier, and its seven layers. */
const [channels, height, width] = golden.dims;
const classes = golden.prototypes.length;
const pixels = channels * height * width;

const node = (
  op: string,
  inputs: string[],
  output: string,
  attributes: Node['attributes'] = {},
): Node => ({
  name: output,
  op,
  inputs,
  outputs: [output],
  attributes,
});

const graph: Graph = {
  name: 'small',
  inputs: [{ name: 'x', dtype: 'float32', dims: ['batch', channels, height, width] }],
  outputs: ['logits'],
  nodes: [
    node('Relu', ['x'], 'r1'),
    node('Conv', ['r1', 'kernel'], 'c1', {
      kernel_shape: attr.ints([3, 3]),
      pads: attr.ints([1, 1, 1, 1]),
    }),
    node('Relu', ['c1'], 'r2'),
    node('GlobalAveragePool', ['r2'], 'g'),
    node('Flatten', ['x'], 'f', { axis: attr.int(1) }),
    node('Gemm', ['f', 'templates'], 'logits', { transB: attr.int(1) }),
  ],
  constants: new Map([
    ['kernel', floats([4, channels, 3, 3], golden.kernel)],
    ['templates', floats([classes, pixels], golden.templates)],
  ]),
};

export const smallClassifier: Classifier = {
  name: 'small',
  format: 'onnx',
  files: [{ path: 'small.onnx', bytes: 1, sha256: '00' }],
  graph,
  logits: 'logits',
  input: { name: 'x', channels: 3, height, width, layout: 'NCHW', batch: 'free' },
  preprocessing: {
    range: 1,
    mean: [0.5, 0.5, 0.5],
    std: [0.25, 0.25, 0.25],
    order: 'RGB',
    resize: 5,
  },
  preprocessingFrom: 'test',
  labels: ['a', 'b', 'c', 'd'],
  notes: [],
};

export const smallLayers: Layer[] = ['r1', 'c1', 'r2', 'r2', 'g', 'f', 'logits'].map(
  (value, i) => ({
    name: `layer ${i}`,
    value,
    depth: 1,
  }),
);
