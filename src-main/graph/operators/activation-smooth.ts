import { stringAttr } from '../attributes.ts';
import type { Operator } from '../operator.ts';
import { unary, type Pull } from './elementwise.ts';

/** Smooth activations, in forms that neither overflow nor cancel. https://onnx.ai/onnx/operators/ */

/** log(1 + eˣ) without overflow: the larger of x and 0 outside the logarithm. */
const softplusOf = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const sigmoid = unary({
  name: 'Sigmoid',
  float: (x) => 1 / (1 + Math.exp(-x)),
  pull: ({ e, g, y }) => e.mul(g, e.mul(y, e.complement(y))),
});

const tanh = unary({
  name: 'Tanh',
  float: Math.tanh,
  pull: ({ e, g, y }) => e.mul(g, e.complement(e.square(y))),
});

const softplus = unary({
  name: 'Softplus',
  float: softplusOf,
  pull: ({ e, g, x }) => e.mul(g, e.apply('Sigmoid', x)),
});

/** y = x / (1 + |x|) and so y′ = (1 − |y|)². */
const softsign = unary({
  name: 'Softsign',
  float: (x) => x / (1 + Math.abs(x)),
  pull: ({ e, g, y }) => e.mul(g, e.square(e.complement(e.apply('Abs', y)))),
});

/** y = x t with t = tanh(softplus x), and so y′ = t + x σ(x) (1 − t²). Misra 2019, arXiv 1908.08681. */
const mish = unary({
  name: 'Mish',
  float: (x) => x * Math.tanh(softplusOf(x)),
  pull: ({ e, g, x }) => {
    const t = e.apply('Tanh', e.apply('Softplus', x));
    const bend = e.mul(e.mul(x, e.apply('Sigmoid', x)), e.complement(e.square(t)));
    return e.mul(g, e.add(t, bend));
  },
});

/** erf′(x) = 2/√π · exp(−x²): Abramowitz & Stegun 1964, 7.1.1. */
const erf = unary({
  name: 'Erf',
  pull: ({ e, g, x }) => {
    const bell = e.apply('Exp', e.mul(e.square(x), -1));
    return e.mul(e.mul(g, 2 / Math.sqrt(Math.PI)), bell);
  },
});

/** x Φ(x): Hendrycks & Gimpel 2016, arXiv 1606.08415. The derivative is Φ(x) + x φ(x). */
function exactGelu({ e, g, x }: Pull): string {
  const below = e.add(e.mul(e.apply('Erf', e.mul(x, Math.SQRT1_2)), 0.5), 0.5);
  const bell = e.apply('Exp', e.mul(e.square(x), -0.5));
  return e.mul(g, e.add(below, e.mul(e.mul(x, 1 / Math.sqrt(2 * Math.PI)), bell)));
}

/** x (1 + t) / 2 with t = tanh(√(2/π) (x + 0.044715 x³)): the paper's approximation. */
function approximateGelu({ e, g, x }: Pull): string {
  const rate = Math.sqrt(2 / Math.PI);
  const squared = e.square(x);
  const inner = e.mul(x, e.add(e.mul(squared, rate * 0.044715), rate));
  const t = e.apply('Tanh', inner);
  const slope = e.add(e.mul(squared, 1.5 * rate * 0.044715), 0.5 * rate);
  const bend = e.mul(e.mul(x, e.complement(e.square(t))), slope);
  return e.mul(g, e.add(e.add(e.mul(t, 0.5), 0.5), bend));
}

const gelu = unary({
  name: 'Gelu',
  pull: (pull) =>
    stringAttr(pull.context.node, 'approximate', 'none') === 'tanh'
      ? approximateGelu(pull)
      : exactGelu(pull),
});

export const smoothActivations: readonly Operator[] = [
  sigmoid,
  tanh,
  softplus,
  softsign,
  mish,
  erf,
  gelu,
];
