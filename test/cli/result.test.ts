import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { attr } from '../../src-main/graph/attributes.ts';
import { floats } from '../../src-main/graph/tensor.ts';
import { eidoscope } from '../support/command.ts';
import { expectClose } from '../support/gradient.ts';
import { Folder, network } from '../support/network.ts';
import { sampleFile } from '../support/sample.ts';

const folder = new Folder();
afterAll(() => folder.remove());

const own = join(import.meta.dirname, '..', 'golden');
const shared = join(import.meta.dirname, '..', '..', '..', 'shared', 'fixtures', 'gradients');

interface Fixture {
  readonly inputShape: readonly number[];
  readonly numClasses: number;
  readonly classes: readonly number[];
  readonly tolerance: { readonly logitsRel: number; readonly gradRel: number };
}

const fixturesIn = (path: string): string[] =>
  existsSync(path)
    ? readdirSync(path)
        .map((name) => join(path, name))
        .filter((each) => existsSync(join(each, 'fixture.json')))
    : [];

const stored = (path: string, dims: readonly number[]) =>
  floats(dims, new Float32Array(Uint8Array.from(readFileSync(path)).buffer));

describe('eidoscope gradient writes the figures of PyTorch', () => {
  const fixtures = [...fixturesIn(own), ...fixturesIn(shared)];
  it.concurrent.for(fixtures)('for %s', async (path) => {
    const fixture = JSON.parse(readFileSync(join(path, 'fixture.json'), 'utf8')) as Fixture;
    const { inputShape, numClasses, classes, tolerance } = fixture;
    const name = path.replaceAll(/[\\/]/g, '-');
    const [logits, gradient] = ['logits', 'gradient'].map((what) =>
      join(folder.path, `${name}.${what}`),
    );
    const files = ['--input', join(path, 'input.bin'), '--logits', logits, '--gradient', gradient];
    const what = ['--shape', inputShape.join(','), '--classes', classes.join(',')];
    await eidoscope(['gradient', join(path, 'model.onnx'), ...files, ...what], folder.path);
    const shape = [inputShape[0], numClasses];
    const { logitsRel, gradRel } = tolerance;
    expectClose(
      stored(logits, shape),
      stored(join(path, 'logits.bin'), shape),
      logitsRel,
      'logits',
    );
    const expected = stored(join(path, 'grad.bin'), inputShape);
    expectClose(stored(gradient, inputShape), expected, gradRel, 'gradient');
  });

  if (fixturesIn(shared).length === 0) it.skip('for ../shared/fixtures/gradients (absent)');
});

describe('eidoscope gradient refuses', () => {
  const model = folder.write('model.onnx', network());
  const input = folder.bytes('input.bin', new Uint8Array(4 * 2 * 3 * 8 * 8));
  const ask = (shape: string, classes: string, ...more: string[]): string[] => [
    'gradient',
    model,
    '--input',
    input,
    '--shape',
    shape,
    '--classes',
    classes,
    ...more,
  ];

  it.concurrent.for([
    ['a file of another size', ask('1,3,8,8', '0'), 2, /1536 bytes, but .* takes 768/],
    [
      'a shape that does not fit',
      ask('2,8,8,3', '0'),
      2,
      /fits no float input .* \[batch, 3, 8, 8\]/,
    ],
    ['a dimension of nothing', ask('2,,3,8,8', '0'), 2, /must be whole numbers/],
    ['no class', ask('2,3,8,8', ''), 2, /must be whole numbers/],
    ['a class too high', ask('2,3,8,8', '5'), 3, /no class 5; .* 0 to 4/],
    ['three classes for two images', ask('2,3,8,8', '1,2,3'), 2, /2 images and 3 classes/],
    [
      'a path below a file',
      ask('2,3,8,8', '1', '--logits', `${input}/x`),
      4,
      /a file is in the place of its folder/,
    ],
  ] as const)('%s', async ([, args, code, says], { expect }) => {
    const ended = await eidoscope(args, folder.path);
    expect(ended).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringMatching(says) as string,
    });
    expect(ended.stderr).not.toContain('    at ');
  });
});

