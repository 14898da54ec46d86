import { floatAttr, intAttr, stringAttr } from '../../../graph/attributes.ts';
import type { Node } from '../../../graph/ir.ts';
import { keeping } from '../layout.ts';
import type { Handle, Operation, Operations, TF } from '../operation.ts';
import { broadcasting } from './broadcasting.ts';

/** Arithmetic, element by element. https://onnx.ai/onnx/operators/ */

export type Unary = (tf: TF, x: Handle, node: Node) => Handle;

export const unary =
  (compute: Unary): Operation =>
  (site) =>
    keeping(site, (x) => compute(site.tf, x, site.node));

const isInteger = (x: Handle): boolean => x.dtype !== 'float32';

/** Integers are divided towards zero, as in C; TensorFlow.js rounds their quotient down. */
function quotient(tf: TF, a: Handle, b: Handle): Handle {
  if (!isInteger(a)) return tf.div(a, b);
  const size = tf.floorDiv(tf.abs(a), tf.abs(b));
  return tf.mul(size, tf.mul(sign(tf, a), sign(tf, b)));
}

const sign = (tf: TF, x: Handle): Handle =>
  isInteger(x) ? tf.cast(tf.sign(tf.cast(x, 'float32')), 'int32') : tf.sign(x);

/** The remainder has the divisor's sign, or with `fmod` the dividend's. */
function remainder(tf: TF, a: Handle, b: Handle, node: Node): Handle {
  if (intAttr(node, 'fmod', 0) === 0) return tf.mod(a, b);
  return tf.mul(sign(tf, a), tf.mod(tf.abs(a), tf.abs(b)));
}

/** The result has the type of the base. */
function power(tf: TF, base: Handle, exponent: Handle): Handle {
  return tf.cast(tf.pow(base, tf.cast(exponent, base.dtype)), base.dtype);
}

const fold = (pair: (tf: TF, a: Handle, b: Handle) => Handle): Operation =>
  broadcasting((tf, [first, ...rest]) => rest.reduce((a, b) => pair(tf, a, b), first));

const mean = broadcasting((tf, inputs) =>
  tf.mul(
    inputs.reduce((a, b) => tf.add(a, b)),
    1 / inputs.length,
  ),
);

const two = (compute: (tf: TF, a: Handle, b: Handle, node: Node) => Handle): Operation =>
  broadcasting((tf, [a, b], { node }) => compute(tf, a, b, node));

/** Kernels for floats alone, on integers too. */
const onFloats =
  (compute: (tf: TF, x: Handle) => Handle): Unary =>
  (tf, x) =>
    isInteger(x) ? tf.cast(compute(tf, tf.cast(x, 'float32')), x.dtype) : compute(tf, x);

/** x Φ(x), or its approximation by a hyperbolic tangent: Hendrycks & Gimpel 2016, arXiv 1606.08415. */
function gelu(tf: TF, x: Handle, node: Node): Handle {
  if (stringAttr(node, 'approximate', 'none') !== 'tanh') {
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
  }
  const cube = tf.mul(tf.mul(tf.square(x), x), 0.044715);
  const inner = tf.mul(tf.add(x, cube), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
}

/** log(1 + eˣ) without overflow. */
function softplus(tf: TF, x: Handle): Handle {
  return tf.add(tf.relu(x), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
}

export const elementwise: Operations = {
  Add: two((tf, a, b) => tf.add(a, b)),
  Sub: two((tf, a, b) => tf.sub(a, b)),
  Mul: two((tf, a, b) => tf.mul(a, b)),
  Div: two(quotient),
  Mod: two(remainder),
  Pow: two(power),
  Sum: fold((tf, a, b) => tf.add(a, b)),
  Max: fold((tf, a, b) => tf.maximum(a, b)),
  Min: fold((tf, a, b) => tf.minimum(a, b)),
  Mean: mean,
  Abs: unary((tf, x) => tf.abs(x)),
  Neg: unary((tf, x) => (isInteger(x) ? tf.mul(x, tf.scalar(-1, 'int32')) : tf.neg(x))),
  Sign: unary(sign),
  Ceil: unary(onFloats((tf, x) => tf.ceil(x))),
  Floor: unary(onFloats((tf, x) => tf.floor(x))),
  Round: unary(onFloats((tf, x) => tf.round(x))),
  Reciprocal: unary((tf, x) => tf.reciprocal(x)),
  Sqrt: unary((tf, x) => tf.sqrt(x)),
  Exp: unary((tf, x) => tf.exp(x)),
  Log: unary((tf, x) => tf.log(x)),
  Sin: unary((tf, x) => tf.sin(x)),
  Cos: unary((tf, x) => tf.cos(x)),
  Tan: unary((tf, x) => tf.tan(x)),
  Atan: unary((tf, x) => tf.atan(x)),
  Sinh: unary((tf, x) => tf.sinh(x)),
  Cosh: unary((tf, x) => tf.cosh(x)),
  Tanh: unary((tf, x) => tf.tanh(x)),
  Erf: unary((tf, x) => tf.erf(x)),
  Sigmoid: unary((tf, x) => tf.sigmoid(x)),
  Softplus: unary(softplus),
  Softsign: unary((tf, x) => tf.div(x, tf.add(tf.abs(x), 1))),
  Mish: unary((tf, x) => tf.mul(x, tf.tanh(softplus(tf, x)))),
  Gelu: unary(gelu),
  LeakyRelu: unary((tf, x, node) => tf.leakyRelu(x, floatAttr(node, 'alpha', 0.01))),
};
