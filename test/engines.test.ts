import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { attr } from '../src-main/graph/attributes.ts';
import { engineNames } from '../src-main/engine/choices.ts';
import { EngineError, type Engine, type EngineInfo } from '../src-main/engine/engine.ts';
import { openEngine } from '../src-main/engine/open.ts';
import { findNative } from '../src-main/engine/tensorflow/location.ts';
import { tensorFlowOperators } from '../src-main/engine/tensorflow/operators/index.ts';
import {
  openTensorFlow,
  type Backend,
  type TensorFlow,
} from '../src-main/engine/tensorflow/tensorflow.ts';
import type { Tensor, TypedGraph } from '../src-main/graph/ir.ts';
import { lower } from '../src-main/graph/lower.ts';
import { operatorOf, supportedOperators } from '../src-main/graph/operators/index.ts';
import { engineCases } from './support/engine-cases.ts';
import { graphOf, withGradient, type Application, type Fed } from './support/engine-graph.ts';
import { checkFixture, fixturesIn, OWN, SHARED } from './support/fixtures.ts';
import { goldenCases, operatorCaseOf, stored, type GoldenCase } from './support/golden.ts';
import { expectClose } from './support/gradient.ts';
import { memoryInUse } from './support/memory.ts';
import { uniform } from './support/random.ts';
import { compile as compileAlone, type Runner } from './support/run.ts';

/** Networks that plain JavaScript takes too long for are left to the other backends. */
const GOLDEN = ['activation', 'convolution', 'normalisation', 'pooling', 'product', 'reduction'];
const SCATTERED = ['resize', 'transposed-convolution'];

function hasNative(): boolean {
  try {
    return findNative() !== '';
  } catch {
    return false;
  }
}

const backends: readonly Backend[] = [
  'cpu',
  'wasm',
  ...(hasNative() ? (['tensorflow'] as const) : []),
];
if (!hasNative()) it.skip('the native TensorFlow (npm run setup:tensorflow prepares it)');

/** The graph on an engine of ours, with tensors in and out. */
const on =
  (engine: Engine) =>
  async (graph: TypedGraph): Promise<Runner> => {
    const executable = await engine.compile(graph);
    return async (feeds) => {
      const data = [...feeds].map(([name, value]) => [name, value.data] as const);
      const results = await executable.run(Object.fromEntries(data));
      await executable.release();
      return new Map(
        graph.outputs.map((name) => [name, { ...graph.types.get(name)!, data: results[name] }]),
      );
    };
  };

const tensorsOf = ({ graph, feeds }: Fed): Map<string, Tensor> =>
  new Map(graph.inputs.map(({ name }) => [name, { ...graph.types.get(name)!, data: feeds[name] }]));

/** With its gradient, where the operator has one. */
function whole(given: Application, blocked: boolean): Fed {
  const fed = graphOf(given, blocked);
  const smooth = fed.graph.inputs.some(({ dtype }) => dtype === 'float32');
  const floating = fed.graph.outputs.some((name) => fed.graph.types.get(name)!.dtype === 'float32');
  const differentiable = operatorOf(given.op).gradient !== undefined && smooth && floating;
  return differentiable ? withGradient(fed) : fed;
}

async function agrees(engine: Engine, fed: Fed, what: string): Promise<void> {
  const feeds = tensorsOf(fed);
  const [theirs, ours] = [await compileAlone(lower(fed.graph)), await on(engine)(fed.graph)];
  const [expected, found] = [await theirs(feeds), await ours(feeds)];
  for (const name of fed.graph.outputs) {
    const { dtype, dims } = fed.graph.types.get(name)!;
    expect(found.get(name)!.data.constructor, what).toBe(expected.get(name)!.data.constructor);
    expect(found.get(name)!.data.length, what).toBe(expected.get(name)!.data.length);
    const tolerance = dtype === 'float32' ? 1e-5 : 0;
    expectClose({ ...found.get(name)!, dims }, { ...expected.get(name)!, dims }, tolerance, what);
  }
}

test('every operator that a graph may hold is computed, or is always folded', () => {
  const folded = ['Constant', 'ConstantOfShape', 'NonZero', 'Range', 'Shape', 'Size'];
  expect([...tensorFlowOperators, ...folded].sort()).toEqual([...supportedOperators]);
});

test('every operator is among the cases', () => {
  const covered = new Set(engineCases.map(({ op }) => op));
  expect(tensorFlowOperators.filter((name) => !covered.has(name))).toEqual([]);
});

