import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attr } from '../../src-main/graph/attributes.ts';
import type { Attributes, Graph, GraphInput, Node } from '../../src-main/graph/ir.ts';
import { writeOnnx } from '../../src-main/graph/onnx/write.ts';
import { ints } from '../../src-main/graph/tensor.ts';
import { uniform } from './random.ts';

export interface NetworkOptions {
  /** Dimensions of the input `image`; [batch, 3, 8, 8] by default. */
  readonly dims?: GraphInput['dims'];
  /** NHWC networks transpose the image first, as TensorFlow's converters write it. */
  readonly layout?: 'NCHW' | 'NHWC';
  readonly channels?: 1 | 3;
  readonly classes?: number;
  /** An operator behind the logits. */
  readonly last?: string;
  /** Whether the flattening is a Reshape to [1, …], which works for one image only. */
  readonly bakedBatch?: boolean;
}

const node = (
  name: string,
  op: string,
  inputs: string[],
  output: string,
  attributes: Attributes = {},
): Node => ({
  name,
  op,
  inputs,
  outputs: [output],
  attributes,
});

/** A small classifier with seeded weights: convolution, rectifier, average, and one product that gives the logits. */
export function network(options: NetworkOptions = {}): Graph {
  const { layout = 'NCHW', channels = 3, classes = 5, last, bakedBatch } = options;
  const usual = layout === 'NCHW' ? ['batch', channels, 8, 8] : ['batch', 8, 8, channels];
  const turned = layout === 'NHWC';
  const flatten = bakedBatch
    ? node('/flatten/Reshape', 'Reshape', ['pooled', 'one'], 'features')
    : node('/flatten/Flatten', 'Flatten', ['pooled'], 'features');
  return {
    name: 'network',
    inputs: [{ name: 'image', dtype: 'float32', dims: options.dims ?? usual }],
    outputs: [last ? 'scores' : 'logits'],
    nodes: [
      ...(turned
        ? [node('/turn', 'Transpose', ['image'], 'planes', { perm: attr.ints([0, 3, 1, 2]) })]
        : []),
      node('/stem/conv/Conv', 'Conv', [turned ? 'planes' : 'image', 'kernel'], 'convolved'),
      node('/stem/relu/Relu', 'Relu', ['convolved'], 'rectified'),
      node('/pool/GlobalAveragePool', 'GlobalAveragePool', ['rectified'], 'pooled'),
      flatten,
      node('/head/Gemm', 'Gemm', ['features', 'weights', 'bias'], 'logits'),
      ...(last ? [node('/last', last, ['logits'], 'scores')] : []),
    ],
    constants: new Map([
      ['kernel', uniform([6, channels, 3, 3], -1, 1, 1)],
      ['weights', uniform([6, classes], -1, 1, 2)],
      ['bias', uniform([classes], -1, 1, 3)],
      ['one', ints([2], [1, 6])],
    ]),
  };
}

function bytesOf(content: Graph | object | string): Uint8Array | string {
  if (typeof content === 'string') return content;
  return 'nodes' in content ? writeOnnx(content) : JSON.stringify(content);
}

/** A folder for a test's files, with a way to remove it. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'eidoscope-'));

  /** Writes a model, JSON or text. @returns the file's path */
  write(name: string, content: Graph | object | string): string {
    const path = join(this.path, name);
    writeFileSync(path, bytesOf(content));
    return path;
  }

  /** Writes a file as it is. @returns its path */
  bytes(name: string, content: Uint8Array): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
