import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Objective } from '../prototype/objective.ts';
import { attr } from '../graph/attributes.ts';
import type { Graph } from '../graph/ir.ts';
import { readOnnx } from '../graph/onnx/read.ts';
import { ints } from '../graph/tensor.ts';
import { fixturesIn, OWN } from '../../test/support/fixtures.ts';
import { findCard, isRealCard } from '../../test/support/graphics-card.ts';
import { memoryInUse } from '../../test/support/memory.ts';
import { network } from '../../test/support/network.ts';
import { uniform } from '../../test/support/random.ts';
import type { Engine } from './engine.ts';
import { openOnnxRuntime } from './onnxruntime.ts';

const isReal = isRealCard;
const has = findCard();
if (!isReal)
  it.skip('the golden networks on a graphics card (set EIDOSCOPE_WEBGPU where there is one)');
if (!has) it.skip('a graphics card (install chromium for one in software)');

const DIMS = [2, 3, 8, 8];

/** Two poolings of a convolution, as ResNet and GoogLeNet begin: overlapping with padding, and not. */
function pooled(): Graph {
  const plain = network();
  const pool = (from: string, to: string, side: number, pad: number) => ({
    name: to,
    op: 'MaxPool',
    inputs: [from],
    outputs: [to],
    attributes: {
      kernel_shape: attr.ints([side, side]),
      strides: attr.ints([2, 2]),
      pads: attr.ints([pad, pad, pad, pad]),
    },
  });
  const nodes = plain.nodes.flatMap((node) =>
    node.op === 'GlobalAveragePool'
      ? [
          pool('rectified', 'larger', 3, 1),
          pool('larger', 'smaller', 2, 0),
          { ...node, inputs: ['smaller'] },
        ]
      : [node],
  );
  return { ...plain, nodes };
}

/** Padding in every mode that repeats the image, alone and where it cuts as well. */
function padded(): Graph {
  const plain = network();
  const ways = ['reflect', 'edge', 'wrap'].flatMap((mode) =>
    [
      [0, 0, 1, 2, 0, 0, 2, 1],
      [0, 0, -1, 2, 0, 0, 3, -1],
    ].map((widths) => ({ mode, widths })),
  );
  const constants = new Map(plain.constants);
  const pads = ways.map(({ mode, widths }, i) => {
    constants.set(`widths${i}`, ints([8], widths));
    return {
      ...{ name: `pad${i}`, op: 'Pad', outputs: [`padded${i}`] },
      inputs: [i === 0 ? 'rectified' : `padded${i - 1}`, `widths${i}`],
      attributes: { mode: attr.string(mode) },
    };
  });
  const nodes = plain.nodes.flatMap((node) =>
    node.op === 'GlobalAveragePool'
      ? [...pads, { ...node, inputs: [`padded${ways.length - 1}`] }]
      : [node],
  );
  return { ...plain, nodes, constants };
}

async function evaluate(graph: Graph, engine: Engine, dims: readonly number[] = DIMS) {
  const shapes = { [graph.inputs[0].name]: dims };
  const objective = await Objective.compileGraph(graph, shapes, engine);
  const input = uniform(dims, -2, 2, 11).data as Float32Array;
  const length = objective.batch * objective.classes;
  const weights = Float32Array.from({ length }, (_, i) => (i % 3) - 1);
  const variance = Float32Array.from({ length: objective.batch }, (_, i) => 0.5 + i);
  const result = await objective.run(input, weights, variance);
  await objective.release();
  return { ...result, fallback: objective.fallback };
}

/** Largest difference, relative to the largest value. */
function difference(ours: Float32Array, theirs: Float32Array): number {
  const size = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i])), 0) / size;
}

/** Our own golden networks: name, graph, and the shape of their input. */
async function ownNetworks(): Promise<[string, Graph, number[]][]> {
  const read = async (path: string): Promise<[string, Graph, number[]]> => {
    const { graph } = await readOnnx(join(path, 'model.onnx'));
    const said = JSON.parse(readFileSync(join(path, 'fixture.json'), 'utf8')) as {
      inputShape: number[];
    };
    return [basename(path), graph, said.inputShape];
  };
  return Promise.all(fixturesIn(OWN).map(read));
}

// In software each takes some ten seconds; they all pass there.
const own = isReal ? await ownNetworks() : [];

describe.skipIf(!has)('on a graphics card, through WebGPU', () => {
  let [cpu, gpu] = [] as unknown as [Engine, Engine];
  beforeAll(async () => {
    [cpu, gpu] = [await openOnnxRuntime(), await openOnnxRuntime({ provider: 'webgpu' })];
  });
  afterAll(() => Promise.all([cpu.close(), gpu.close()]));

  it('the engine says what it is', () => {
    expect(gpu.info).toMatchObject({ provider: 'webgpu', threads: 0, deterministic: false });
    if (!isReal) expect(gpu.info.device).toMatch(/^SwiftShader/);
  });

  it.each([
    ['a small network', network(), DIMS],
    ['one that pools maxima', pooled(), DIMS],
    ['one that pads by repeating', padded(), DIMS],
    ...own,
  ] as [string, Graph, number[]][])('computes %s as the CPU does', async (_, graph, dims) => {
    const [theirs, ours] = [await evaluate(graph, cpu, dims), await evaluate(graph, gpu, dims)];
    expect(difference(ours.logits, theirs.logits)).toBeLessThan(1e-3);
    expect(difference(ours.gradient, theirs.gradient)).toBeLessThan(1e-2);
    expect(theirs.gradient.some((value) => value !== 0)).toBe(true);
    expect(ours.fallback).toBeUndefined();
  });

  it('holds as much memory after 1,000 steps as before', async () => {
    const objective = await Objective.compileGraph(network(), { image: DIMS }, gpu);
    const images = uniform(DIMS, -2, 2, 11).data as Float32Array;
    const weights = new Float32Array(objective.batch * objective.classes).fill(1);
    const variance = new Float32Array(objective.batch);
    const steps = async (count: number): Promise<number> => {
      for (let i = 0; i < count; i++) await objective.run(images, weights, variance);
      return memoryInUse().rss;
    };
    const before = await steps(100);
    expect((await steps(1000)) - before).toBeLessThan(64 * 2 ** 20);
    await objective.release();
  });
});
