import { describe, expect, test } from 'vitest';
import { checkOperator } from '../../../test/support/gradient.ts';
import { uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import { floats, ints } from '../tensor.ts';
import { operatorOf } from './index.ts';

const image = uniform([2, 3, 4, 5], -1, 1, 1);
const thin = uniform([1, 3, 1, 2], -1, 1, 2);

describe('reshapes agree with onnxruntime in type, value and gradient', () => {
  test.each([[[6, 20]], [[0, -1]], [[-1]], [[2, 0, 20]], [[0, 0, 2, 2, -1]]])(
    'Reshape to %j',
    (shape) =>
      checkOperator({ op: 'Reshape', inputs: [image, ints([shape.length], shape)], wrt: [0] }),
  );

  test('Reshape of nothing with allowzero', () =>
    checkOperator({
      op: 'Reshape',
      inputs: [floats([0, 3], []), ints([2], [3, 0])],
      attributes: { allowzero: attr.int(1) },
      wrt: [],
    }));

  test.each([0, 1, 3, 4, -1, -3])('Flatten at axis %i', (axis) =>
    checkOperator({ op: 'Flatten', inputs: [image], attributes: { axis: attr.int(axis) } }),
  );

  test('Squeeze of given axes and of all', async () => {
    await checkOperator({ op: 'Squeeze', inputs: [thin, ints([2], [0, -2])], wrt: [0] });
    await checkOperator({ op: 'Squeeze', inputs: [thin] });
  });

  test('Unsqueeze at axes in any order', async () => {
    await checkOperator({ op: 'Unsqueeze', inputs: [thin, ints([3], [-1, 0, 3])], wrt: [0] });
  });

  test('Identity', () => checkOperator({ op: 'Identity', inputs: [image] }));

  test('Dropout, with and without its mask', async () => {
    await checkOperator({ op: 'Dropout', inputs: [image] });
    const node = {
      name: 'd',
      op: 'Dropout',
      inputs: ['x'],
      outputs: ['y', 'mask'],
      attributes: {},
    };
    const [kept, mask] = operatorOf('Dropout').evaluate!(node, [thin]);
    expect(kept.data).toEqual(thin.data);
    expect([...mask.data]).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

test('a shape that does not fit is refused in words', () => {
  const node = { name: 'r', op: 'Reshape', inputs: ['x', 's'], outputs: ['y'], attributes: {} };
  const shape = ints([2], [7, -1]);
  const infer = (): unknown =>
    operatorOf('Reshape').infer({ node, inputs: [image, shape], constant: () => shape });
  expect(infer).toThrow(/^\[2, 3, 4, 5\] does not fit into/);
});

test('a shape that is computed from the image is refused in words', () => {
  const node = { name: 'r', op: 'Reshape', inputs: ['x', 's'], outputs: ['y'], attributes: {} };
  const infer = (): unknown =>
    operatorOf('Reshape').infer({
      node,
      inputs: [image, ints([1], [1])],
      constant: () => undefined,
    });
  expect(infer).toThrow('its dimensions are computed from the image and not constant');
});
