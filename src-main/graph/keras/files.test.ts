import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/gradient.ts';
import { differentiateClasses } from '../../../test/support/objective.ts';
import { specialise } from '../specialise.ts';
import { floats } from '../tensor.ts';
import { readKeras } from './read.ts';

/** A file that Keras saved and what it computes (golden/make.py). */
interface Golden {
  readonly shape: readonly number[];
  readonly image: readonly number[];
  readonly logits: readonly number[];
  /** Of logits[0, 1] + logits[1, 2]. */
  readonly gradient: readonly number[];
}

const at = (name: string): string => fileURLToPath(new URL(`golden/${name}`, import.meta.url));

const FILES: readonly (readonly [file: string, figures: string, producer: string])[] = [
  ['everything.keras', 'everything.keras.json', 'Keras 3.15.1'],
  ['everything.h5', 'everything.h5.json', 'Keras 3.15.1'],
  ['chain.keras', 'chain.keras.json', 'Keras 3.15.1'],
  ['chain.h5', 'chain.h5.json', 'Keras 3.15.1'],
  ['keras1.h5', 'keras1.json', 'Keras 1.2.2'],
];

describe.each(FILES)('the file %s', (file, figures, producer) => {
  it('gives the logits and the input gradient of Keras', async () => {
    const golden = JSON.parse(readFileSync(at(figures), 'utf8')) as Golden;
    const model = await readKeras(at(file));
    expect(model.producer).toBe(producer);
    const [{ name, dims }] = model.graph.inputs;
    expect(dims).toEqual(['batch', ...layoutOf(golden.shape, dims[1])]);
    const isFirst = dims[1] === golden.shape[3];
    const image = floats(golden.shape, golden.image);
    const given = isFirst ? planesOf(image.data as Float32Array, golden.shape) : image;
    const typed = specialise(model.graph, { [name]: given.dims });
    const found = await differentiateClasses(typed, model.graph.outputs[0], [1, 2], given);
    expectClose(found.values, floats([golden.shape[0], 4], golden.logits), 2e-5, 'logits');
    const gradient = floats(golden.shape, golden.gradient);
    const expected = isFirst ? planesOf(gradient.data as Float32Array, golden.shape) : gradient;
    expectClose(found.gradient, expected, 1e-4, 'gradient');
  });
});

const layoutOf = ([, height, width, channels]: readonly number[], first: unknown) =>
  first === channels ? [channels, height, width] : [height, width, channels];

/** [N, H, W, C] as [N, C, H, W]. */
function planesOf(data: Float32Array, [count, height, width, channels]: readonly number[]) {
  const area = height * width;
  const planes = Float32Array.from(data, (_, i) => {
    const [image, channel, pixel] = [
      Math.floor(i / (area * channels)),
      Math.floor(i / area) % channels,
      i % area,
    ];
    return data[(image * area + pixel) * channels + channel];
  });
  return floats([count, channels, height, width], planes);
}
