import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { golden, safetensorsOf } from '../src-main/graph/architectures/golden.fixture.ts';
import { save } from '../src-main/graph/onnx/model.fixture.ts';
import { start } from './support/command.ts';
import { fill, filesOf, layers } from './support/tfjs-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'eidoscope-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A LayersModel of a convolution and a dense layer. @returns the path of its model.json */
async function layersModel(): Promise<string> {
  const model = layers.sequential();
  model.add(layers.layers.conv2d({ inputShape: [16, 16, 3], filters: 4, kernelSize: 3 }));
  model.add(layers.layers.globalAveragePooling2d({}));
  model.add(layers.layers.dense({ units: 3, activation: 'softmax' }));
  const { json, weights } = await filesOf(fill(model));
  mkdirSync(join(folder, 'layers'));
  save(join(folder, 'layers', 'weights.bin'), weights);
  return save(join(folder, 'layers', 'model.json'), json);
}

/** What a command with --json gives. */
async function result(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await start([...args, '--json'], folder).ended;
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const MODELS: readonly (readonly [
  format: string,
  path: () => string | Promise<string>,
  files: readonly string[],
  size: readonly string[],
])[] = [
  ['tfjs-layers', layersModel, ['model.json', 'weights.bin'], []],
  [
    'keras',
    () => fileURLToPath(new URL('../src-main/graph/keras/golden/chain.keras', import.meta.url)),
    ['chain.keras'],
    [],
  ],
  [
    'safetensors',
    () => save(join(folder, 'net.safetensors'), safetensorsOf(golden('squeezenet-1.1'))),
    ['net.safetensors'],
    ['--size', '48,48'],
  ],
];

describe.each(MODELS)('a model of the format %s', (format, make, files, size) => {
  it('is told by name, with its files, and gets prototypes', async () => {
    const path = await make();
    const found = await result('inspect', path, ...size);
    expect(found).toMatchObject({ format, unsupported: [] });
    const listed = found.files as { path: string; sha256: string }[];
    expect(listed.map((file) => file.path)).toEqual(files);
    expect(listed.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256))).toBe(true);

    const workspace = join(folder, `${format}-workspace`);
    const settings = ['--workspace', workspace, '--classes', '1', '--set', 'steps=4'];
    const made = await result('generate', '--model', path, ...settings, ...size);
    expect(made).toMatchObject({ finished: 1, failed: 0 });
  });
});
