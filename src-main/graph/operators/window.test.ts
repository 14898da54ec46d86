import { describe, expect, it } from 'vitest';
import { checkGradient, checkTypes, type OperatorCase } from '../../../test/support/gradient.ts';
import { distinct, uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import type { Attributes } from '../ir.ts';
import { operatorOf } from './index.ts';

const weights = uniform([3, 2, 3, 2], -1, 1, 2);
const spread = distinct([1, 2, 7, 6], 0.25, 3);
const image = uniform([1, 2, 7, 6], -1, 1, 4);
const MODES = ['SAME_UPPER', 'SAME_LOWER', 'VALID'];

/** Our windows against onnxruntime's: types, and gradients by central differences. */
async function check(given: OperatorCase): Promise<void> {
  await checkTypes(given);
  await checkGradient(given);
}

const sliding = (mode: string, strides: number[], extra: Attributes = {}): Attributes => ({
  auto_pad: attr.string(mode),
  strides: attr.ints(strides),
  ...extra,
});

describe('windows', () => {
  it.each(MODES)('of a convolution are padded by rule: %s', (mode) =>
    check({ op: 'Conv', inputs: [image, weights], attributes: sliding(mode, [2, 1]), wrt: [0] }),
  );

  it.each(MODES)('of a transposed convolution are cut by rule: %s', (mode) =>
    check({
      op: 'ConvTranspose',
      inputs: [image, uniform([2, 3, 3, 2], -1, 1, 5)],
      attributes: sliding(mode, [2, 1]),
    }),
  );

  it('of a transposed convolution are cut to a stated shape', () =>
    check({
      op: 'ConvTranspose',
      inputs: [image, uniform([2, 3, 3, 2], -1, 1, 5)],
      attributes: { strides: attr.ints([2, 1]), output_shape: attr.ints([12, 6]) },
    }));

  it.each(MODES)('of a maximum are padded by rule: %s', (mode) =>
    check({
      op: 'MaxPool',
      inputs: [spread],
      attributes: sliding(mode, [2, 1], { kernel_shape: attr.ints([3, 2]) }),
    }),
  );

  it.each(MODES)('of an average are padded by rule: %s', (mode) =>
    check({
      op: 'AveragePool',
      inputs: [image],
      attributes: sliding(mode, [2, 1], { kernel_shape: attr.ints([3, 2]) }),
    }),
  );

  it('of an average may be dilated', () =>
    check({
      op: 'AveragePool',
      inputs: [image],
      attributes: { kernel_shape: attr.ints([2, 3]), dilations: attr.ints([3, 2]) },
    }));

  it.each([0, 1])('of an average may reach beyond the padding (padding counts: %i)', (counts) =>
    check({
      op: 'AveragePool',
      inputs: [image],
      attributes: {
        kernel_shape: attr.ints([3, 3]),
        strides: attr.ints([3, 2]),
        pads: attr.ints([1, 0, 0, 1]),
        ceil_mode: attr.int(1),
        count_include_pad: attr.int(counts),
      },
    }),
  );

  it('that do not fit are refused in words', () => {
    const pool = operatorOf('AveragePool');
    const outputs = ['y'];
    const node = (attributes: Attributes) => ({
      node: { name: 'pool', op: 'AveragePool', inputs: ['x'], outputs, attributes },
      inputs: [{ dtype: 'float32' as const, dims: [1, 2, 4, 4] }],
      constant: () => undefined,
    });
    expect(() => pool.infer(node({}))).toThrow('kernel_shape is missing');
    const large = { kernel_shape: attr.ints([3, 9]) };
    expect(() => pool.infer(node(large))).toThrow('a kernel that spans 9 does not fit 4 elements');
    const flat = { kernel_shape: attr.ints([3]) };
    expect(() => pool.infer(node(flat))).toThrow('a kernel of 1 axes does not fit 2 spatial axes');
  });
});
