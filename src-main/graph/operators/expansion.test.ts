import { expect, test } from 'vitest';
import { checkEvaluation, checkOperator } from '../../../test/support/gradient.ts';
import { uniform } from '../../../test/support/random.ts';
import { ints, tensor } from '../tensor.ts';
import { operatorOf } from './index.ts';

test.each<[number[], number[]]>([
  [
    [1, 3],
    [4, 3],
  ],
  [[3], [2, 4, 3]],
  [
    [2, 1, 3],
    [1, 4, 1],
  ],
  [
    [2, 3],
    [2, 3],
  ],
])('Expand of %j to %j', (dims, shape) =>
  checkOperator({
    op: 'Expand',
    inputs: [uniform(dims, -1, 1, 1), ints([shape.length], shape)],
    wrt: [0],
  }),
);

test('Expand of integers and truth values', async () => {
  const shape = ints([2], [2, 2]);
  await checkEvaluation({ op: 'Expand', inputs: [ints([2], [1, 2]), shape] });
  await checkEvaluation({ op: 'Expand', inputs: [tensor('bool', [2, 1], [0, 1]), shape] });
});

test.each([[[1, 1, 1]], [[2, 1, 3]], [[1, 4, 1]]])('Tile by %j', (repeats) =>
  checkOperator({
    op: 'Tile',
    inputs: [uniform([2, 1, 3], -1, 1, 2), ints([3], repeats)],
    wrt: [0],
  }),
);

test('a shape that does not stretch is refused', () => {
  const node = { name: 'e', op: 'Expand', inputs: ['x', 's'], outputs: ['y'], attributes: {} };
  const shape = ints([1], [2]);
  const infer = (): unknown =>
    operatorOf('Expand').infer({
      node,
      inputs: [ints([3], [1, 2, 3]), shape],
      constant: () => shape,
    });
  expect(infer).toThrow('[3] does not stretch to [2]');
});
