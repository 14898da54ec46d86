import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MemoryWatch } from '../../../test/support/memory.ts';
import { mutate } from '../../../test/support/mutate.ts';
import { generator } from '../../../test/support/random.ts';
import { workOfAsync } from '../../../test/support/work.ts';
import { GraphError } from '../errors.ts';
import { findInput } from '../input.ts';
import { temporaryFolder } from '../onnx/model.fixture.ts';
import { readModel } from '../read.ts';
import { specialise } from '../specialise.ts';
import { listUnsupported } from '../unsupported.ts';

const at = temporaryFolder();
const SAVED = fileURLToPath(new URL('../../../test/golden/saved-model', import.meta.url));

interface Json {
  modelTopology: { node: object[]; library?: object };
  weightsManifest: {
    paths: string[];
    weights: { name: string; shape: number[]; dtype: string }[];
  }[];
  format?: string;
}

const text = (value: string) => ({ s: Buffer.from(value).toString('base64') });
const ints = (...values: number[]) => ({ list: { i: values.map(String) } });

/** A small classifier as a model.json: a convolution, an average, a product. */
function sample(): Json {
  const image = { dim: [{ size: '-1' }, { size: '8' }, { size: '8' }, { size: '3' }] };
  const constant = (name: string, type = 'DT_FLOAT') => ({
    ...{ name, op: 'Const' },
    attr: { dtype: { type } },
  });
  return {
    format: 'graph-model',
    modelTopology: {
      node: [
        ...[constant('w'), constant('axes', 'DT_INT32'), constant('m')],
        {
          name: 'x',
          op: 'Placeholder',
          attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: image } },
        },
        {
          name: 'net/c/Conv2D',
          op: 'Conv2D',
          input: ['x', 'w'],
          attr: { strides: ints(1, 2, 2, 1), padding: text('SAME'), data_format: text('NHWC') },
        },
        { name: 'net/r/Relu', op: 'Relu', input: ['net/c/Conv2D'] },
        {
          name: 'net/p/Mean',
          op: 'Mean',
          input: ['net/r/Relu', 'axes'],
          attr: { keep_dims: { b: false } },
        },
        { name: 'net/f/MatMul', op: 'MatMul', input: ['net/p/Mean', 'm'] },
        { name: 'y', op: 'Softmax', input: ['net/f/MatMul'] },
      ],
    },
    weightsManifest: [
      {
        paths: ['w.bin'],
        weights: [
          { name: 'w', shape: [3, 3, 3, 4], dtype: 'float32' },
          { name: 'axes', shape: [2], dtype: 'int32' },
          { name: 'm', shape: [4, 5], dtype: 'float32' },
        ],
      },
    ],
  };
}

const BYTES = Buffer.concat([
  Buffer.from(Float32Array.from({ length: 108 }, (_, i) => Math.sin(i)).buffer),
  Buffer.from(Int32Array.of(1, 2).buffer),
  Buffer.from(Float32Array.from({ length: 20 }, (_, i) => Math.cos(i)).buffer),
]);

let folders = 0;

