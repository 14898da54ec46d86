import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryInUse } from '../../test/support/memory.ts';
import { workOfAsync } from '../../test/support/work.ts';
import type { Node, Tensor, TypedGraph, ValueType } from '../graph/ir.ts';
import { floats } from '../graph/tensor.ts';
import { EngineError, type Engine, type Executable } from './engine.ts';
import { sentence } from './native-thread.ts';
import { openOnnxRuntime } from './onnxruntime.ts';

const node = (op: string, inputs: string[], output: string): Node => ({
  name: output,
  op,
  inputs,
  outputs: [output],
  attributes: {},
});

/** product = x · weights, indices = x as int64; x is [2, 3]. */
function graph(
  nodes: Node[],
  constants: Record<string, Tensor>,
  types: Record<string, ValueType>,
): TypedGraph {
  const known = Object.entries(constants).map(
    ([name, { dtype, dims }]) => [name, { dtype, dims }] as const,
  );
  return {
    name: 'small',
    inputs: [{ name: 'x', dtype: 'float32', dims: [2, 3] }],
    outputs: nodes.flatMap((each) => each.outputs),
    nodes,
    constants: new Map(Object.entries(constants)),
    types: new Map([...known, ...Object.entries(types), ['x', { dtype: 'float32', dims: [2, 3] }]]),
  };
}

const product = graph(
  [node('MatMul', ['x', 'weights'], 'product'), node('Greater', ['x', 'one'], 'above')],
  { weights: floats([3, 2], [1, 2, 3, 4, 5, 6]), one: floats([], [1]) },
  {
    product: { dtype: 'float32', dims: [2, 2] },
    above: { dtype: 'bool', dims: [2, 3] },
  },
);

let engine: Engine;
let executable: Executable;
beforeAll(async () => {
  engine = await openOnnxRuntime();
  executable = await engine.compile(product);
});
afterAll(() => executable.release());

describe('a graph on onnxruntime', () => {
  test('gives every output in the array of its type', async () => {
    const { product, above } = await executable.run({
      x: new Float32Array([1, 0, 2, 0, 1, 1.5]),
    });
    expect(product).toEqual(new Float32Array([11, 14, 10.5, 13]));
    expect(above).toEqual(new Uint8Array([0, 0, 1, 0, 0, 1]));
  });

  test('leaves the feeds to the caller', async () => {
    const x = new Float32Array(6).fill(2);
    await executable.run({ x });
    expect([...x]).toEqual([2, 2, 2, 2, 2, 2]);
  });

  test('gives the same bytes in 20 runs', async () => {
    const x = Float32Array.from({ length: 6 }, (_, i) => Math.sin(i));
    const runs = await Promise.all(Array.from({ length: 20 }, () => executable.run({ x })));
    expect(
      new Set(runs.map(({ product }) => Buffer.from(product.buffer).toString('hex'))).size,
    ).toBe(1);
  });

  test('lets JavaScript go on while it runs', async () => {
    const size = 1200;
    const large = { dtype: 'float32', dims: [size, size] } as const;
    const square = await engine.compile({
      ...graph([node('MatMul', ['x', 'x'], 'square')], {}, {}),
      inputs: [{ name: 'x', ...large }],
      types: new Map([
        ['x', large],
        ['square', large],
      ]),
    });
    const before = process.cpuUsage();
    const own = await workOfAsync(() => square.run({ x: new Float32Array(size * size) }));
    const { user, system } = process.cpuUsage(before);
    // The work is done, and most of it not by this thread.
    expect(own).toBeLessThan((user + system) / 1000 / 2);
    await square.release();
  });

  test('keeps memory flat over 1,000 runs', async () => {
    const x = new Float32Array(6);
    for (let i = 0; i < 200; i++) await executable.run({ x });
    const before = memoryInUse();
    for (let i = 0; i < 1000; i++) await executable.run({ x });
    const after = memoryInUse();
    expect(after.rss - before.rss).toBeLessThan(64 * 2 ** 20);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(32 * 2 ** 20);
    // What runs copy and hand over is collected, not kept.
    expect(after.external - before.external).toBeLessThan(16 * 2 ** 20);
  });
});

describe('an engine that is closed', () => {
  test('says so where something is asked of it, and closes only once', async () => {
    const short = await openOnnxRuntime();
    const left = await short.compile(product);
    await left.run({ x: new Float32Array(6) });
    await Promise.all([short.close(), short.close()]);
    await short.close();
    const refused = left.run({ x: new Float32Array(6) });
    await expect(refused).rejects.toThrow(/^onnxruntime stopped: it was closed\.$/);
    await expect(short.compile(product)).rejects.toThrow(EngineError);
    await expect(left.release()).resolves.toBeUndefined();
  });

  test('leaves others alone', async () => {
    const short = await openOnnxRuntime();
    await short.close();
    const { product: result } = await executable.run({ x: new Float32Array(6) });
    expect(result).toHaveLength(4);
  });
});

