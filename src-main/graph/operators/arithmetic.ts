import { swishGradient } from './activation-swish.ts';
import { constantNumber } from './constant.ts';
import { binary, type Pull } from './elementwise.ts';
import { intAttr } from '../attributes.ts';
import { broadcastDims, mapElements } from '../broadcast.ts';
import type { Operator } from '../operator.ts';

/** Arithmetic of two inputs. ONNX operators Add, Sub, Mul, Div, Pow, Mod: https://onnx.ai/onnx/operators/ */

const minusForSecond = ({ e, g, context }: Pull): string =>
  e.mul(context.build.sumTo(g, context.inputTypes[1]!.dims), -1);

/** d(a / b)/db = −y / b. The sum over broadcast axes comes first: b does not change along them. */
function divisor({ e, g, inputs, y, context }: Pull): string {
  const summed = context.build.sumTo(e.mul(g, y), context.inputTypes[1]!.dims);
  return e.mul(e.div(summed, inputs[1]), -1);
}

const add = binary({
  name: 'Add',
  float: (a, b) => a + b,
  integer: (a, b) => a + b,
  pull: [({ g }) => g, ({ g }) => g],
});

const sub = binary({
  name: 'Sub',
  float: (a, b) => a - b,
  integer: (a, b) => a - b,
  pull: [({ g }) => g, minusForSecond],
});

const product = binary({
  name: 'Mul',
  float: (a, b) => a * b,
  integer: (a, b) => a * b,
  pull: [({ e, g, inputs }) => e.mul(g, inputs[1]), ({ e, g, x }) => e.mul(g, x)],
});

const mul: Operator = {
  ...product,
  gradient: (context) => swishGradient(context) ?? product.gradient!(context),
};

const div = binary({
  name: 'Div',
  float: (a, b) => a / b,
  integer: (a, b) => {
    if (b === 0n) throw new Error('a constant is divided by zero');
    return a / b;
  },
  pull: [({ e, g, inputs }) => e.div(g, inputs[1]), divisor],
});

/** b · a^(b−1), without Pow for the exponents that networks use: squares and square roots. */
function powerOfBase({ e, g, inputs: [a, b], y, context }: Pull): string {
  const exponent = constantNumber(context.constant(1));
  if (exponent === 1) return g;
  if (exponent === 2) return e.mul(g, e.mul(a, 2));
  if (exponent === 3) return e.mul(g, e.mul(e.square(a), 3));
  if (exponent === 0.5) return e.div(e.mul(g, 0.5), y);
  if (exponent !== undefined) return e.mul(g, e.mul(e.pow(a, exponent - 1), exponent));
  return e.mul(g, e.mul(e.pow(a, e.sub(b, 1)), b));
}

/** y · log a, and 0 where the base is 0 (as PyTorch: 0^b is flat in b > 0). */
function powerOfExponent({ e, g, x, y }: Pull): string {
  return e.where(e.equal(x, 0), 0, e.mul(g, e.mul(y, e.apply('Log', x))));
}

const power = binary({ name: 'Pow', pull: [powerOfBase, powerOfExponent] });

/** The exponent may be of another type than the base, whose type the result has. */
const pow: Operator = {
  ...power,
  infer: ({ inputs: [base, exponent] }) => {
    if (!base || !exponent) throw new Error('2 inputs are needed');
    return [{ dtype: base.dtype, dims: broadcastDims([base.dims, exponent.dims]) }];
  },
  evaluate: (_, [base, exponent]) => [
    mapElements(base!.dtype, [base!, exponent!], (a, b) => Math.pow(Number(a), Number(b))),
  ],
};

/** The remainder has the divisor's sign, as in Python; with `fmod` = 1 the dividend's, as in C. */
const mod: Operator = {
  ...binary({
    name: 'Mod',
    pull: [
      ({ g }) => g,
      ({ e, g, inputs: [a, b], y }) => e.mul(e.mul(g, e.div(e.sub(a, y), b)), -1),
    ],
  }),
  evaluate: (node, [a, b]) => {
    const asC = intAttr(node, 'fmod', 0) === 1;
    const remainder = (x: number, y: number): number =>
      asC || (x % y) * y >= 0 ? x % y : (x % y) + y;
    return [mapElements(a!.dtype, [a!, b!], (x, y) => remainder(Number(x), Number(y)))];
  },
};

export const arithmetic: readonly Operator[] = [add, sub, mul, div, pow, mod];
