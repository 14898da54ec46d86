import { floatAttr } from '../../../graph/attributes.ts';
import type { Node } from '../../../graph/ir.ts';
import { numbersOf } from '../../../graph/tensor.ts';
import { keeping } from '../layout.ts';
import type { Handle, Kernel, Operand, Operations, Site, TF } from '../operation.ts';
import { aligned, broadcasting } from './broadcasting.ts';
import { unary } from './elementwise.ts';

/** Activations with a kink. https://onnx.ai/onnx/operators/ */

/** A line as steep as this is a step: gradients write masks so (`Algebra.above`). */
const STEEP = 2 ** 64;

function hardSigmoid(tf: TF, x: Handle, node: Node): Handle {
  const [alpha, beta] = [floatAttr(node, 'alpha', 0.2), floatAttr(node, 'beta', 0.5)];
  if (Math.abs(alpha) >= STEEP) {
    const bound = -beta / alpha;
    return tf.cast(alpha > 0 ? tf.greater(x, bound) : tf.less(x, bound), 'float32');
  }
  const scaled = alpha === 1 ? x : tf.mul(x, alpha);
  return tf.clipByValue(beta === 0 ? scaled : tf.add(scaled, beta), 0, 1);
}

/** γ x right of 0 and γ α (e^(x/β) − 1) left of it. */
function exponential(tf: TF, x: Handle, alpha: number, beta = 1, gamma = 1): Handle {
  const low = tf.minimum(x, 0);
  const left = tf.mul(tf.expm1(beta === 1 ? low : tf.div(low, beta)), alpha * gamma);
  return tf.add(tf.mul(tf.relu(x), gamma), left);
}

function hardSwish(tf: TF, x: Handle): Handle {
  return tf.mul(x, tf.clipByValue(tf.add(tf.mul(x, 1 / 6), 0.5), 0, 1));
}

/** ONNX's defaults are the paper's constants in float32. */
function selu(tf: TF, x: Handle, node: Node): Handle {
  const alpha = floatAttr(node, 'alpha', 1.67326319217681884765625);
  return exponential(tf, x, alpha, 1, floatAttr(node, 'gamma', 1.05070102214813232421875));
}

function celu(tf: TF, x: Handle, node: Node): Handle {
  const alpha = floatAttr(node, 'alpha', 1);
  return exponential(tf, x, alpha, alpha);
}

/** The larger of x and the lower bound first, then the smaller, as ONNX has it where the bounds cross. */
function clip(site: Site): Kernel {
  const { tf, inputs } = site;
  const [x, low, high] = inputs;
  const fixed = [low, high].every((bound) => bound === undefined || bound.constant !== undefined);
  const [least, most] = [boundOf(low, -Infinity), boundOf(high, Infinity)];
  if (fixed && x!.dtype === 'float32' && least <= most) {
    return keeping(site, (value) => tf.clipByValue(value, least, most));
  }
  return aligned(site, ([value, from, to]) => {
    const raised = low ? tf.maximum(value, from) : value;
    return high ? tf.minimum(raised, to) : raised;
  });
}

const boundOf = (bound: Operand | undefined, none: number): number =>
  bound?.constant ? numbersOf(bound.constant)[0] : none;

export const rectifiers: Operations = {
  Relu: unary((tf, x) => tf.relu(x)),
  Elu: unary((tf, x, node) => exponential(tf, x, floatAttr(node, 'alpha', 1))),
  Selu: unary(selu),
  Celu: unary(celu),
  HardSigmoid: unary(hardSigmoid),
  HardSwish: unary(hardSwish),
  ThresholdedRelu: unary((tf, x, node) => {
    const above = tf.greater(x, floatAttr(node, 'alpha', 1));
    return tf.where(above, x, tf.zerosLike(x));
  }),
  PRelu: broadcasting((tf, [x, slope]) => tf.where(tf.less(x, 0), tf.mul(x, slope), x)),
  Clip: clip,
};
