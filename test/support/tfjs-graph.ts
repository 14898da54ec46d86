import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Converter from '@tensorflow/tfjs-converter';
import type * as TF from '@tensorflow/tfjs-core';
import { readModel } from '../../src-main/graph/read.ts';
import type { Graph, Tensor } from '../../src-main/graph/ir.ts';
import { specialise } from '../../src-main/graph/specialise.ts';
import { floats } from '../../src-main/graph/tensor.ts';
import { compile } from './run.ts';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-core') as typeof TF;
require('@tensorflow/tfjs-backend-cpu');
const wasm = require('@tensorflow/tfjs-backend-wasm') as { setWasmPaths(folder: string): void };
const { loadGraphModel } = require('@tensorflow/tfjs-converter') as typeof Converter;

wasm.setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), '/'));

/** An attribute of a node in the JSON form of a GraphDef. */
export const a = {
  text: (value: string) => ({ s: Buffer.from(value).toString('base64') }),
  texts: (...values: string[]) => ({
    list: { s: values.map((value) => Buffer.from(value).toString('base64')) },
  }),
  int: (value: number) => ({ i: String(value) }),
  ints: (...values: number[]) => ({ list: { i: values.map(String) } }),
  float: (value: number) => ({ f: value }),
  bool: (value: boolean) => ({ b: value }),
  type: (name: string) => ({ type: `DT_${name}` }),
  shape: (...sizes: number[]) => ({
    shape: { dim: sizes.map((size) => ({ size: String(size) })) },
  }),
};

export interface JsonNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, unknown>>;
}

export const FLOAT = { T: a.type('FLOAT') };

export function node(
  name: string,
  op: string,
  input: readonly string[] = [],
  attr: JsonNode['attr'] = {},
): JsonNode {
  return { name, op, input, attr: { ...FLOAT, ...attr } };
}

export function placeholder(name: string, ...dims: number[]): JsonNode {
  return { name, op: 'Placeholder', attr: { dtype: a.type('FLOAT'), shape: a.shape(...dims) } };
}

/** Writes a `model.json` with one file of weights into a folder. @returns its path */
export function writeGraphModel(
  folder: string,
  nodes: readonly JsonNode[],
  weights: Readonly<Record<string, Tensor>>,
  more: object = {},
): string {
  mkdirSync(folder, { recursive: true });
  const entries = Object.entries(weights);
  const constants = entries.map(([name, { dtype }]) => ({
    ...{ name, op: 'Const' },
    attr: { dtype: a.type(dtype === 'int32' ? 'INT32' : dtype === 'bool' ? 'BOOL' : 'FLOAT') },
  }));
  const path = join(folder, 'model.json');
  const model = {
    format: 'graph-model',
    modelTopology: { node: [...constants, ...nodes], versions: { producer: 1 } },
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: entries.map(([name, { dims, dtype }]) => ({ name, shape: dims, dtype })),
      },
    ],
    ...more,
  };
  writeFileSync(path, JSON.stringify(model));
  const bytes = entries.map(([, { data }]) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  writeFileSync(join(folder, 'weights.bin'), Buffer.concat(bytes));
  return path;
}

interface Manifest {
  readonly modelTopology: object;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: TF.io.WeightsManifestEntry[];
  }[];
}

/** What TensorFlow.js itself computes. @param images NHWC, as the file wants them */
export async function runtimeOf(
  path: string,
  images: Tensor,
  output: string,
  backend: 'cpu' | 'wasm' = 'cpu',
): Promise<Tensor> {
  await tf.setBackend(backend);
  await tf.ready();
  const json = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  const files = json.weightsManifest.flatMap(({ paths }) => paths);
  const weights = Buffer.concat(files.map((file) => readFileSync(join(dirname(path), file))));
  const model = await loadGraphModel({
    load: () =>
      Promise.resolve({
        modelTopology: json.modelTopology,
        weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
        weightData: new Uint8Array(weights).buffer,
      }),
  });
  const input = tf.tensor(images.data as Float32Array, [...images.dims], 'float32');
  const result = await model.executeAsync({ [model.inputs[0].name]: input }, output);
  const value = result as TF.Tensor;
  return floats(value.shape, await value.data());
}

/** What our graph of the file computes, with onnxruntime. */
export async function oursOf(path: string, images: Tensor, output: string): Promise<Tensor> {
  const { graph } = await readModel(path);
  return valueOf(graph, images, output);
}

export async function valueOf(graph: Graph, images: Tensor, output: string): Promise<Tensor> {
  const [{ name }] = graph.inputs;
  const typed = specialise(graph, { [name]: images.dims }, [output]);
  const results = await (await compile(typed))(new Map([[name, images]]));
  return results.get(output)!;
}
