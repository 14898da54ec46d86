import { describe, expect, it } from 'vitest';
import {
  checkEvaluation,
  checkGradient,
  checkOperator,
  checkTypes,
} from '../../../test/support/gradient.ts';
import { uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import { floats, ints, tensor } from '../tensor.ts';

const bools = (dims: number[], values: number[]) => tensor('bool', dims, values);

describe.each(['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'])('%s', (op) => {
  it('compares floats and integers, broadcast', async () => {
    await checkTypes({
      op,
      inputs: [floats([2, 2], [1, 2, 3, NaN]), floats([2], [1, 3])],
      wrt: [],
    });
    await checkEvaluation({
      op,
      inputs: [floats([2, 2], [1, 2, 3, NaN]), floats([2], [1, 3])],
      wrt: [],
    });
    await checkEvaluation({ op, inputs: [ints([2, 1], [-1, 4]), ints([3], [-1, 0, 4])] });
  });
});

describe('logic', () => {
  it.each(['And', 'Or', 'Xor'])('%s is as in onnxruntime', async (op) => {
    await checkEvaluation({ op, inputs: [bools([4], [0, 0, 1, 1]), bools([4], [0, 1, 0, 1])] });
    await checkTypes({ op, inputs: [bools([2, 1], [0, 1]), bools([2], [0, 1])] });
  });

  it('Not and IsNaN are as in onnxruntime', async () => {
    await checkEvaluation({ op: 'Not', inputs: [bools([2], [0, 1])] });
    await checkEvaluation({ op: 'IsNaN', inputs: [floats([3], [0, NaN, Infinity])], wrt: [] });
  });
});

describe('Where', () => {
  const condition = bools([2, 3], [1, 0, 1, 0, 0, 1]);

  it('sends the gradient to the chosen side, broadcast', async () => {
    await checkOperator({
      op: 'Where',
      inputs: [condition, uniform([2, 3], -1, 1, 1), uniform([2, 3], -1, 1, 2)],
    });
    await checkOperator({
      op: 'Where',
      inputs: [condition, uniform([3], -1, 1, 1), uniform([], -1, 1, 2)],
    });
    await checkOperator({
      op: 'Where',
      inputs: [condition, uniform([4, 1, 1], -1, 1, 1), uniform([2, 1], -1, 1, 2)],
    });
  });

  it('builds only what is wanted', async () => {
    await checkGradient({
      op: 'Where',
      inputs: [condition, uniform([3], -1, 1, 1), uniform([], -1, 1, 2)],
      wrt: [1],
    });
  });

  it('chooses among integers', async () => {
    await checkEvaluation({
      op: 'Where',
      inputs: [condition, ints([3], [1, 2, 3]), ints([], [9])],
    });
  });
});

describe('Cast', () => {
  const values = floats([5], [-1.7, -0.2, 0, 0.9, 3.5]);

  it.each([
    ['float32', 1],
    ['int8', 3],
    ['int32', 6],
    ['int64', 7],
    ['bool', 9],
  ])('converts floats to %s', async (_, to) => {
    const given = { op: 'Cast', inputs: [values], wrt: [], attributes: { to: attr.int(to) } };
    await checkTypes(given);
    await checkEvaluation(given);
  });

  it('converts integers and booleans to floats', async () => {
    const attributes = { to: attr.int(1) };
    await checkEvaluation({ op: 'Cast', inputs: [ints([2], [-3, 5])], attributes });
    await checkEvaluation({ op: 'Cast', inputs: [bools([2], [0, 1])], attributes });
  });

  it('passes the gradient between floats', async () => {
    await checkGradient({ op: 'Cast', inputs: [values], attributes: { to: attr.int(1) } });
    await checkGradient({ op: 'CastLike', inputs: [values, floats([], [1])], wrt: [0] });
  });

  it('refuses other element types in words', async () => {
    const attributes = { to: attr.int(14) };
    await expect(checkTypes({ op: 'Cast', inputs: [values], attributes })).rejects.toThrow('14');
  });

  it('takes the type from another tensor', async () => {
    await checkEvaluation({ op: 'CastLike', inputs: [values, ints([], [0])], wrt: [] });
  });
});
