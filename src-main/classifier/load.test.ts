import { createHash } from 'node:crypto';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Folder, network, type NetworkOptions } from '../../test/support/network.ts';
import { uniform } from '../../test/support/random.ts';
import { compile } from '../../test/support/run.ts';
import type { Tensor } from '../graph/ir.ts';
import type { Classifier } from './classifier.ts';
import { ClassifierError } from './errors.ts';
import { loadClassifier, specialiseClassifier, type ClassifierOptions } from './load.ts';

const folder = new Folder();
afterAll(() => folder.remove());

let serial = 0;
async function load(
  network_: NetworkOptions,
  options?: ClassifierOptions,
  sidecar?: object,
): Promise<Classifier> {
  const name = `net${serial++}`;
  if (sidecar) folder.write(`${name}.json`, sidecar);
  return loadClassifier(folder.write(`${name}.onnx`, network(network_)), options);
}

/** Logits of the uniform graph for a planar RGB image. */
async function logits(classifier: Classifier, image: Tensor): Promise<number[]> {
  const run = await compile(specialiseClassifier(classifier, image.dims[0]));
  const results = await run(new Map([[classifier.input.name, image]]));
  return [...results.get(classifier.logits)!.data].map(Number);
}

/** What onnxruntime makes of the file as it is. */
async function original(options: NetworkOptions, image: Tensor): Promise<number[]> {
  const run = await compile({ ...network(options), types: new Map() });
  return [...(await run(new Map([['image', image]]))).get('logits')!.data].map(Number);
}

/** The image with its elements in another order: `at` gives the planar offset for (n, c, y, x). */
function rearranged(image: Tensor, dims: number[], order: 'RGB' | 'BGR', last: boolean): Tensor {
  const [n, c, h, w] = image.dims;
  const data = new Float32Array(image.data.length);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < c; k++)
      for (let p = 0; p < h * w; p++) {
        const channel = order === 'BGR' ? c - 1 - k : k;
        const to = last ? (i * h * w + p) * c + k : (i * c + k) * h * w + p;
        data[to] = Number(image.data[(i * c + channel) * h * w + p]);
      }
  return { dtype: 'float32', dims, data };
}

describe('a classifier file', () => {
  test('is understood without anything beside it', async () => {
    const classifier = await load({ last: 'Softmax' });
    expect(classifier).toMatchObject({
      format: 'onnx',
      logits: 'logits',
      cut: 'Softmax',
      input: { name: 'image', channels: 3, height: 8, width: 8, layout: 'NCHW', batch: 'free' },
      preprocessingFrom: 'imagenet (assumed)',
      labels: ['class 0', 'class 1', 'class 2', 'class 3', 'class 4'],
      notes: [],
    });
  });

  test('is hashed as it lies on the disk', async () => {
    const { files } = await load({});
    const bytes = readFileSync(join(folder.path, files[0].path));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(files).toEqual([{ path: files[0].path, bytes: bytes.length, sha256 }]);
  });

  test.each<[string, 'NCHW' | 'NHWC', 'unit' | 'caffe', 'RGB' | 'BGR']>([
    ['planar RGB', 'NCHW', 'unit', 'RGB'],
    ['planar BGR', 'NCHW', 'caffe', 'BGR'],
    ['RGB by pixel', 'NHWC', 'unit', 'RGB'],
    ['BGR by pixel', 'NHWC', 'caffe', 'BGR'],
  ])('that wants %s takes planar RGB', async (_name, layout, preprocessing, order) => {
    const image = uniform([2, 3, 8, 8], -1, 1, 5);
    const classifier = await load({ layout }, { preprocessing });
    expect(classifier.graph.inputs).toEqual([
      { name: classifier.input.name, dtype: 'float32', dims: ['batch', 3, 8, 8] },
    ]);
    const last = layout === 'NHWC';
    const theirs = rearranged(image, last ? [2, 8, 8, 3] : [2, 3, 8, 8], order, last);
    expect(await logits(classifier, image)).toEqual(await original({ layout }, theirs));
  });

  test('of grey images assumes no colours', async () => {
    const classifier = await load({ channels: 1 });
    expect(classifier.preprocessingFrom).toBe('unit (assumed)');
    expect(classifier.preprocessing).toMatchObject({
      order: 'grey',
      mean: [0],
      std: [1],
      range: 1,
    });
  });

  test('with a batch that is fixed takes that many', async () => {
    const classifier = await load({ dims: [3, 3, 8, 8] });
    expect(classifier.input.batch).toBe(3);
    expect(specialiseClassifier(classifier, 3).types.get('logits')!.dims).toEqual([3, 5]);
    expect(() => specialiseClassifier(classifier, 1)).toThrow(/takes 3 images at a time, not 1\.$/);
  });

  test('with a free batch that a reshape baked in takes one', async () => {
    const classifier = await load({ bakedBatch: true });
    expect(classifier.input.batch).toBe(1);
    expect(specialiseClassifier(classifier, 1).types.get('logits')!.dims).toEqual([1, 5]);
    expect(() => specialiseClassifier(classifier, 2)).toThrow(/takes 1 image at a time, not 2\.$/);
  });

  test('of any size needs one', async () => {
    const dims = ['batch', 3, 'height', 'width'];
    await expect(load({ dims })).rejects.toThrow(
      'The model takes images of any size; say which height and width.',
    );
    const sized = await load({ dims }, { size: [10, 12] });
    expect(sized.input).toMatchObject({ height: 10, width: 12 });
  });

  test('of one size takes no other', async () => {
    await expect(load({}, { size: [9, 8] })).rejects.toThrow(
      'The model takes images of 8 × 8 pixels, not 9 × 8.',
    );
  });
});

