import { describe, expect, it } from 'vitest';
import {
  checkEvaluation,
  checkGradient,
  checkOperator,
  checkTypes,
} from '../../../test/support/gradient.ts';
import { distinct, uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import { floats, ints, tensor } from '../tensor.ts';
import { operatorOf } from './index.ts';

const BROADCASTS: readonly (readonly [number[], number[]])[] = [
  [
    [2, 3, 4],
    [2, 3, 4],
  ],
  [[2, 3, 4], [4]],
  [[2, 3, 4], []],
  [
    [2, 1, 4],
    [3, 1],
  ],
  [[1], [2, 3]],
];

describe.each(['Add', 'Sub', 'Mul', 'Div', 'Sum', 'Mean'])('%s', (op) => {
  it.each(BROADCASTS)('is differentiated for shapes %j and %j', async (a, b) => {
    await checkOperator({ op, inputs: [uniform(a, 0.5, 2, 1, true), uniform(b, 0.8, 2, 2)] });
  });

  it('is differentiated for one input alone', async () => {
    const inputs = [uniform([2, 3], 0.5, 2, 1), uniform([3], 0.8, 2, 2)];
    await checkGradient({ op, inputs, wrt: [0] });
    await checkGradient({ op, inputs, wrt: [1] });
  });
});

describe.each(['Min', 'Max'])('%s', (op) => {
  it.each(BROADCASTS)('is differentiated for shapes %j and %j', async (a, b) => {
    const inputs = [distinct(a, 0.5, 1), distinct(b, 0.5, 2)].map((value, i) =>
      floats(
        value.dims,
        Array.from(value.data as Float32Array, (x) => x + i * 0.1),
      ),
    );
    await checkOperator({ op, inputs });
  });

  it('takes any number of inputs', async () => {
    const inputs = [0, 1, 2].map((k) =>
      floats(
        [2, 2],
        [0.1, 1.3, -2, 3].map((x, i) => x + ((i + k) % 3)),
      ),
    );
    await checkOperator({ op, inputs });
    await checkOperator({ op, inputs: inputs.slice(0, 1) });
  });
});

it('Sum and Mean take three inputs', async () => {
  const inputs = [uniform([2, 3], -1, 1, 1), uniform([3], -1, 1, 2), uniform([2, 1], -1, 1, 3)];
  await checkOperator({ op: 'Sum', inputs });
  await checkOperator({ op: 'Mean', inputs });
});

describe('Pow', () => {
  it.each([0, 1, 2, 3, 0.5, 0.75, -1, 2.5])(
    'is differentiated for the exponent %d',
    async (exponent) => {
      const inputs = [uniform([2, 5], 0.5, 2, 1), floats([], [exponent])];
      await checkOperator({ op: 'Pow', inputs, wrt: [0] });
    },
  );

  it('is differentiated for squares of negative numbers', async () => {
    await checkOperator({
      op: 'Pow',
      inputs: [uniform([7], -2, 2, 1), floats([1], [2])],
      wrt: [0],
    });
  });

  it.each(BROADCASTS)('is differentiated in base and exponent, %j and %j', async (a, b) => {
    await checkOperator({ op: 'Pow', inputs: [uniform(a, 0.5, 2, 1), uniform(b, -2, 2, 2)] });
  });

  it('computes integers, and mixed types with the type of the base', async () => {
    await checkEvaluation({ op: 'Pow', inputs: [ints([3], [2, -3, 7]), ints([], [3])] });
    await checkEvaluation({ op: 'Pow', inputs: [ints([2], [4, 9]), floats([], [0.5])] });
    await checkEvaluation({ op: 'Pow', inputs: [floats([2], [4, 9]), ints([], [2])] });
  });
});

describe('Mod', () => {
  const signs = [ints([4], [7, -7, 7, -7]), ints([4], [3, 3, -3, -3])];

  it('has the sign of the divisor on integers', async () => {
    await checkEvaluation({ op: 'Mod', inputs: signs });
  });

  it('has the sign of the dividend with fmod', async () => {
    const attributes = { fmod: attr.int(1) };
    await checkEvaluation({ op: 'Mod', inputs: signs, attributes });
    const inputs = [floats([4], [1.3, -1.3, 5.2, 0.4]), floats([4], [0.5, 0.5, 1.5, 3])];
    await checkOperator({ op: 'Mod', inputs, attributes, wrt: [0] });
    await checkOperator({ op: 'Mod', inputs, attributes, wrt: [1] });
  });
});

describe('integers', () => {
  it.each(['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min'])(
    'are computed as by onnxruntime: %s',
    async (op) => {
      const a = [7, -7, 2 ** 40, -9];
      const b = [2, 2, -3, -4];
      await checkEvaluation({ op, inputs: [ints([4], a), ints([4], b)] });
      const narrow = (values: number[]) =>
        tensor(
          'int32',
          [4],
          values.map((x) => x % 2 ** 31),
        );
      await checkEvaluation({ op, inputs: [narrow(a), narrow(b)] });
    },
  );

  it('divide towards zero', () => {
    const [result] = operatorOf('Div').evaluate!(
      { name: '', op: 'Div', inputs: [], outputs: [], attributes: {} },
      [ints([2], [7, -7]), ints([], [2])],
    );
    expect(result).toEqual(ints([2], [3, -3]));
  });

  it('are refused together with floats', async () => {
    const inputs = [ints([1], [1]), floats([1], [1])];
    await expect(checkTypes({ op: 'Add', inputs })).rejects.toThrow('int64 and float32');
  });
});

describe('functions of one input', () => {
  const smooth = [
    'Neg',
    'Abs',
    'Sqrt',
    'Exp',
    'Log',
    'Reciprocal',
    'Sin',
    'Cos',
    'Tan',
    'Sinh',
    'Cosh',
    'Atan',
  ];
  const stepped = ['Floor', 'Ceil', 'Round', 'Sign'];

  it.each(smooth)('%s is differentiated', async (op) => {
    await checkOperator({ op, inputs: [uniform([3, 5], 0.4, 1.2, 1)] });
    await checkOperator({ op, inputs: [uniform([], 0.4, 1.2, 2)] });
  });

  it.each(['Neg', 'Abs', 'Exp', 'Reciprocal', 'Sin', 'Cos', 'Tan', 'Sinh', 'Cosh', 'Atan'])(
    '%s is differentiated for negative numbers too',
    async (op) => {
      await checkOperator({ op, inputs: [uniform([2, 7], 0.4, 1.2, 3, true)] });
    },
  );

  it.each(stepped)('%s is flat', async (op) => {
    await checkOperator({ op, inputs: [floats([6], [-1.7, -0.3, 0.2, 0.7, 1.2, 2.6])] });
  });

  it.each(stepped)('%s of a half is as in onnxruntime', async (op) => {
    await checkEvaluation({ op, inputs: [floats([7], [-2.5, -1.5, -0.5, 0, 0.5, 1.5, 2.5])] });
  });

  it.each(['Abs', 'Neg', 'Sign'])('%s takes integers', async (op) => {
    await checkEvaluation({ op, inputs: [ints([3], [-4, 0, 5])] });
  });
});
