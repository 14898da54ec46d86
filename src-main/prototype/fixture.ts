import type { Classifier } from '../classifier/classifier.ts';
import { attr } from '../graph/attributes.ts';
import type { Graph, Node, Tensor } from '../graph/ir.ts';
import { floats } from '../graph/tensor.ts';
import { Stream } from '../random/philox.ts';

/** Size of the images of the tests' classifier: not square, one side odd. */
export const TINY = { channels: 3, height: 9, width: 8, classes: 5 } as const;

function weights(dims: readonly number[], deviation: number, address: number): Tensor {
  const values = new Float32Array(dims.reduce((a, b) => a * b, 1));
  new Stream(99, address, 0, 'start').normal(values, deviation);
  return floats(dims, values);
}

/** A convolution, a smooth bend, the mean over the positions, and a product: a small classifier for tests. */
export function tinyGraph(gain = 1): Graph {
  const node = (op: string, inputs: string[], output: string, attributes = {}): Node => ({
    name: output,
    op,
    inputs,
    outputs: [output],
    attributes,
  });
  return {
    name: 'tiny',
    inputs: [{ name: 'input', dtype: 'float32', dims: ['N', 3, TINY.height, TINY.width] }],
    outputs: ['logits'],
    nodes: [
      node('Conv', ['input', 'kernel', 'bias'], 'features', { pads: attr.ints([1, 1, 1, 1]) }),
      node('Tanh', ['features'], 'bent'),
      node('GlobalAveragePool', ['bent'], 'pooled'),
      node('Flatten', ['pooled'], 'flat', { axis: attr.int(1) }),
      node('MatMul', ['flat', 'head'], 'logits'),
    ],
    constants: new Map([
      ['kernel', weights([6, 3, 3, 3], 0.3, 1)],
      ['bias', weights([6], 0.1, 2)],
      ['head', weights([6, TINY.classes], 3 * gain, 3)],
    ]),
  };
}

/** The tests' classifier. @param gain factor of its logits */
export function tinyClassifier(gain = 1): Classifier {
  return {
    name: 'tiny',
    format: 'onnx',
    files: [{ path: 'tiny.onnx', bytes: 0, sha256: '0'.repeat(64) }],
    graph: tinyGraph(gain),
    logits: 'logits',
    input: {
      name: 'input',
      channels: TINY.channels,
      height: TINY.height,
      width: TINY.width,
      layout: 'NCHW',
      batch: 'free',
    },
    preprocessing: {
      range: 1,
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
      order: 'RGB',
      resize: TINY.height,
    },
    preprocessingFrom: 'imagenet',
    labels: ['ant', 'bee', 'cat', 'dog', 'eel'],
    notes: [],
  };
}
