import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../ir.ts';
import { readOnnx } from './read.ts';
import { writeOnnx } from './write.ts';

const shared = '../shared';
const paths = existsSync(shared)
  ? [
      ...globSync(`${shared}/fixtures/gradients/*/model.onnx`),
      ...globSync(`${shared}/models/*.onnx`),
    ].sort()
  : [];
const options = { intraOpNumThreads: 1, logSeverityLevel: 3 } as const;

function feedFor(graph: Graph): Record<string, Tensor> {
  const [{ name, dims }] = graph.inputs;
  const shape = dims.map((dim) => (typeof dim === 'number' ? dim : 2));
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) =>
    Math.sin(i * 0.37 + i * i * 1e-6),
  );
  return { [name]: new Tensor('float32', data, shape) };
}

async function run(bytes: Uint8Array, feeds: Record<string, Tensor>): Promise<Float32Array[]> {
  const session = await InferenceSession.create(bytes, options);
  const results = await session.run(feeds);
  await session.release();
  return session.outputNames.map((name) => results[name].data as Float32Array);
}

function distance(a: Float32Array, b: Float32Array): number {
  const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0) / largest;
}

describe.skipIf(paths.length === 0)('a real classifier, read and written (needs ../shared)', () => {
  it.each(paths.map((path) => [`${basename(dirname(path))}/${basename(path)}`, path]))(
    '%s gives the logits that onnxruntime computes from the original',
    async (_name, path) => {
      const { graph, notes, files } = await readOnnx(path);
      const feeds = feedFor(graph);
      const [wanted] = await run(readFileSync(path), feeds);
      const [found] = await run(writeOnnx(graph), feeds);
      expect(found.length).toBe(wanted.length);
      expect(distance(found, wanted)).toBeLessThan(1e-6);
      expect(notes).toEqual([]);
      expect(files).toHaveLength(1);
    },
    30_000,
  );
});
