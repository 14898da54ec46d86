import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadClassifier } from '../src-main/classifier/load.ts';
import { knownLayers } from '../src-main/graph/keras/layers/index.ts';
import { readModel } from '../src-main/graph/read.ts';
import { readLayersModel } from '../src-main/graph/tfjs/layers-model.ts';
import { readTfjsFile } from '../src-main/graph/tfjs/manifest.ts';
import { save, temporaryFolder } from '../src-main/graph/onnx/model.fixture.ts';
import type { Tensor } from '../src-main/graph/ir.ts';
import { floats } from '../src-main/graph/tensor.ts';
import { specialise } from '../src-main/graph/specialise.ts';
import { expectClose } from './support/gradient.ts';
import { differentiateClasses } from './support/objective.ts';
import { uniform } from './support/random.ts';
import { compile } from './support/run.ts';
import {
  fill,
  filesOf,
  gradientOf,
  layers as L,
  load,
  logitsOf,
  tf,
} from './support/tfjs-model.ts';

const at = temporaryFolder();
const DARKNET = fileURLToPath(
  new URL('../../shared/models/darknet-tiny-tfjs/model.json', import.meta.url),
);

type Symbolic = L.SymbolicTensor;

/** A classifier of images of 9 × 8 pixels around some layers. */
function around(body: (x: Symbolic) => Symbolic, shape: number[] = [9, 8, 3]): L.LayersModel {
  const input = L.input({ shape, name: 'image' });
  const last = body(input);
  const flat = last.shape.length > 2 ? apply(L.layers.flatten(), last) : last;
  const dense = apply(L.layers.dense({ units: 4, name: 'head' }), flat);
  return L.model({ inputs: input, outputs: dense });
}

function apply(
  layer: { apply(x: Symbolic | Symbolic[]): unknown },
  x: Symbolic | Symbolic[],
): Symbolic {
  return layer.apply(x) as Symbolic;
}

const chain =
  (...steps: { apply(x: Symbolic | Symbolic[]): unknown }[]) =>
  (x: Symbolic): Symbolic =>
    steps.reduce((value, step) => apply(step, value), x);

const conv = (options: object = {}) =>
  L.layers.conv2d({ filters: 5, kernelSize: 3, padding: 'same', ...options });

const branches = (x: Symbolic): [Symbolic, Symbolic] => [apply(conv(), x), apply(conv(), x)];

const ACTIVATIONS = [
  ...['relu', 'relu6', 'elu', 'selu', 'tanh', 'sigmoid', 'hardSigmoid', 'softplus', 'softsign'],
  ...['softmax', 'swish', 'mish', 'gelu', 'linear'],
];

