import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mutate } from '../../../test/support/mutate.ts';
import { generator } from '../../../test/support/random.ts';
import { GraphError } from '../errors.ts';
import { save, temporaryFolder } from '../onnx/model.fixture.ts';
import { filled } from '../view.ts';
import { buildKeras } from './build.ts';
import { readKeras } from './read.ts';
import type { WeightStore } from './weights.ts';

const at = temporaryFolder();
const golden = (name: string): Uint8Array =>
  readFileSync(fileURLToPath(new URL(`golden/${name}`, import.meta.url)));

/** Weights of any layer: zeros of a shape that fits most. */
const store: WeightStore = {
  find: (_, roles) => roles.map(() => filled({ dtype: 'float32', dims: [3, 3, 3, 3] })),
};
const dialect = { version: 3, isTfjs: false, isMirrored: false };

function refusal(json: unknown): GraphError | undefined {
  try {
    buildKeras(json, store, dialect);
    return undefined;
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    expect(error.message).toMatch(/^[^\n]+\.$/);
    return error;
  }
}

const input = { class_name: 'InputLayer', config: { name: 'image', batch_shape: [null, 8, 8, 3] } };
const chain = (...layers: object[]) => ({
  class_name: 'Sequential',
  config: { name: 'model', layers: [input, ...layers] },
});

describe('a Keras configuration', () => {
  it.each([
    [
      'a Lambda layer',
      { class_name: 'Lambda', config: { name: 'trick', function: ['4wEAAA'] } },
      'Lambda (layer trick), which is Python code',
    ],
    [
      'a class of its own',
      { class_name: 'Conv2D', registered_name: 'mine>Gate', config: { name: 'gate' } },
      'mine>Gate (layer gate)',
    ],
    [
      'a class of another module',
      { class_name: 'Dense', module: 'os', config: { name: 'run' } },
      'Dense (layer run)',
    ],
    [
      'a layer that no image classifier has',
      { class_name: 'Embedding', config: { name: 'words' } },
      'Embedding (layer words)',
    ],
    [
      'a name of JavaScript',
      { class_name: 'constructor', config: { name: 'x' } },
      'constructor (layer x)',
    ],
    [
      'an activation of JavaScript',
      { class_name: 'Activation', config: { name: 'x', activation: 'toString' } },
      'activation toString',
    ],
    [
      'an absurd size',
      { class_name: 'ZeroPadding2D', config: { name: 'pad', padding: 2 ** 40 } },
      'padding of the layer pad',
    ],
    [
      'a negative stride',
      { class_name: 'MaxPooling2D', config: { name: 'pool', strides: [-1, 2] } },
      'strides of the layer pool',
    ],
  ])('with %s is refused by name', (_, layer, words) => {
    expect(refusal(chain(layer))?.message).toContain(words);
  });

  it('that nests models without end, or in a circle, is refused', () => {
    let model: object = chain({ class_name: 'Flatten', config: {} });
    for (let depth = 0; depth < 100; depth++) model = chain(model);
    expect(refusal(model)?.code).toBe('too-large');
    const circle = (name: string, from: string) => ({
      ...{ class_name: 'ReLU', name, config: { name } },
      inbound_nodes: [[[from, 0, 0, {}]]],
    });
    const config = {
      layers: [{ ...input, name: 'image', inbound_nodes: [] }, circle('a', 'b'), circle('b', 'a')],
      input_layers: [['image', 0, 0]],
      output_layers: [['a', 0, 0]],
    };
    expect(refusal({ class_name: 'Functional', config })?.message).toContain('needs itself');
  });

  it('of ten thousand layers in a row is read without a deep stack', () => {
    const layers = Array.from({ length: 10_000 }, (_, i) => ({
      class_name: 'ReLU',
      name: `r${i}`,
      config: {},
      inbound_nodes: [[[i === 0 ? 'image' : `r${i - 1}`, 0, 0, {}]]],
    }));
    const config = {
      layers: [{ ...input, name: 'image', inbound_nodes: [] }, ...layers.reverse()],
      input_layers: [['image', 0, 0]],
      output_layers: [['r9999', 0, 0]],
    };
    expect(refusal({ class_name: 'Functional', config })).toBeUndefined();
  });

  it('gives a typed error or a graph, whatever bytes of it change', () => {
    const text = JSON.stringify(everything());
    expect(refusal(JSON.parse(text))).toBeUndefined();
    const next = generator(3);
    const seen = new Set<string>();
    for (let round = 0; round < 4000; round++) {
      const damaged = Buffer.from(mutate(Buffer.from(text), next)).toString('latin1');
      const json = parsed(damaged);
      if (json !== undefined) seen.add(refusal(json)?.code ?? 'read');
    }
    expect([...seen]).toEqual(
      expect.arrayContaining(['read', 'bad-graph', 'unsupported-operator']),
    );
  });
});

describe('a damaged or hostile file of Keras', () => {
  it.each(['chain.keras', 'chain.h5'])(
    '%s gives a typed error or a graph',
    async (name) => {
      const original = golden(name);
      const next = generator(11);
      const seen = new Set<string>();
      for (let round = 0; round < 40; round++) {
        const path = save(at(name), mutate(original, next));
        const error: unknown = await readKeras(path).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        if (error !== undefined) expect(error).toMatchObject({ name: 'GraphError' });
        seen.add(error === undefined ? 'read' : (error as GraphError).code);
      }
      expect([...seen]).toEqual(expect.arrayContaining(['truncated']));
    },
    120_000,
  );

  it('that holds weights alone is told so', async () => {
    const bytes = Buffer.from(golden('chain.h5'));
    const start = bytes.indexOf('model_config');
    bytes.write('other_config', start);
    const error: unknown = await readKeras(save(at('weights.h5'), bytes)).catch((e: unknown) => e);
    expect((error as GraphError).message).toContain('weights without the network');
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Some of everything that a configuration can hold. */
function everything(): object {
  const layer = (kind: string, name: string, from: string[], config: object = {}) => ({
    class_name: kind,
    name,
    module: 'keras.layers',
    registered_name: null,
    config: { name, ...config },
    inbound_nodes: [from.map((each) => [each, 0, 0, {}])],
  });
  const layers = [
    { ...input, name: 'image', inbound_nodes: [] },
    layer('Conv2D', 'c', ['image'], {
      kernel_size: [3, 3],
      strides: [2, 2],
      padding: 'same',
      activation: 'relu',
    }),
    layer('BatchNormalization', 'b', ['c'], { axis: -1, epsilon: 0.001 }),
    layer('ReLU', 'r', ['b'], { max_value: 6, threshold: 0, negative_slope: 0.1 }),
    layer('Add', 'a', ['b', 'r']),
    layer('ZeroPadding2D', 'z', ['a'], {
      padding: [
        [1, 1],
        [0, 2],
      ],
    }),
    layer('Concatenate', 'j', ['z', 'z'], { axis: -1 }),
    layer('MaxPooling2D', 'p', ['j'], { pool_size: [2, 2] }),
    layer('Reshape', 'e', ['p'], { target_shape: [-1, 2] }),
    layer('Flatten', 'f', ['e']),
    layer('Dense', 'd', ['f'], { units: 3, activation: 'softmax' }),
  ];
  const ends = { input_layers: [['image', 0, 0]], output_layers: [['d', 0, 0]] };
  return { class_name: 'Functional', config: { name: 'model', layers, ...ends } };
}