function written(json: unknown, bytes: Uint8Array = BYTES): string {
  const folder = at(`tfjs${folders++}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'model.json'), typeof json === 'string' ? json : JSON.stringify(json));
  writeFileSync(join(folder, 'w.bin'), bytes);
  return join(folder, 'model.json');
}

function changed(change: (json: Json) => void): string {
  const json = sample();
  change(json);
  return written(json);
}

async function failure(path: string): Promise<GraphError> {
  try {
    const { graph } = await readModel(path);
    specialise(graph, { x: [1, 8, 8, 3] });
  } catch (error) {
    if (error instanceof GraphError) return error;
    throw error;
  }
  throw new Error('it was read');
}

const weight = (json: Json, i: number) => json.weightsManifest[0].weights[i];
const nodeAt = (json: Json, i: number) => json.modelTopology.node[i] as Record<string, unknown>;

const CASES: readonly [string, (json: Json) => void, string, RegExp][] = [
  [
    'a path that leaves the folder',
    (m) => (m.weightsManifest[0].paths = ['../w.bin']),
    'bad-external-data',
    /own folder/,
  ],
  [
    'an absolute path',
    (m) => (m.weightsManifest[0].paths = ['/etc/hostname']),
    'bad-external-data',
    /own folder/,
  ],
  [
    'a path of Windows',
    (m) => (m.weightsManifest[0].paths = ['C:\\w.bin']),
    'bad-external-data',
    /own folder/,
  ],
  [
    'a URL',
    (m) => (m.weightsManifest[0].paths = ['https://example.org/w.bin']),
    'bad-external-data',
    /own folder/,
  ],
  [
    'a folder in place of a file',
    (m) => (m.weightsManifest[0].paths = ['.']),
    'bad-external-data',
    /./,
  ],
  [
    'a missing shard',
    (m) => m.weightsManifest[0].paths.push('w2.bin'),
    'bad-external-data',
    /w2\.bin, which cannot be read/,
  ],
  ['no shard', (m) => (m.weightsManifest[0].paths = []), 'bad-external-data', /hold 0 bytes/],
  [
    'a shard listed twice',
    (m) => m.weightsManifest[0].paths.push('w.bin'),
    'bad-external-data',
    /twice/,
  ],
  [
    'thousands of shards',
    (m) => (m.weightsManifest[0].paths = Array.from({ length: 1e5 }, (_, i) => `${i}`)),
    'bad-external-data',
    /cannot be read/,
  ],
  [
    'a wrong size',
    (m) => (weight(m, 2).shape = [4, 6]),
    'bad-external-data',
    /520 bytes.*needs? 536|520 bytes of weights where the model needs 536/,
  ],
  [
    'an absurd shape',
    (m) => (weight(m, 0).shape = [2 ** 40, 2 ** 40]),
    'too-large',
    /not possible/,
  ],
  ['a negative shape', (m) => (weight(m, 0).shape = [-3]), 'bad-graph', /weights\.0\.shape/],
  ['text as weights', (m) => (weight(m, 0).dtype = 'string'), 'bad-graph', /string/],
  [
    'two weights of one name',
    (m) => (weight(m, 1).name = 'w'),
    'bad-graph',
    /two weights of the name w/,
  ],
  [
    'an operation that is not known',
    (m) => (nodeAt(m, 5).op = 'PyFunc'),
    'unsupported-operator',
    /tf\.PyFunc \(node net\/r\/Relu\)/,
  ],
  [
    'a custom operation',
    (m) => (nodeAt(m, 8).op = 'MyCustomOp'),
    'unsupported-operator',
    /tf\.MyCustomOp \(node y\)/,
  ],
  ['a node that reads nothing', (m) => (nodeAt(m, 5).input = ['gone']), 'bad-graph', /reads gone/],
  ['a circle', (m) => (nodeAt(m, 4).input = ['net/r/Relu', 'w']), 'bad-graph', /own output/],
  ['two nodes of one name', (m) => (nodeAt(m, 5).name = 'x'), 'bad-graph', /called x/],
  [
    'a missing input',
    (m) => (nodeAt(m, 4).input = ['x']),
    'unsupported-operator',
    /Conv2D.*weights/,
  ],
  ['a node without a name', (m) => delete nodeAt(m, 5).name, 'bad-graph', /node\.5\.name/],
  [
    'an absurd input',
    (m) => (nodeAt(m, 3).attr = { shape: { shape: { dim: [{ size: '9999999999999' }] } } }),
    'bad-shape',
    /9999999999999/,
  ],
  ['an unknown function', (m) => (nodeAt(m, 5).op = 'PartitionedCall'), 'bad-graph', /function/],
  ['no graph', (m) => (m.modelTopology = {} as never), 'bad-graph', /node/],
];

describe('a hostile or damaged model.json', () => {
  it('would be read without the damage', async () => {
    const { graph, format } = await readModel(written(sample()));
    expect(format).toBe('tfjs-graph');
    expect(specialise(graph, { x: [1, 8, 8, 3] }).types.get('y')?.dims).toEqual([1, 5]);
  });

  it.each(CASES)('with %s is refused by name', async (_, change, code, message) => {
    const path = changed(change);
    let error!: GraphError;
    const work = await workOfAsync(async () => (error = await failure(path)));
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^[^\n]{1,400}\.$/);
    expect(error.code).toBe(code);
    expect(work).toBeLessThan(3000);
  });

  it('is refused when it is cut off or nested without end', async () => {
    const whole = JSON.stringify(sample());
    expect((await failure(written(whole.slice(0, 400)))).code).toBe('truncated');
    const deep = `{"modelTopology":{"node":[]},"weightsManifest":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect((await failure(written(deep))).code).toBe('bad-graph');
  });

  it('is refused when a shard is a link that leads out of the folder', async () => {
    const path = written(sample());
    writeFileSync(at('elsewhere.bin'), BYTES);
    rmSync(join(path, '../w.bin'));
    symlinkSync(at('elsewhere.bin'), join(path, '../w.bin'));
    expect((await failure(path)).message).toMatch(/leads out of the model's folder/);
  });

  it('is refused when functions call each other without end', async () => {
    const call = (name: string, f: string) => ({
      name,
      op: 'PartitionedCall',
      input: ['x'],
      attr: { f: { func: { name: f } } },
    });
    const error = await failure(
      changed((json) => {
        json.modelTopology.node.push(call('call', 'f'));
        json.modelTopology.library = {
          function: [
            {
              signature: { name: 'f', inputArg: [{ name: 'x' }], outputArg: [{ name: 'o' }] },
              nodeDef: [call('a', 'f'), call('b', 'f')],
              ret: { o: 'a:output:0' },
            },
          ],
        };
      }),
    );
    expect(error.code).toBe('too-large');
  });
});