describe('eidoscope inspect', () => {
  it('tells a person what a classifier is', async ({ expect }) => {
    const { code, stdout, stderr } = await eidoscope(
      ['inspect', sampleFile('shortcut.onnx')],
      folder.path,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { sha256 } = JSON.parse(readFileSync(sampleFile('shortcut.json'), 'utf8')) as {
      sha256: string;
    };
    expect(stdout).toContain(`SHA-256 ${sha256}`);
    expect(stdout).toMatch(/^image +3 × 28 × 28, NCHW, batch free$/m);
    expect(stdout).toMatch(/^classes +10: zero, one, two, three, four, …$/m);
  });

  it('tells a program the same as JSON, and nothing but JSON', async ({ expect }) => {
    const { code, stdout, stderr } = await eidoscope(
      ['inspect', sampleFile('shortcut.onnx'), '--json'],
      folder.path,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      inputs: [{ name: 'input', dtype: 'float32', dims: ['batch', 3, 28, 28] }],
      unsupported: [],
      classifier: { preprocessingFrom: 'sidecar', input: { height: 28, width: 28 } },
    });
  });

  it('lists every unsupported operator with its first node, and ends with exit code 3', async ({
    expect,
  }) => {
    const plain = network();
    const nodes = plain.nodes.flatMap((node) =>
      node.op === 'Relu'
        ? [
            { ...node, name: '/a', op: 'Frobnicate', outputs: ['between'] },
            { ...node, name: '/b', op: 'Frobnicate', inputs: ['between'] },
          ]
        : [node.op === 'Gemm' ? { ...node, name: '/c', op: 'Defenestrate' } : node],
    );
    const model = folder.write('unsupported.onnx', { ...plain, nodes });
    const text = await eidoscope(['inspect', model], folder.path);
    expect(text.code).toBe(3);
    expect(text.stdout).toMatch(/^not supported +Frobnicate, 2 times, first at node \/a$/m);
    expect(text.stdout).toMatch(/^not supported +Defenestrate, at node \/c$/m);
    const json = await eidoscope(['inspect', model, '--json'], folder.path);
    expect(json.code).toBe(3);
    expect(JSON.parse(json.stdout)).toMatchObject({
      unsupported: [
        { op: 'Frobnicate', node: '/a', count: 2 },
        { op: 'Defenestrate', node: '/c', count: 1 },
      ],
    });
  });
});

describe('names from files', () => {
  const evil = network();
  const model = folder.write('evil.onnx', {
    ...evil,
    nodes: evil.nodes.map((node) => ({ ...node, name: `${node.name}\u001b[2J` })),
  });
  const long = 'x'.repeat(300);
  folder.write('evil.json', { name: 'evil\u001b]0;title\u0007\nname', labels: 'evil.txt' });
  folder.write('evil.txt', ['\u001b[31mred', 'a, b', '\u009b2J', long, '../../up'].join('\n'));

  it('reach the terminal without control characters and in cells of a sane width', async ({
    expect,
  }) => {
    const args = ['--model', model, '--workspace', 'evil', '--set', 'steps=2', '--out', 'pictures'];
    const { code, stdout, stderr } = await eidoscope(
      ['generate', ...args, '--classes', '0-4'],
      folder.path,
    );
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(/[^\P{C}\n]/u);
    expect(stdout).toContain('a, b');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(120);
    expect(readdirSync(join(folder.path, 'pictures'))).toEqual(['evil_0_title_name']);
    const files = readdirSync(join(folder.path, 'pictures', 'evil_0_title_name', 'paper'));
    expect(files.filter((name) => name.endsWith('.png'))).toHaveLength(5);
  });

  it('may hold commas, and are found with them', async ({ expect }) => {
    const args = ['--model', model, '--workspace', 'commas', '--set', 'steps=1', '--json'];
    const { stdout } = await eidoscope(['generate', ...args, '--classes', 'a, b,0'], folder.path);
    const { models } = JSON.parse(stdout) as { models: { prototypes: { class: number }[] }[] };
    expect(models[0].prototypes.map((prototype) => prototype.class)).toEqual([0, 1]);
  });
});

describe('classifiers of every make', () => {
  folder.write('grey.onnx', network({ channels: 1 }));
  folder.write('nhwc.onnx', network({ layout: 'NHWC' }));
  folder.write('four.onnx', network({ dims: [4, 3, 8, 8] }));
  folder.write('baked.onnx', network({ bakedBatch: true }));
  folder.write('softmax.onnx', network({ last: 'Softmax' }));
  folder.write('free.onnx', {
    ...network({ dims: ['n', 3, 'h', 'w'] }),
    nodes: network().nodes.map((node) =>
      node.op === 'Conv' ? { ...node, attributes: { pads: attr.ints([1, 1, 1, 1]) } } : node,
    ),
  });

  it.concurrent.for([
    ['of grey images', 'grey.onnx'],
    ['that want channels last', 'nhwc.onnx'],
    ['that take four images at a time', 'four.onnx'],
    ['that take one image at a time', 'baked.onnx'],
    ['that end in probabilities', 'softmax.onnx'],
    ['of images of any size', 'free.onnx', '--size', '12,9'],
  ])('%s get prototypes', async ([what, model, ...more], { expect }) => {
    const args = ['--model', model, '--workspace', what, '--set', 'steps=3', ...more];
    const { code, stdout } = await eidoscope(['generate', ...args, '--json'], folder.path);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ finished: 5, failed: 0 });
  });
});