describe('what cannot run is said in one sentence', () => {
  test('a feed of the wrong length', async () => {
    await expect(executable.run({ x: new Float32Array(5) })).rejects.toThrow(
      new EngineError('The input x takes 6 values (2 × 3), not 5.'),
    );
  });

  test('a missing feed', async () => {
    await expect(executable.run({})).rejects.toThrow(
      new EngineError('The input x was given no data.'),
    );
  });

  test('a feed of another type', async () => {
    await expect(executable.run({ x: new Int32Array(6) })).rejects.toThrow(
      new EngineError('The input x holds float32 values, not a Int32Array.'),
    );
  });

  test('a run after release', async () => {
    const released = await engine.compile(product);
    await released.release();
    await expect(released.run({ x: new Float32Array(6) })).rejects.toThrow(/was released/);
  });

  test('a graph that onnxruntime refuses', async () => {
    const unknown = graph(
      [node('Frobnicate', ['x'], 'y')],
      {},
      { y: { dtype: 'float32', dims: [2, 3] } },
    );
    const refusal = await engine.compile(unknown).catch((error: unknown) => error as Error);
    expect(refusal).toBeInstanceOf(EngineError);
    expect((refusal as Error).message).toMatch(
      /^onnxruntime \(cpu\) refuses the graph small: .*Frobnicate[^\n]*\.$/,
    );
  });

  test('a graph that gives back its input', async () => {
    const echo = engine.compile({ ...product, outputs: ['x'] });
    await expect(echo).rejects.toThrow(/gives back its own input x/);
  });

  test('a number of threads that is none', async () => {
    await expect(openOnnxRuntime({ threads: 0 })).rejects.toThrow(EngineError);
  });

  test('a reason without source paths and further lines', () => {
    expect(
      sentence(
        '/src/core/context.cc:136 onnxruntime::Context::Initialize(const onnxruntime::Config&)::<lambda()> ok was false. No adapter\nmore',
      ),
    ).toBe('ok was false. No adapter.');
  });
});

describe('an engine says what it runs on', () => {
  test('the CPU by name, the version of the package, its threads', () => {
    expect(engine.info).toMatchObject({
      id: 'onnxruntime',
      provider: 'cpu',
      deterministic: true,
      device: cpus()[0].model.trim(),
    });
    expect(engine.info.version).toMatch(/^1\.\d+\.\d+$/);
    expect(engine.info.threads).toBeGreaterThan(0);
    expect(engine.info.fallback).toBeUndefined();
  });

  test('the CPU and the reason where a provider cannot be had', async () => {
    const elsewhere = process.platform === 'darwin' ? 'dml' : 'coreml';
    const { info } = await openOnnxRuntime({ provider: elsewhere });
    expect(info.provider).toBe('cpu');
    expect(info.fallback).toMatch(
      /^The provider \w+ cannot be used here, so the CPU computes: .+\.$/,
    );
  });

  test.skipIf(!process.env.EIDOSCOPE_WEBGPU)(
    'a GPU, and what it leaves to the CPU (set EIDOSCOPE_WEBGPU where there is one)',
    async () => {
      const gpu = await openOnnxRuntime({ provider: 'webgpu' });
      expect(gpu.info).toMatchObject({ provider: 'webgpu', threads: 0, deterministic: false });
      const whole = await gpu.compile(product);
      expect(whole.fallback).toBeUndefined();
      const { product: result } = await whole.run({ x: new Float32Array([1, 0, 2, 0, 1, 1.5]) });
      expect(result).toEqual(new Float32Array([11, 14, 10.5, 13]));
      const rounded = graph(
        [node('Round', ['x'], 'r'), node('Mish', ['r'], 'y')],
        {},
        { r: { dtype: 'float32', dims: [2, 3] }, y: { dtype: 'float32', dims: [2, 3] } },
      );
      const partly = await gpu.compile(rounded);
      expect(partly.fallback).toMatch(/^The CPU computes some operators/);
    },
  );

  test('and writes a profile where one is asked for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'eidoscope-'));
    const profiled = await openOnnxRuntime({
      profile: join(folder, 'profile'),
    });
    const once = await profiled.compile(product);
    await once.run({ x: new Float32Array(6) });
    await once.release();
    expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });
});