describe.each(backends)('TensorFlow on the backend %s', (backend) => {
  let engine: TensorFlow;
  beforeAll(async () => {
    engine = await openTensorFlow({ backend });
  });

  it.each(tensorFlowOperators)('computes %s and its gradient as onnxruntime does', async (op) => {
    const before = await engine.memory();
    for (const given of engineCases.filter((each) => each.op === op)) {
      for (const blocked of [false, true]) {
        const shapes = given.inputs.map((input) => `[${input?.dims.join(',') ?? ''}]`).join(' ');
        const what = `${op} ${shapes} ${JSON.stringify(given.attributes ?? {})}`;
        await agrees(engine, whole(given, blocked), what);
      }
    }
    expect(await engine.memory()).toEqual(before);
  });

  describe.each([...GOLDEN, ...SCATTERED])('%s', (family) => {
    const url = new URL(`../src-main/graph/operators/golden/${family}.json`, import.meta.url);
    it.each(goldenCases(url))("has PyTorch's values and gradients: $op, $name", async (golden) => {
      await checkGolden(engine, golden);
    });
  });

  const networks = [...fixturesIn(OWN), ...(backend === 'cpu' ? [] : fixturesIn(SHARED))];
  it.each(networks.map((path) => [basename(path), path]))(
    'gives the logits and the input gradient of PyTorch: %s',
    async (_, path) => {
      await checkFixture(path, ['logits.bin', 'grad.bin'], true, on(engine));
    },
  );

  it('holds as much memory after 1,000 steps as before', async () => {
    const { graph, feeds } = step();
    const executable = await engine.compile(graph);
    for (let i = 0; i < 20; i++) await executable.run(feeds);
    const [before, resident] = [await engine.memory(), memoryInUse().rss];
    for (let i = 0; i < 1000; i++) await executable.run(feeds);
    expect(await engine.memory()).toEqual(before);
    expect(memoryInUse().rss - resident).toBeLessThan(64 * 2 ** 20);
    await executable.release();
  });

  it('gives the same bytes in 20 runs', async () => {
    expect(engine.info.deterministic).toBe(true);
    const { graph, feeds } = step();
    const executable = await engine.compile(graph);
    const bytes = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const results = await executable.run(feeds);
      bytes.add(graph.outputs.map((name) => hex(results[name])).join());
    }
    await executable.release();
    expect(bytes.size).toBe(1);
  });

  it('lets JavaScript go on while it runs, and stops within a run when it is released', async () => {
    const before = await engine.memory();
    const { graph, feeds } = chain();
    const executable = await engine.compile(graph);
    const running = executable.run(feeds).then(
      () => 'ran to its end',
      (error: unknown) => error as Error,
    );
    const first = await Promise.race([
      running,
      new Promise((done) => setImmediate(done, 'JavaScript')),
    ]);
    expect(first).toBe('JavaScript');
    await executable.release();
    const end = await running;
    expect(end).toBeInstanceOf(EngineError);
    expect((end as Error).message).toMatch(/^the run was stopped/);
    expect(await engine.memory()).toEqual(before);
  });

  it('says in one sentence what it cannot run', async () => {
    const { graph } = step();
    const [node] = graph.nodes;
    const unknown = { ...graph, nodes: [{ ...node, op: 'Frobnicate' }, ...graph.nodes.slice(1)] };
    await expect(engine.compile(unknown)).rejects.toThrow(
      /^TensorFlow \(.+\) refuses the graph .+: it has no operator Frobnicate \(node .+\)\.$/,
    );
    const executable = await engine.compile(graph);
    await expect(executable.run({})).rejects.toThrow('The input input0 was given no data.');
    await executable.release();
    await expect(executable.run({})).rejects.toThrow(/was released/);
  });
});

/** A convolution, a rectifier of what came before, and all of it backwards. */
function step(): Fed {
  const given: Application = {
    op: 'Conv',
    inputs: [uniform([1, 4, 9, 9], -1, 1, 1), uniform([4, 4, 3, 3], -1, 1, 2)],
    varying: [0],
    attributes: { pads: attr.ints([1, 1, 1, 1]) },
  };
  return withGradient(graphOf(given, true));
}

/** Products that take a second or more, in kernels of milliseconds. */
function chain(): Fed {
  const size = 256;
  const type = { dtype: 'float32', dims: [size, size] } as const;
  const names = Array.from({ length: 3000 }, (_, i) => `y${i}`);
  const graph: TypedGraph = {
    name: 'chain',
    inputs: [{ name: 'x', ...type }],
    outputs: [names.at(-1)],
    nodes: names.map((name, i) => ({
      name,
      op: 'MatMul',
      inputs: [names[i - 1] ?? 'x', 'x'],
      outputs: [name],
      attributes: {},
    })),
    constants: new Map(),
    types: new Map(['x', ...names].map((name) => [name, type])),
  };
  return { graph, feeds: { x: new Float32Array(size * size) } };
}

const hex = ({ buffer, byteOffset, byteLength }: Tensor['data']): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('hex');