async function outcome(path: string): Promise<string> {
  try {
    const { graph } = await readModel(path);
    listUnsupported(graph);
    findInput(graph);
    return 'read';
  } catch (error) {
    if (error instanceof GraphError && /^[^\n]+\.$/.test(error.message)) return error.code;
    throw error;
  }
}

/** Damages one file of a model again and again. @returns what came of it, and how often */
async function damage(path: string, file: string, rounds: number): Promise<Map<string, number>> {
  const original = readFileSync(file);
  const next = generator(11);
  const seen = new Map<string, number>();
  expect(await outcome(path)).toBe('read');
  const memory = new MemoryWatch();
  for (let round = 0; round < rounds; round++) {
    writeFileSync(file, mutate(original, next));
    const result = await outcome(path);
    seen.set(result, (seen.get(result) ?? 0) + 1);
    memory.look();
  }
  expect(memory.most).toBeLessThan(400 * 2 ** 20);
  return seen;
}

describe('whatever bytes change, there is a typed error or a graph', () => {
  it('of a model.json', async () => {
    const path = written(sample());
    const seen = await damage(path, path, 2000);
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['read', 'truncated', 'bad-graph']));
  });

  it('of a saved_model.pb', async () => {
    const folder = at('saved');
    cpSync(SAVED, folder, { recursive: true });
    const seen = await damage(folder, join(folder, 'saved_model.pb'), 300);
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['read', 'truncated']));
  });

  it('of the variables', async () => {
    const folder = at('variables');
    cpSync(SAVED, folder, { recursive: true });
    const data = join(folder, 'variables/variables.data-00000-of-00001');
    expect((await damage(folder, data, 100)).get('bad-external-data')).toBeGreaterThan(50);
    writeFileSync(data, readFileSync(join(SAVED, 'variables/variables.data-00000-of-00001')));
    const index = await damage(folder, join(folder, 'variables/variables.index'), 500);
    expect(index.get('bad-graph')).toBeGreaterThan(400);
  });
});