const MODELS: Record<string, () => L.LayersModel> = {
  'convolutions of all paddings and strides': () =>
    around(
      chain(conv({ strides: 2 }), conv({ padding: 'valid', useBias: false, kernelSize: [2, 3] })),
    ),
  'a dilated convolution': () => around(chain(conv({ dilationRate: 2 }))),
  'a convolution of even kernel and odd stride': () =>
    around(chain(conv({ kernelSize: 4, strides: 3 }))),
  'depthwise convolutions': () =>
    around(
      chain(
        L.layers.depthwiseConv2d({
          kernelSize: 3,
          depthMultiplier: 2,
          strides: 2,
          padding: 'same',
        }),
        L.layers.depthwiseConv2d({ kernelSize: 2, activation: 'relu' }),
      ),
    ),
  'separable convolutions': () =>
    around(
      chain(
        L.layers.separableConv2d({
          filters: 6,
          kernelSize: 3,
          depthMultiplier: 2,
          padding: 'same',
        }),
      ),
    ),
  'transposed convolutions': () =>
    around(
      chain(
        L.layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' }),
        L.layers.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 3, padding: 'valid' }),
        L.layers.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 3, padding: 'same' }),
      ),
    ),
  'convolutions of sequences': () =>
    around(
      chain(
        L.layers.conv1d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'tanh' }),
        L.layers.maxPooling1d({ poolSize: 2 }),
        L.layers.averagePooling1d({ poolSize: 2, strides: 1 }),
        L.layers.globalAveragePooling1d(),
      ),
      [12, 3],
    ),
  'batch normalisation with and without scale and offset': () =>
    around(
      chain(
        conv(),
        L.layers.batchNormalization({}),
        L.layers.batchNormalization({ scale: false }),
        L.layers.batchNormalization({ center: false, epsilon: 0.01 }),
        L.layers.flatten(),
        L.layers.dense({ units: 6 }),
        L.layers.batchNormalization({}),
      ),
    ),
  'layer normalisation': () => around(chain(conv(), L.layers.layerNormalization({ axis: -1 }))),
  poolings: () =>
    around(
      chain(
        L.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
        L.layers.averagePooling2d({ poolSize: 2, strides: 1 }),
      ),
    ),
  'padded averages': () =>
    around(chain(L.layers.averagePooling2d({ poolSize: 2, strides: [1, 2], padding: 'same' }))),
  'global averages': () => around(chain(conv(), L.layers.globalAveragePooling2d({}))),
  'global maxima': () => around(chain(conv(), L.layers.globalMaxPooling2d({}))),
  'activations with settings': () =>
    around(
      chain(
        conv(),
        L.layers.leakyReLU({ alpha: 0.2 }),
        L.layers.elu({}),
        L.layers.prelu({}),
        L.layers.prelu({ sharedAxes: [1, 2] }),
        L.layers.thresholdedReLU({ theta: 0.05 }),
        L.layers.reLU({ maxValue: 2 }),
        L.layers.softmax({ axis: -1 }),
      ),
    ),
  'values turned round': () =>
    around(
      chain(
        conv(),
        L.layers.permute({ dims: [2, 1, 3] }),
        L.layers.reshape({ targetShape: [6, 60] }),
        L.layers.dense({ units: 3, activation: 'sigmoid' }),
        L.layers.reshape({ targetShape: [3, 6, 1] }),
        conv(),
      ),
    ),
  'borders added and cut, and pixels repeated': () =>
    around(
      chain(
        L.layers.zeroPadding2d({
          padding: [
            [1, 2],
            [0, 3],
          ] as [[number, number], [number, number]],
        }),
        conv(),
        L.layers.cropping2D({
          cropping: [
            [1, 0],
            [2, 1],
          ],
        }),
        L.layers.upSampling2d({ size: [2, 3] }),
      ),
    ),
  'bilinear enlarging': () =>
    around(chain(conv(), L.layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }))),
  sums: () => around((x) => apply(L.layers.add(), [...branches(x), apply(conv(), x)])),
  products: () => around((x) => apply(L.layers.multiply(), branches(x))),
  averages: () => around((x) => apply(L.layers.average(), branches(x))),
  maxima: () => around((x) => apply(L.layers.maximum(), branches(x))),
  minima: () => around((x) => apply(L.layers.minimum(), branches(x))),
  'joined channels': () => around((x) => apply(L.layers.concatenate(), [...branches(x), x])),
  'joined rows': () => around((x) => apply(L.layers.concatenate({ axis: 1 }), branches(x))),
  'products of vectors': () =>
    around((x) => {
      const [a, b] = branches(x).map((each) => apply(L.layers.globalAveragePooling2d({}), each));
      return apply(L.layers.concatenate(), [apply(L.layers.dot({ axes: -1 }), [a, b]), a]);
    }),
  'what does nothing outside training': () =>
    around(
      chain(
        L.layers.dropout({ rate: 0.5 }),
        L.layers.spatialDropout1d({ rate: 0.5 }),
        L.layers.gaussianNoise({ stddev: 1 }),
        L.layers.alphaDropout({ rate: 0.5 }),
      ),
      [5, 3],
    ),
  rescaling: () => around(chain(L.layers.rescaling({ scale: 0.5, offset: -1 }), conv())),
  'a shared layer': () =>
    around((x) => {
      const shared = conv({ filters: 3, name: 'shared' });
      return apply(shared, apply(L.layers.reLU({}), apply(shared, x)));
    }),
  'a model in a model': () => {
    const inner = L.sequential({ name: 'inner' });
    inner.add(conv({ inputShape: [9, 8, 3], name: 'inner_conv' }));
    inner.add(L.layers.batchNormalization({ name: 'inner_norm' }));
    return around((x) => apply(inner, x));
  },
  'a Sequential model': () => {
    const model = L.sequential();
    model.add(conv({ inputShape: [9, 8, 3], activation: 'relu' }));
    model.add(L.layers.globalAveragePooling2d({}));
    model.add(L.layers.dense({ units: 4 }));
    return model;
  },
  ...Object.fromEntries(
    ACTIVATIONS.map((name) => [
      `the activation ${name}`,
      () =>
        around(
          chain(conv({ activation: name }), L.layers.activation({ activation: name as 'relu' })),
        ),
    ]),
  ),
};

