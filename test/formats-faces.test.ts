import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadClassifier, specialiseClassifier } from '../src-main/classifier/load.ts';
import { layersOf } from '../src-main/classifier/layers.ts';
import { inspect } from '../src-main/classifier/inspect.ts';
import { simplify } from '../src-main/graph/simplify.ts';
import type { Tensor } from '../src-main/graph/ir.ts';
import { floats } from '../src-main/graph/tensor.ts';
import { expectClose } from './support/gradient.ts';
import { uniform } from './support/random.ts';
import { compile } from './support/run.ts';
import { oursOf, runtimeOf } from './support/tfjs-graph.ts';

const models = fileURLToPath(new URL('../node_modules/@vladmandic/human/models', import.meta.url));
const faceres = join(models, 'faceres.json');
const emotion = join(models, 'emotion.json');

describe('face models of the package @vladmandic/human', () => {
  it('give the gender and age that TensorFlow.js computes of a picture', async () => {
    const images = uniform([1, 224, 224, 3], 0, 255, 1);
    for (const output of ['gender_pred/BiasAdd', 'age_pred/BiasAdd']) {
      const expected = await runtimeOf(faceres, images, output, 'wasm');
      expectClose(await oursOf(faceres, images, output), expected, 1e-4, output);
    }
  });

  it('give the logits of seven emotions that TensorFlow.js computes', async () => {
    const images = uniform([2, 64, 64, 1], 0, 1, 1);
    const logits = 'StatefulPartitionedCall/model_1/global_average_pooling2d_1/Mean';
    const expected = await runtimeOf(emotion, images, logits, 'wasm');
    expect(expected.dims).toEqual([2, 7]);
    expectClose(await oursOf(emotion, images, logits), expected, 1e-4, 'emotion');
  });

  it('are known by what they are, with all their files', async () => {
    const found = await inspect(faceres, { output: 'gender_pred/Sigmoid' });
    expect(found).toMatchObject({ name: 'faceres', format: 'tfjs-graph', unsupported: [] });
    expect(found.files.map(({ path }) => path)).toEqual(['faceres.json', 'faceres.bin']);
    expect(found.classifier).toMatchObject({ logits: 'gender_pred/BiasAdd:both', cut: 'Sigmoid' });
    expect(found.classifier?.labels).toHaveLength(2);
    expect(found.classifier?.input).toMatchObject({ height: 224, layout: 'NHWC', batch: 'free' });
  });

  it('are two classes where one score decides, with the probability of its sigmoid', async () => {
    const classifier = await loadClassifier(faceres, { output: 'gender_pred/Sigmoid' });
    const images = uniform([1, 224, 224, 3], 0, 255, 2);
    const planes = Float32Array.from({ length: 3 * 224 ** 2 }, (_, i) =>
      Number(images.data[(i % 224 ** 2) * 3 + Math.floor(i / 224 ** 2)]),
    );
    const run = await compile(simplify(specialiseClassifier(classifier, 1)));
    const fed = new Map([[classifier.input.name, floats([1, 3, 224, 224], planes)]]);
    const scores = softmax((await run(fed)).get(classifier.logits)!);
    const expected = await runtimeOf(faceres, images, 'gender_pred/Sigmoid', 'wasm');
    expect(scores.data[1]).toBeCloseTo(Number(expected.data[0]), 4);
  });

  it('have the layers that their authors named', async () => {
    const classifier = await loadClassifier(emotion, {});
    const names = layersOf(specialiseClassifier(classifier, 1), 'leaf').map(({ name }) => name);
    expect(names).toContain('block1_conv1_act');
    expect(names).toContain('add_2');
  });

  it('need no transposition but that of their input', async () => {
    for (const [path, output] of [[faceres, 'gender_pred/Sigmoid'] as const, [emotion] as const]) {
      const graph = specialiseClassifier(await loadClassifier(path, { output }), 1);
      const left = simplify(graph).nodes.filter(({ op }) => op === 'Transpose');
      expect(left).toEqual([]);
      // Biases and normalisation are in the convolutions; what is left joins branches or stands behind a product.
      expect(simplify(graph).nodes.filter(({ op }) => op === 'Add').length).toBeLessThan(4);
    }
  });
});

describe('a SavedModel of Keras', () => {
  const folder = fileURLToPath(new URL('./golden/saved-model', import.meta.url));
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as number[][];

  /** The images of `golden/make_saved_model.py`, made planar. */
  function images(): Tensor {
    const data = new Float32Array(2 * 3 * 24 * 24);
    for (let n = 0; n < 2; n++)
      for (let pixel = 0; pixel < 576; pixel++)
        for (let c = 0; c < 3; c++)
          data[(n * 3 + c) * 576 + pixel] = Math.sin(0.37 * ((n * 576 + pixel) * 3 + c));
    return floats([2, 3, 24, 24], data);
  }

  it('gives the probabilities that TensorFlow computes', async () => {
    const classifier = await loadClassifier(folder, {});
    const graph = specialiseClassifier(classifier, 2);
    const run = await compile(simplify(graph));
    const result = await run(new Map([[classifier.input.name, images()]]));
    const logits = result.get(classifier.logits)!;
    expectClose(softmax(logits), floats([2, 5], expected.flat()), 1e-5, 'probabilities');
  });

  it('is told by its folder and by its file, with variables among the files', async () => {
    const found = await inspect(folder, {});
    expect(found).toMatchObject({ name: 'saved-model', format: 'saved-model', unsupported: [] });
    expect(found.producer).toBe('TensorFlow 2.21.0');
    const direct = await inspect(join(folder, 'saved_model.pb'), {});
    expect(direct.files.map(({ path }) => path)).toEqual([
      'saved_model.pb',
      'variables/variables.index',
      'variables/variables.data-00000-of-00001',
    ]);
    expect(direct.files.map(({ sha256 }) => sha256)).toEqual(
      found.files.map(({ sha256 }) => sha256),
    );
    expect(found.layers?.leaf.map(({ name }) => name)).toContain('block_add_1');
  });
});

function softmax({ dims, data }: Tensor): Tensor {
  const [rows, columns] = dims;
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const exps = Array.from({ length: columns }, (_, i) =>
      Math.exp(Number(data[row * columns + i])),
    );
    const sum = exps.reduce((x, y) => x + y, 0);
    exps.forEach((value, i) => (values[row * columns + i] = value / sum));
  }
  return floats(dims, values);
}