async function checkGolden(engine: Engine, golden: GoldenCase): Promise<void> {
  const varying = golden.gradients.flatMap((gradient, index) => (gradient ? [index] : []));
  for (const set of [varying, varying.slice(0, 1)]) {
    const given = operatorCaseOf(golden, set);
    const fed = withGradient(graphOf({ ...given, varying: set }, false), [
      stored(golden.cotangent),
    ]);
    const results = await (await on(engine)(fed.graph))(tensorsOf(fed));
    const [output, ...gradients] = fed.graph.outputs.map((name) => results.get(name)!);
    expectClose(output, stored(golden.output), 1e-5, `${golden.name}, output`);
    gradients.forEach((gradient, i) => {
      expectClose(gradient, stored(golden.gradients[set[i]]!), 1e-5, `gradient ${set[i]}`);
    });
  }
}

/** The engines in a folder of their own, beside a package onnxruntime-node that has lost its library. */
function withoutOnnxRuntime(folder: string): string {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const modules = join(folder, 'node_modules');
  mkdirSync(modules, { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  for (const part of ['engine', 'graph', 'resources.ts']) {
    cpSync(join(root, 'src-main', part), join(folder, 'src-main', part), { recursive: true });
  }
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === 'onnxruntime-node') continue;
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  const runtime = join(root, 'node_modules', 'onnxruntime-node');
  cpSync(runtime, join(modules, 'onnxruntime-node'), {
    recursive: true,
    filter: (path) => !path.startsWith(join(runtime, 'bin')),
  });
  return folder;
}

describe('engines by name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'eidoscope-'));
  afterAll(() => {
    delete process.env.EIDOSCOPE_TENSORFLOW;
    rmSync(folder, { recursive: true });
  });

  test('one that does not exist is refused with the list of those that do', async () => {
    await expect(openEngine('abacus')).rejects.toThrow(
      /^There is no engine abacus; choose auto, cpu, .+ or tensorflow-cpu\.$/,
    );
    expect(engineNames).toContain('tensorflow');
  });

  test('TensorFlow without its library is replaced by the next best, in one sentence', async () => {
    const place = join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
    mkdirSync(join(place, 'lib', 'napi-v8'), { recursive: true });
    writeFileSync(join(place, 'lib', 'napi-v8', 'tfjs_binding.node'), 'not a library');
    const main = "module.exports = require('./lib/napi-v8/tfjs_binding.node')";
    writeFileSync(join(place, 'index.js'), main);
    const manifest = { name: 'tfjs-node', main: 'index.js', binary: { napi_versions: [8] } };
    writeFileSync(join(place, 'package.json'), JSON.stringify(manifest));
    process.env.EIDOSCOPE_TENSORFLOW = folder;
    const { info } = await openEngine('tensorflow');
    expect(info).toMatchObject({ id: 'onnxruntime', provider: 'cpu' });
    expect(info.fallback).toMatch(
      /^The engine tensorflow cannot be used here, so cpu computes: [^\n]*tfjs_binding\.node[^\n]*\.$/,
    );
  });

  test.skipIf(hasNative())('and where it was never prepared the sentence says how', async () => {
    process.env.EIDOSCOPE_TENSORFLOW = join(folder, 'nothing');
    const { info } = await openEngine('tensorflow');
    expect(info.fallback).toMatch(/npm run setup:tensorflow prepares one\.$/);
  });

  test('onnxruntime without its library leaves the work to TensorFlow', () => {
    const program = withoutOnnxRuntime(join(folder, 'program'));
    const script = `import { openEngine } from './src-main/engine/open.ts';
      const { info } = await openEngine('cpu');
      console.log(JSON.stringify(info));
      process.exit();`;
    const env = { ...process.env, EIDOSCOPE_TENSORFLOW: join(folder, 'nothing') };
    writeFileSync(join(program, 'ask.ts'), script);
    const said = execFileSync(process.execPath, ['ask.ts'], {
      cwd: program,
      env,
      encoding: 'utf8',
    });
    const info = JSON.parse(said) as EngineInfo;
    expect(info).toMatchObject({ id: 'tensorflow', provider: 'wasm' });
    expect(info.fallback).toMatch(
      /^The engine cpu cannot be used here, so tensorflow-wasm computes: [^\n]*onnxruntime[^\n]*\.$/,
    );
  });

  test('the fastest says why it was taken', async () => {
    process.env.EIDOSCOPE_TENSORFLOW = join(folder, 'nothing');
    const { info } = await openEngine('auto');
    expect(info.chosen).toMatch(/^Eidoscope chose the engine \w+[^\n]*\.$/);
  });

  test('threads that are none are refused', async () => {
    await expect(openEngine('tensorflow-wasm', { threads: 0 })).rejects.toThrow(
      'The number of threads must be a whole number from 1, not 0.',
    );
  });
});
