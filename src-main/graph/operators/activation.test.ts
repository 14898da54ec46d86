import { describe, expect, it } from 'vitest';
import {
  checkEvaluation,
  checkGradient,
  checkOperator,
  vectorJacobian,
} from '../../../test/support/gradient.ts';
import { uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import type { Attributes } from '../ir.ts';
import { floats, ints } from '../tensor.ts';

/** Both signs, at least 0.1 from 0 and from every kink used below. */
const given = () => uniform([2, 3, 5], 0.1, 0.9, 1, true);

const CASES: readonly (readonly [string, Attributes])[] = [
  ['Relu', {}],
  ['LeakyRelu', {}],
  ['LeakyRelu', { alpha: attr.float(0.3) }],
  ['LeakyRelu', { alpha: attr.float(-0.5) }],
  ['ThresholdedRelu', { alpha: attr.float(0) }],
  ['Elu', {}],
  ['Elu', { alpha: attr.float(0.4) }],
  ['Selu', {}],
  ['Selu', { alpha: attr.float(1.2), gamma: attr.float(0.7) }],
  ['Celu', {}],
  ['Celu', { alpha: attr.float(0.4) }],
  ['HardSigmoid', {}],
  ['HardSigmoid', { alpha: attr.float(1 / 6) }],
  ['HardSwish', {}],
  ['Sigmoid', {}],
  ['Tanh', {}],
  ['Softplus', {}],
  ['Softsign', {}],
  ['Mish', {}],
  ['Erf', {}],
  ['Gelu', {}],
  ['Gelu', { approximate: attr.string('tanh') }],
];

it.each(CASES)('%s %j has the measured gradient', async (op, attributes) => {
  await checkOperator({ op, inputs: [given()], attributes });
});

it.each(CASES)('%s %j has the measured gradient far from 0', async (op, attributes) => {
  await checkOperator({ op, inputs: [uniform([12], 3.2, 4.5, 5, true)], attributes });
});

describe.each(['Softplus', 'Mish', 'Sigmoid', 'Tanh', 'Gelu', 'Erf', 'Selu'])('%s', (op) => {
  it('stays finite for large inputs', async () => {
    const x = floats([6], [-1000, -100, -20, 20, 100, 1000]);
    const { gradients } = await vectorJacobian({ op, inputs: [x] }, [
      floats([6], [1, 1, 1, 1, 1, 1]),
    ]);
    expect([...gradients[0]!.data].every((value) => Number.isFinite(value))).toBe(true);
  });
});

it('Relu has the derivative 0 at 0', async () => {
  const x = floats([3], [-1, 0, 1]);
  const { gradients } = await vectorJacobian({ op: 'Relu', inputs: [x] }, [floats([3], [5, 5, 5])]);
  expect([...gradients[0]!.data]).toEqual([0, 0, 5]);
});

it('Relu keeps NaN and takes integers on constants', async () => {
  await checkEvaluation({ op: 'Relu', inputs: [floats([3], [NaN, -1, 1])], wrt: [] });
});

describe('PRelu', () => {
  it.each([[[3, 1, 1]], [[1]], [[2, 3, 4, 5]], [[5]]])(
    'stretches a slope of shape %j',
    async (dims) => {
      await checkOperator({
        op: 'PRelu',
        inputs: [uniform([2, 3, 4, 5], 0.1, 1, 1, true), uniform(dims, 0.1, 0.5, 2)],
      });
    },
  );

  it('refuses a slope that would stretch the input', async () => {
    const inputs = [uniform([3], 1, 2, 1), uniform([2, 3], 1, 2, 2)];
    await expect(checkGradient({ op: 'PRelu', inputs })).rejects.toThrow('larger than the input');
  });
});

describe('Clip', () => {
  const x = floats([5], [-2, -0.4, 0.3, 0.8, 4]);

  it.each([
    [floats([], [0]), floats([], [0.5])],
    [floats([], [0]), undefined],
    [undefined, floats([], [0.5])],
    [undefined, undefined],
  ])('is differentiated for the bounds %#', async (low, high) => {
    await checkOperator({ op: 'Clip', inputs: [x, low, high], wrt: [0] });
  });

  it('has the derivative 0 on its bounds, as relu6 has', async () => {
    const inputs = [floats([3], [0, 3, 6]), floats([], [0]), floats([], [6])];
    const { gradients } = await vectorJacobian({ op: 'Clip', inputs, wrt: [0] }, [
      floats([3], [1, 1, 1]),
    ]);
    expect([...gradients[0]!.data]).toEqual([0, 1, 0]);
  });

  it('takes integers, as shape arithmetic does', async () => {
    await checkEvaluation({
      op: 'Clip',
      inputs: [ints([3], [-5, 2, 9]), ints([], [0]), ints([], [5])],
    });
  });
});

describe('x σ(x), as exporters write SiLU', () => {
  it.each([
    ['before', 0],
    ['behind', 1],
  ])('has the measured gradient with the sigmoid %s', async (_, gate) => {
    await checkGradient({
      inputs: [given()],
      build: (build, [x]) => {
        const s = build.add('Sigmoid', [x]);
        return [build.add('Mul', gate === 0 ? [s, x] : [x, s]), build.add('Neg', [s])];
      },
    });
  });

  it('is not mistaken for a gate on another value', async () => {
    await checkGradient({
      inputs: [given(), given()],
      build: (build, [x, z]) => [build.add('Mul', [z, build.add('Sigmoid', [x])])],
    });
  });
});
