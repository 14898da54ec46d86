import { describe, expect, test } from 'vitest';
import { checkEvaluation, checkOperator } from '../../../test/support/gradient.ts';
import { uniform } from '../../../test/support/random.ts';
import { ints, tensor } from '../tensor.ts';
import { operatorOf } from './index.ts';

const image = uniform([2, 7, 5], -1, 1, 1);
const END = 2 ** 63;

/** starts, ends, axes, steps */
const cases: [string, number[], number[], number[]?, number[]?][] = [
  ['the first axes', [0, 1], [1, 4]],
  ['negative bounds and axes', [-4, -3], [-1, END], [1, -1]],
  ['bounds beyond the end', [-100, 3], [100, 100], [2, 1]],
  ['every second element', [0], [END], [1], [2]],
  ['every third from the second', [1], [END], [1], [3]],
  ['every third that leaves a rest', [0], [5], [1], [3]],
  ['two strided axes', [1, 0], [END, END], [1, 2], [2, 2]],
  ['one element with a large step', [2], [3], [1], [5]],
  ['a reversed axis', [-1], [-END], [1], [-1]],
  ['part of an axis, reversed', [5], [1], [1], [-1]],
  ['every second element, reversed', [-1], [-END], [1], [-2]],
  ['one element, reversed', [3], [2], [1], [-1]],
];

describe('Slice agrees with onnxruntime in type, value and gradient', () => {
  test.each(cases)('%s', async (_name, starts, ends, axes, steps) => {
    const lists = [starts, ends, axes, steps].map((list) => list && ints([list.length], list));
    await checkOperator({ op: 'Slice', inputs: [image, ...lists], wrt: [0] });
  });

  test('nothing at all', async () => {
    const inputs = [image, ints([1], [4]), ints([1], [2]), ints([1], [1])];
    await checkEvaluation({ op: 'Slice', inputs });
  });

  test('integers, as shapes are sliced', async () => {
    const inputs = [ints([4], [1, 2, 3, 4]), ints([1], [-2]), ints([1], [END])];
    await checkEvaluation({ op: 'Slice', inputs });
    await checkEvaluation({
      op: 'Slice',
      inputs: [tensor('bool', [4], [1, 0, 0, 1]), ...inputs.slice(1)],
    });
  });
});

test('a step of 0 is refused', () => {
  const one = ints([1], [0]);
  const node = {
    name: 's',
    op: 'Slice',
    inputs: ['x', 'a', 'b', 'c', 'd'],
    outputs: ['y'],
    attributes: {},
  };
  const infer = (): unknown =>
    operatorOf('Slice').infer({ node, inputs: [image, one, one, one, one], constant: () => one });
  expect(infer).toThrow('its step is 0');
});
