import { encode } from 'fast-png';
import { afterAll, describe, expect, it } from 'vitest';
import type { SelfTest } from '../api/self-test.ts';
import { loadClassifier } from '../classifier/load.ts';
import type { Engine } from '../engine/engine.ts';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import type { Graph } from '../graph/ir.ts';
import { Folder, network, type NetworkOptions } from '../../test/support/network.ts';
import { selfTest } from './self-test.ts';

const folder = new Folder();
const engine = await openOnnxRuntime({ threads: 1 });
afterAll(async () => {
  folder.remove();
  await engine.close();
});

/** An engine whose every gradient, an output in the shape of the image, is changed. */
function spoiling(change: (gradient: Float32Array) => void): Engine {
  return {
    info: engine.info,
    close: () => Promise.resolve(),
    async compile(graph) {
      const executable = await engine.compile(graph);
      const gradient = graph.outputs.find((name) => graph.types.get(name)!.dims.length === 4);
      return {
        compileMs: 0,
        release: () => executable.release(),
        async run(feeds) {
          const results = await executable.run(feeds);
          if (gradient !== undefined) change(results[gradient] as Float32Array);
          return results;
        },
      };
    },
  };
}

let files = 0;
async function test(graph: Graph, on = engine, photograph?: string): Promise<SelfTest> {
  const path = folder.write(`model${files++}.onnx`, graph);
  const classifier = await loadClassifier(path, { preprocessing: 'unit' });
  return selfTest(classifier, on, { path, photograph, other: 'tensorflow-cpu' });
}

const check = (found: SelfTest, name: string) => found.checks.find((each) => each.name === name)!;

describe('a model that is read rightly', () => {
  it.each<[string, NetworkOptions]>([
    ['one with logits', {}],
    ['one that ends in Softmax', { last: 'Softmax' }],
    ['one that ends in Sigmoid', { last: 'Sigmoid' }],
    ['one with channels last', { layout: 'NHWC' }],
    ['one that fixes its batch', { dims: [3, 3, 8, 8] }],
    ['a grey one', { channels: 1 }],
  ])('passes: %s', async (_, options) => {
    const found = await test(network(options));
    expect(found.checks.map(({ name, state }) => [name, state])).toEqual([
      ['gradient', 'passed'],
      ['original', 'passed'],
      ['engines', 'passed'],
      ['photograph', 'skipped'],
    ]);
    expect(found.passed).toBe(true);
    for (const { text } of found.checks) expect(text).toMatch(/^[^\n]+\.$/);
  });
});

describe('a gradient that is wrong is found', () => {
  it.each<[string, (gradient: Float32Array) => void]>([
    [
      'a tenth too large',
      (gradient) => gradient.forEach((value, i) => (gradient[i] = 1.1 * value)),
    ],
    ['turned round', (gradient) => gradient.reverse()],
    ['without half of the image', (gradient) => gradient.fill(0, gradient.length / 2)],
    ['zero', (gradient) => gradient.fill(0)],
  ])('%s', async (_, change) => {
    const found = await test(network(), spoiling(change));
    expect(found.passed).toBe(false);
    expect(check(found, 'gradient')).toMatchObject({ state: 'failed' });
    expect(check(found, 'gradient').text).toMatch(/is not the slope of the logit/);
    expect(check(found, 'original').state).toBe('passed');
  });

  it('no number', async () => {
    const found = await test(
      network(),
      spoiling((gradient) => gradient.fill(NaN)),
    );
    expect(check(found, 'gradient').text).toMatch(/are not numbers/);
  });
});

/** The small network with an operator before its first convolution. */
function behind(op: string): Graph {
  const plain = network();
  const nodes = plain.nodes.map((node) =>
    node.op === 'Conv' ? { ...node, inputs: ['stepped', ...node.inputs.slice(1)] } : node,
  );
  const step = { name: op, op, inputs: ['image'], outputs: ['stepped'], attributes: {} };
  return { ...plain, nodes: [step, ...nodes] };
}

describe('what stands in the way is explained', () => {
  it.each(['Round', 'Floor', 'Sign'])('a model that steps: %s', async (op) => {
    const gradient = check(await test(behind(op)), 'gradient');
    expect(gradient.state).toBe('failed');
    expect(gradient.text).toMatch(new RegExp(`(in jumps|do not react).*${op}`));
  });

  it('logits that do not react', async () => {
    const plain = network();
    const weights = plain.constants.get('weights')!;
    const dead = new Map(plain.constants).set('weights', {
      ...weights,
      data: new Float32Array(weights.data.length),
    });
    const gradient = check(await test({ ...plain, constants: dead }), 'gradient');
    expect(gradient).toMatchObject({ state: 'failed' });
    expect(gradient.text).toMatch(/do not react to small changes of the image at all: /);
  });
});

it('an engine that computes other logits fails', async () => {
  const path = folder.write('other.onnx', network());
  const classifier = await loadClassifier(path, { preprocessing: 'unit' });
  const off: Engine = {
    ...engine,
    info: engine.info,
    close: () => Promise.resolve(),
    async compile(graph) {
      const executable = await engine.compile(graph);
      const run: typeof executable.run = async (feeds) => {
        const results = await executable.run(feeds);
        const logits = results[classifier.logits] as Float32Array;
        logits.forEach((value, i) => (logits[i] = 1.01 * value));
        return results;
      };
      return { compileMs: 0, run, release: () => executable.release() };
    },
  };
  const found = await selfTest(classifier, off, { path, other: 'cpu' });
  expect(check(found, 'engines').state).toBe('failed');
  expect(check(found, 'original').state).toBe('failed');
});

describe('a photograph', () => {
  const data = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => (i * 37) % 256);
  const png = encode({ width: 16, height: 16, channels: 3, depth: 8, data });

  it('gives the five most probable classes', async () => {
    const photograph = folder.bytes('any.png', png);
    const found = await test(network({ classes: 7 }), engine, photograph);
    expect(found.top).toHaveLength(5);
    const shares = found.top.map(({ probability }) => probability!);
    expect(shares.toSorted((a, b) => b - a)).toEqual(shares);
    expect(check(found, 'photograph').text).toMatch(/look whether that makes sense\.$/);
  });

  it('named after a class that the model does not see in it fails', async () => {
    const labels = folder.write('labels.txt', ['a', 'b', 'c', 'd', 'e', 'f', 'g'].join('\n'));
    const path = folder.write('named.onnx', network({ classes: 7 }));
    const classifier = await loadClassifier(path, { preprocessing: 'unit', labels });
    const at = async (name: string) =>
      selfTest(classifier, engine, {
        path,
        other: 'tensorflow-cpu',
        photograph: folder.bytes(`${name}.png`, png),
      });
    const { top } = await at('any');
    const seen = top[0].label;
    const unseen = classifier.labels.find((label) => !top.some((each) => each.label === label))!;
    expect(check(await at(seen), 'photograph').state).toBe('passed');
    expect(check(await at(unseen), 'photograph').state).toBe('failed');
  });
});

it('stops where it is asked to', async () => {
  const path = folder.write('stopped.onnx', network());
  const classifier = await loadClassifier(path, { preprocessing: 'unit' });
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(selfTest(classifier, engine, { path, signal })).rejects.toThrow('enough');
});
