import { test } from 'vitest';
import { checkEvaluation, checkOperator } from '../../../test/support/gradient.ts';
import { uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import { ints } from '../tensor.ts';

test.each([
  [0, 0],
  [0, -1],
  [1, 0],
  [1, 2],
])('Trilu with upper = %i from diagonal %i', (upper, k) =>
  checkOperator({
    op: 'Trilu',
    inputs: [uniform([2, 3, 4], -1, 1, 1), ints([], [k])],
    attributes: { upper: attr.int(upper) },
    wrt: [0],
  }),
);

test('Trilu of integers without a diagonal', () =>
  checkEvaluation({ op: 'Trilu', inputs: [ints([2, 2], [1, 2, 3, 4])] }));
