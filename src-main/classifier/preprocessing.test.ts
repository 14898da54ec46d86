import { afterAll, describe, expect, test } from 'vitest';
import { Folder } from '../../test/support/network.ts';
import type { Preprocessing } from './classifier.ts';
import { describeBy, preprocessingOf } from './preprocessing.ts';

const folder = new Folder();
afterAll(() => folder.remove());

const preset = (name: string, channels: 1 | 3 = 3): Preprocessing =>
  preprocessingOf(describeBy(name).description, channels, [224, 224]);

/** What the network gets for a pixel value in 0–1 of the red channel. */
const red = ({ range, mean, std }: Preprocessing, value: number): number =>
  (value * range - mean[0]) / std[0];

describe('a preset', () => {
  test('imagenet is torchvision’s', () => {
    expect(red(preset('imagenet'), 0.485)).toBeCloseTo(0);
    expect(red(preset('imagenet'), 1)).toBeCloseTo((1 - 0.485) / 0.229);
    expect(preset('imagenet').resize).toBe(256);
  });

  test('caffe takes blue first and keeps 0 to 255', () => {
    expect(preset('caffe')).toMatchObject({ order: 'BGR', std: [1, 1, 1] });
    expect(red(preset('caffe'), 1)).toBeCloseTo(255 - 123.68);
  });

  test.each([
    ['unit', 0, 1],
    ['raw', 0, 255],
    ['tf', -1, 1],
  ])('%s spans %i to %i', (name, low, high) => {
    expect(red(preset(name), 0)).toBeCloseTo(low);
    expect(red(preset(name), 1)).toBeCloseTo(high);
  });

  test('of three channels is averaged for a grey image', () => {
    const { mean, order } = preset('imagenet', 1);
    expect(order).toBe('grey');
    expect(mean).toEqual([(0.485 + 0.456 + 0.406) / 3]);
  });

  test('that nobody knows is refused with those there are', () => {
    expect(() => describeBy('imagnet')).toThrow(
      'There is no preprocessing called imagnet; use imagenet, caffe, unit, raw, tf or the path of a JSON file.',
    );
  });
});

describe('a file', () => {
  test('may hold the description or a sidecar', () => {
    const input = { range: [0, 255], mean: [100], std: [50], resize: 300, unknown: true };
    for (const content of [input, { name: 'net', input }]) {
      const { description, from } = describeBy(folder.write('own.json', content));
      expect(from).toBe('file');
      expect(preprocessingOf(description, 3, [224, 224])).toEqual({
        range: 255,
        mean: [100, 100, 100],
        std: [50, 50, 50],
        order: 'RGB',
        resize: 300,
      });
    }
  });

  test('that divides by 0 is refused by the place', () => {
    const path = folder.write('zero.json', { std: [1, 0, 1] });
    expect(() => describeBy(path)).toThrow(/zero\.json does not describe a classifier: std\.1: /);
  });

  test('with two means for three channels is refused', () => {
    const { description } = describeBy(folder.write('two.json', { mean: [1, 2] }));
    expect(() => preprocessingOf(description, 3, [8, 8])).toThrow(
      'The preprocessing gives 2 values of mean for a network of 3 channels.',
    );
  });

  test('that is no JSON is refused', () => {
    expect(() => describeBy(folder.write('broken.json', '{'))).toThrow(/is not valid JSON: /);
  });
});

test('small images are not cropped and large ones keep their share', () => {
  const sizes = [28, 32, 224, 227, 299].map((side) => preprocessingOf({}, 3, [side, side]).resize);
  expect(sizes).toEqual([28, 32, 256, 256, 342]);
});
