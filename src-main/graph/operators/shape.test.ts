import { describe, expect, test } from 'vitest';
import { checkEvaluation, checkTypes } from '../../../test/support/gradient.ts';
import { uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import { floats, ints, tensor } from '../tensor.ts';
import { operatorOf } from './index.ts';

const image = uniform([2, 3, 4, 5], -1, 1, 1);

async function check(given: Parameters<typeof checkTypes>[0] & { op: string }): Promise<void> {
  await checkTypes(given);
  await checkEvaluation(given);
}

describe('operators that measure and make shapes agree with onnxruntime', () => {
  test.each([
    [undefined, undefined],
    [1, undefined],
    [-2, undefined],
    [1, -1],
    [-10, 10],
    [3, 1],
  ])('Shape from %s to %s', async (start, end) => {
    const attributes = {
      ...(start === undefined ? {} : { start: attr.int(start) }),
      ...(end === undefined ? {} : { end: attr.int(end) }),
    };
    await check({ op: 'Shape', inputs: [image], attributes });
  });

  test('Size', () => check({ op: 'Size', inputs: [image] }));

  test('ConstantOfShape of each type', async () => {
    const inputs = [ints([2], [2, 3])];
    await check({ op: 'ConstantOfShape', inputs });
    for (const dtype of ['float32', 'int64', 'int32', 'bool'] as const) {
      const value = tensor(dtype, [1], [1]);
      await check({ op: 'ConstantOfShape', inputs, attributes: { value: attr.tensor(value) } });
    }
  });

  test.each([
    [0, 10, 3],
    [5, -2, -2],
    [3, 3, 1],
  ])('Range of %i to %i by %i', async (start, limit, delta) => {
    await check({ op: 'Range', inputs: [start, limit, delta].map((x) => ints([], [x])) });
    const inputs = [start, limit, delta].map((x) => floats([], [x / 2]));
    await check({ op: 'Range', inputs, wrt: [] });
  });

  test('NonZero', async () => {
    await check({ op: 'NonZero', inputs: [tensor('bool', [2, 3], [0, 1, 1, 1, 0, 1])] });
  });

  test.each([-1, 0, 1])('OneHot along axis %i', async (axis) => {
    const inputs = [ints([2, 2], [0, -1, 2, 7]), ints([], [3]), floats([2], [0.5, 2])];
    await check({ op: 'OneHot', inputs, attributes: { axis: attr.int(axis) }, wrt: [] });
  });

  test('Constant in each of its forms', () => {
    const forms = {
      value: attr.tensor(ints([1], [7])),
      value_int: attr.int(7),
      value_ints: attr.ints([7]),
      value_float: attr.float(7),
      value_floats: attr.floats([7]),
    };
    for (const [name, attribute] of Object.entries(forms)) {
      const node = {
        name: 'c',
        op: 'Constant',
        inputs: [],
        outputs: ['c'],
        attributes: { [name]: attribute },
      };
      const [value] = operatorOf('Constant').evaluate!(node, []);
      expect(Number(value.data[0])).toBe(7);
      expect(value.dtype).toBe(name.includes('float') ? 'float32' : 'int64');
    }
  });
});
