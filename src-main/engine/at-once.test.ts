import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attr } from '../graph/attributes.ts';
import { Builder } from '../graph/builder.ts';
import { close } from '../graph/differentiate.ts';
import type { TypedGraph } from '../graph/ir.ts';
import { floats } from '../graph/tensor.ts';
import { EngineError, type Engine } from './engine.ts';
import { openOnnxRuntime } from './onnxruntime.ts';

const SIZE = 9;
const CHANNELS = 50;
const image = { dtype: 'float32', dims: [1, CHANNELS, SIZE, SIZE] } as const;
const wavy = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * i));

/**
 * Two convolutions and what stands between them. Channels in no multiple of 8 have no kernels of their own: onnxruntime
 * makes products of them, and rounds a product otherwise on another number of threads.
 */
function network(op = 'Relu'): TypedGraph {
  const build = new Builder('');
  build.types.set('x', image);
  const kernel = (seed: number) =>
    build.constant(
      floats([CHANNELS, CHANNELS, 3, 3], wavy(CHANNELS * CHANNELS * 9 + seed).slice(seed)),
    );
  const pads = { pads: attr.ints([1, 1, 1, 1]), kernel_shape: attr.ints([3, 3]) };
  const first = build.add('Relu', [build.add('Conv', ['x', kernel(0)], pads)]);
  const last = build.add('Conv', [build.add('Mul', [first, first]), kernel(7)], pads);
  const empty = { name: 'small', nodes: [], constants: new Map(), types: new Map(), outputs: [] };
  const graph = close({ ...empty, inputs: [{ name: 'x', ...image }] }, build, [last]);
  return {
    ...graph,
    nodes: graph.nodes.map((node) => (node.op === 'Relu' ? { ...node, op } : node)),
  };
}

const feed = (seed: number) => ({ x: wavy(CHANNELS * SIZE * SIZE + seed).slice(seed) });
const bytesOf = (results: Record<string, { buffer: ArrayBufferLike }>): string =>
  Buffer.from(Object.values(results)[0].buffer).toString('base64');

describe('runs that are computed at once', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openOnnxRuntime({ threads: 3 });
  });
  afterAll(() => engine.close());

  it('have the bytes that each has alone', async () => {
    const alone = await engine.compile(network(), 1);
    const spread = await Promise.all(
      [2, Infinity].map((atOnce) => engine.compile(network(), atOnce)),
    );
    expect([alone, ...spread].map(({ width }) => width ?? 1)).toEqual([1, 2, 3]);
    const seeds = Array.from({ length: 10 }, (_, seed) => seed);
    const expected = [];
    for (const seed of seeds) expected.push(bytesOf(await alone.run(feed(seed))));
    for (const copies of spread) {
      const together = await Promise.all(seeds.map((seed) => copies.run(feed(seed))));
      expect(together.map(bytesOf)).toEqual(expected);
      await copies.release();
      await expect(copies.run(feed(0))).rejects.toThrow(/was released/);
    }
    await alone.release();
  });

  it('are no more than are asked for', async () => {
    const pair = await engine.compile(network(), 2);
    expect(pair.width).toBe(2);
    await pair.release();
  });

  it('fail in one sentence where the graph is refused, and the engine goes on', async () => {
    const refused = engine.compile(network('Frobnicate'), 3);
    await expect(refused).rejects.toThrow(EngineError);
    await expect(refused).rejects.toThrow(/^onnxruntime \(cpu\) refuses the graph small: /);
    const next = await engine.compile(network(), 3);
    expect(bytesOf(await next.run(feed(0)))).not.toBe('');
    await next.release();
  });

  it('end with their engine', async () => {
    const short = await openOnnxRuntime({ threads: 2 });
    const left = await short.compile(network(), 2);
    await short.close();
    const late = short.compile(network(), 2);
    await expect(late).rejects.toThrow(/onnxruntime stopped: it was closed/);
    await expect(left.run(feed(0))).rejects.toThrow(/^onnxruntime stopped: it was closed\.$/);
  });
});