/** TensorFlow.js has no gradient of these, or a wrong one: its values nearby are compared in its place. */
const WITHOUT_GRADIENT = /without scale|padded averages|borders|bilinear|dilated|with settings/;

/** The derivative of logits[0, 0] + logits[1, 1] along a direction, from TensorFlow.js's values nearby. */
function slope(model: L.LayersModel, image: Tensor, direction: Tensor): number {
  const step = 1 / 64;
  const [up, down] = [step, -step].map((h) => {
    const moved = (image.data as Float32Array).map(
      (value, i) => value + h * (direction.data as Float32Array)[i],
    );
    const { data, shape } = logitsOf(model, floats(image.dims, moved));
    return data[0] + data[shape[1] + 1];
  });
  return (up - down) / (2 * step);
}

describe('a LayersModel', () => {
  it.each(Object.entries(MODELS))(
    'with %s gives the logits and gradients of TensorFlow.js',
    async (name, make) => {
      const model = fill(make());
      const folder = at(name.replaceAll(/\W/g, '-'));
      mkdirSync(folder);
      const { json, weights } = await filesOf(model);
      save(join(folder, 'weights.bin'), weights);
      const { graph } = readLayersModel(readTfjsFile(save(join(folder, 'model.json'), json)));
      const [, ...dims] = model.inputs[0].shape as number[];
      const image = uniform([2, ...dims], -1, 1, 7, true);
      const typed = specialise(graph, { [graph.inputs[0].name]: image.dims });
      const [logits] = graph.outputs;
      const { values, gradient } = await differentiateClasses(typed, logits, [0, 1], image);
      const expected = logitsOf(model, image);
      expectClose(values, floats(expected.shape, expected.data), 1e-5, 'logits');
      if (WITHOUT_GRADIENT.test(name)) {
        const direction = uniform(image.dims, -1, 1, 11);
        const along = (gradient.data as Float32Array).reduce(
          (sum, value, i) => sum + value * (direction.data as Float32Array)[i],
          0,
        );
        expect(Math.abs(along / slope(model, image, direction) - 1)).toBeLessThan(0.02);
      } else expectClose(gradient, gradientOf(model, image), 1e-4, 'gradient');
      tf.disposeVariables();
    },
  );

  it.skipIf(!existsSync(DARKNET))(
    'of Darknet gives the logits of TensorFlow.js',
    async () => {
      const { graph } = await readModel(DARKNET);
      const image = uniform([1, 224, 224, 3], 0, 1, 5);
      const typed = specialise(graph, { [graph.inputs[0].name]: image.dims });
      const run = await compile(typed);
      const found = (await run(new Map([[graph.inputs[0].name, image]]))).get(graph.outputs[0])!;
      const expected = logitsOf(await load(DARKNET), image);
      expectClose(found, floats(expected.shape, expected.data), 1e-4, 'logits');
    },
    60_000,
  );

  it.skipIf(!existsSync(DARKNET))(
    'of Darknet is a classifier as its sidecar describes it, which names a layer as the output',
    async () => {
      const { logits, labels, preprocessing } = await loadClassifier(dirname(DARKNET), {});
      expect(logits).toBe('global_average_pooling2d_1/Flatten');
      expect(labels.slice(0, 2)).toEqual(['kit fox', 'English setter']);
      expect(preprocessing).toMatchObject({ range: 1, mean: [0, 0, 0], std: [1, 1, 1] });
    },
  );
});

describe('the page on models', () => {
  it('lists the layers of Keras that are read', () => {
    const page = readFileSync(new URL('../docs/models.md', import.meta.url), 'utf8');
    const list = /<!-- keras layers -->\s+([^\n]+)/.exec(page)?.[1] ?? '';
    expect(list.split(' ').map((name) => name.replaceAll('`', ''))).toEqual(knownLayers);
  });
});
