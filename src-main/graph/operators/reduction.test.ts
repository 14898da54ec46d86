import { describe, expect, it } from 'vitest';
import { checkEvaluation, checkOperator, vectorJacobian } from '../../../test/support/gradient.ts';
import { distinct, uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import { floats, ints, numbersOf } from '../tensor.ts';

const ALL = ['Sum', 'Mean', 'Max', 'Min', 'Prod', 'L1', 'L2', 'SumSquare', 'LogSum', 'LogSumExp'];
const keep = { keepdims: attr.int(1) };
const drop = { keepdims: attr.int(0) };

/** Distinct, away from 0, and positive where a logarithm is taken. */
const given = (op: string) =>
  ['Max', 'Min'].includes(op)
    ? distinct([2, 3, 4], 0.125, 1)
    : uniform([2, 3, 4], 0.5, 1.5, 1, op !== 'LogSum');

describe.each(ALL)('Reduce%s', (op) => {
  it.each([[[1]], [[0, 2]], [[-1]], [[2, 1]], [[0, 1, 2]]])(
    'is differentiated over the axes %j',
    async (axes) => {
      for (const attributes of [keep, drop]) {
        const inputs = [given(op), ints([axes.length], axes)];
        await checkOperator({ op: `Reduce${op}`, inputs, attributes });
      }
    },
  );

  it('runs over everything where no axis is named', async () => {
    await checkOperator({ op: `Reduce${op}`, inputs: [given(op)] });
    await checkOperator({
      op: `Reduce${op}`,
      inputs: [given(op), ints([0], [])],
      attributes: drop,
    });
  });
});

describe.each(ALL)('Reduce%s', (op) => {
  it('reduces nothing where it is told to without axes', async () => {
    const attributes = { noop_with_empty_axes: attr.int(1) };
    await checkOperator({ op: `Reduce${op}`, inputs: [given(op)], attributes });
    await checkOperator({ op: `Reduce${op}`, inputs: [given(op), ints([0], [])], attributes });
  });
});

describe.each(['Sum', 'Max', 'Min', 'Prod'])('Reduce%s', (op) => {
  it('computes integers', async () => {
    await checkEvaluation({
      op: `Reduce${op}`,
      inputs: [ints([2, 2], [3, -1, 4, 2]), ints([1], [0])],
    });
  });
});

it('ReduceProd is differentiated where elements are 0', async () => {
  const x = floats([3, 3], [0.5, 2, 3, 0, 2, 3, 0, 0, 3]);
  await checkOperator({ op: 'ReduceProd', inputs: [x, ints([1], [1])] });
});

it('ReduceL2 has the gradient 0 at the origin', async () => {
  const { gradients } = await vectorJacobian(
    { op: 'ReduceL2', inputs: [floats([2, 2], [0, 0, 3, 4]), ints([1], [1])], attributes: drop },
    [floats([2], [1, 1])],
  );
  expect(Array.from(numbersOf(gradients[0]!), Math.fround)).toEqual(
    [0, 0, 0.6, 0.8].map(Math.fround),
  );
});
