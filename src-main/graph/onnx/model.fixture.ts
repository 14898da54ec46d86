import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Attributes, Graph, Node, Tensor as Constant } from '../ir.ts';
import type { GraphErrorCode } from '../errors.ts';
import { floats } from '../tensor.ts';
import { encode, type Draft } from './encode.ts';
import { readOnnx } from './read.ts';
import type { GraphProto, ModelProto, NodeProto } from './schema.ts';
import { modelProto } from './write.ts';

/** A node for a test; operators of other domains carry their domain in the name. */
export function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Attributes = {},
): Node {
  return { name: `${op}_${outputs.join('_')}`, op, inputs, outputs, attributes };
}

/** A graph with float32 inputs. */
export function graphOf(
  inputs: Readonly<Record<string, readonly (number | string)[]>>,
  outputs: readonly string[],
  nodes: readonly Node[],
  constants: Readonly<Record<string, Constant>> = {},
): Graph {
  return {
    name: 'test',
    inputs: Object.entries(inputs).map(([name, dims]) => ({ name, dtype: 'float32', dims })),
    outputs,
    nodes,
    constants: new Map(Object.entries(constants)),
  };
}

/** The message of a model written for any opset, for tests that change it before it is encoded. */
export function modelAt(
  opset: number,
  graph: Graph,
): Draft<ModelProto> & { graph: Draft<GraphProto> } {
  const proto = modelProto(graph).graph!;
  return {
    irVersion: 8,
    opsetImport: [
      { domain: '', version: opset },
      { domain: 'com.microsoft', version: 1 },
    ],
    graph: { ...proto, node: proto.node!.map(withDomain) },
  };
}

function withDomain(proto: Draft<NodeProto>): Draft<NodeProto> {
  const dot = proto.opType!.lastIndexOf('.');
  if (dot < 0) return proto;
  return { ...proto, domain: proto.opType!.slice(0, dot), opType: proto.opType!.slice(dot + 1) };
}

export const bytesOf = (model: Draft<ModelProto>): Uint8Array => encode('ModelProto', model);

/** A folder that lives as long as the tests of the file. @returns a function that gives paths inside it */
export function temporaryFolder(): (name: string) => string {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'eidoscope-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return (name) => join(folder, name);
}

export function save(path: string, bytes: Uint8Array | string): string {
  writeFileSync(path, bytes);
  return path;
}

/** Runs a model in onnxruntime on float32 inputs. @returns the values of its outputs */
export async function run(
  bytes: Uint8Array,
  feeds: Readonly<Record<string, { dims: readonly number[]; data: Float32Array }>>,
): Promise<{ dims: readonly number[]; data: number[] }[]> {
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
    graphOptimizationLevel: 'disabled',
  });
  const tensors = Object.entries(feeds).map(([name, { dims, data }]): [string, Tensor] => [
    name,
    new Tensor('float32', data, dims),
  ]);
  const results = await session.run(Object.fromEntries(tensors));
  await session.release();
  return session.outputNames.map((name) => ({
    dims: results[name].dims,
    data: Array.from(results[name].data as Float32Array, Number),
  }));
}

/** Numbers that are all different and of both signs. */
export function wave(dims: readonly number[]): { dims: readonly number[]; data: Float32Array } {
  const length = dims.reduce((a, b) => a * b, 1);
  return { dims, data: Float32Array.from({ length }, (_, i) => 2 * Math.sin(1.7 * i + 0.3)) };
}

/** A model that multiplies [2, 3] by a weight w of three numbers. */
export const scaled = () =>
  modelAt(
    13,
    graphOf({ x: [2, 3] }, ['y'], [node('Mul', ['x', 'w'], ['y'])], { w: floats([3], [1, 2, 3]) }),
  );

/** What reading a file fails with; it must be one sentence, as a person reads it. */
export async function failure(path: string): Promise<{ code: GraphErrorCode; message: string }> {
  const error: unknown = await readOnnx(path).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'GraphError' });
  const { code, message } = error as { code: GraphErrorCode; message: string };
  expect(message).toMatch(/^[^\n]+[^.\n]\.$/);
  return { code, message };
}