describe('a sidecar', () => {
  const labels = 'a\nb\nc\nd\ne\n';
  const input = { range: [0, 255], mean: [1, 2, 3], std: [4, 5, 6], channels: 'RGB', size: [8, 8] };

  test('says how to prepare images and what the classes are called', async () => {
    folder.write('labels.txt', labels);
    const classifier = await load({}, {}, { name: 'five', input, labels: 'labels.txt', more: 1 });
    expect(classifier).toMatchObject({
      name: 'five',
      preprocessingFrom: 'sidecar',
      preprocessing: { range: 255, mean: [1, 2, 3], std: [4, 5, 6] },
      labels: ['a', 'b', 'c', 'd', 'e'],
    });
    expect(classifier.files.map(({ path }) => path.replace(/\d+/, ''))).toEqual([
      'net.onnx',
      'net.json',
      'labels.txt',
    ]);
  });

  test('gives way to options', async () => {
    const own = folder.write('own.txt', labels.toUpperCase());
    const options = { preprocessing: 'tf', labels: own };
    const classifier = await load({}, options, { input, labels: 'missing.txt' });
    expect(classifier.preprocessingFrom).toBe('tf');
    expect(classifier.labels[0]).toBe('A');
  });

  test('that describes another file is doubted in words', async () => {
    const { notes } = await load(
      {},
      {},
      { sha256: 'AB'.repeat(32), input: { ...input, size: [9, 9] } },
    );
    expect(notes).toHaveLength(2);
    expect(notes[0]).toMatch(/^The sidecar describes another file: it states the SHA-256 abab/);
    expect(notes[1]).toBe('The description says 9 × 9 pixels, but 8 × 8 are used.');
  });

  test('may not lead out of its folder', async () => {
    await expect(load({}, {}, { labels: '../outside.txt' })).rejects.toThrow(
      new ClassifierError(
        'The list of labels ../outside.txt lies outside the folder of the model; put it there.',
      ),
    );
    symlinkSync('/etc/hostname', join(folder.path, 'link.txt'));
    await expect(load({}, {}, { labels: 'link.txt' })).rejects.toThrow(/lies outside the folder/);
  });

  test('that makes no sense is refused by the place', async () => {
    await expect(load({}, {}, { input: { range: [0] } })).rejects.toThrow(
      /does not describe a classifier: input\.range/,
    );
  });
});

test('an input that the model does not have is refused with those it has', async () => {
  await expect(load({}, { input: 'picture' })).rejects.toThrow(
    'The model has no input picture; it has image.',
  );
});

const models = '../shared/models';
interface Published {
  readonly bytes: number;
  readonly sha256: string;
  readonly input: { readonly size: number[] };
  readonly output: { readonly shape: [string, number] };
}

test.skipIf(!existsSync(models))(
  'real classifiers are understood as their sidecars say (needs ../shared)',
  async () => {
    for (const name of ['squeezenet1_1-imagenet', 'resnet20-cifar10']) {
      const sidecar = JSON.parse(readFileSync(`${models}/${name}.json`, 'utf8')) as Published;
      const classifier = await loadClassifier(`${models}/${name}.onnx`);
      expect(classifier.files[0]).toMatchObject({ bytes: sidecar.bytes, sha256: sidecar.sha256 });
      expect(classifier.labels).toHaveLength(sidecar.output.shape[1]);
      expect([classifier.input.height, classifier.input.width]).toEqual(sidecar.input.size);
      expect(classifier.notes).toEqual([]);
    }
  },
);
