import { floatAttr } from '../attributes.ts';
import { broadcastDims } from '../broadcast.ts';
import { sameDims, type Node } from '../ir.ts';
import type { Operator } from '../operator.ts';
import { binary, unary, type Pull } from './elementwise.ts';

/**
 * Activations with a kink. At a kink the derivative is PyTorch's: 0 for Relu. https://onnx.ai/onnx/operators/
 * Derivatives are written with steps and cut lines, where they can be, because those are fast; see `Algebra.line`.
 */

const relu = unary({
  name: 'Relu',
  float: (x) => (x > 0 ? x : x * 0),
  integer: (x) => (x > 0n ? x : 0n),
  pull: ({ e, g, y }) => e.mul(g, e.above(y, 0)),
});

const slopeOf = (node: Node): number => floatAttr(node, 'alpha', 0.01);

/** A slope in [0, 1] turns the step from 0 to 1 into one from the slope to 1, and keeps the sign of x in y. */
function leakySlope({ e, g, x, y, context }: Pull): string {
  const slope = slopeOf(context.node);
  if (slope < 0 || slope > 1) return e.where(e.greater(x, 0), g, e.mul(g, slope));
  return e.mul(g, e.line(e.above(slope > 0 ? y : x, 0), 1 - slope, slope));
}

const leakyRelu = unary({
  name: 'LeakyRelu',
  floatOf: (node) => (x) => (x < 0 ? slopeOf(node) * x : x),
  pull: leakySlope,
});

/** He et al. 2015, arXiv 1502.01852. The slope is stretched to the input's shape, never the other way round. */
const pRelu: Operator = {
  ...binary({
    name: 'PRelu',
    float: (x, slope) => (x < 0 ? slope * x : x),
    pull: [
      ({ e, g, x, inputs }) => e.where(e.greater(x, 0), g, e.mul(g, inputs[1])),
      ({ e, g, x }) => e.where(e.greater(x, 0), 0, e.mul(g, x)),
    ],
  }),
  infer: ({ inputs: [x, slope] }) => {
    if (!x || !slope) throw new Error('2 inputs are needed');
    if (!sameDims(broadcastDims([x.dims, slope.dims]), x.dims)) {
      throw new Error('the slope is larger than the input');
    }
    return [x];
  },
};

const thresholdedRelu = unary({
  name: 'ThresholdedRelu',
  floatOf: (node) => (x) => (x > floatAttr(node, 'alpha', 1) ? x : 0),
  pull: ({ e, g, x, context }) =>
    e.mul(g, e.above(x, Math.fround(floatAttr(context.node, 'alpha', 1)))),
});

/** Clevert, Unterthiner & Hochreiter 2016, arXiv 1511.07289. Left of 0, y = α (eˣ − 1) and so y′ = y + α. */
function eluSlope({ e, g, x, y, context }: Pull): string {
  const alpha = floatAttr(context.node, 'alpha', 1);
  if (alpha === 1) return e.mul(g, e.line(y, 1, 1));
  return e.where(e.greater(x, 0), g, e.mul(g, e.add(y, alpha)));
}

const elu = unary({
  name: 'Elu',
  floatOf: (node) => (x) => (x < 0 ? floatAttr(node, 'alpha', 1) * Math.expm1(x) : x),
  pull: eluSlope,
});

/** Klambauer et al. 2017, arXiv 1706.02515; ONNX's defaults are the paper's constants in float32. */
function selfNormalising(node: Node): { alpha: number; gamma: number } {
  return {
    alpha: floatAttr(node, 'alpha', 1.67326319217681884765625),
    gamma: floatAttr(node, 'gamma', 1.05070102214813232421875),
  };
}

const selu = unary({
  name: 'Selu',
  floatOf: (node) => {
    const { alpha, gamma } = selfNormalising(node);
    return (x) => gamma * (x > 0 ? x : alpha * Math.expm1(x));
  },
  pull: ({ e, g, x, y, context }) => {
    const { alpha, gamma } = selfNormalising(context.node);
    return e.mul(g, e.where(e.greater(x, 0), gamma, e.add(y, gamma * alpha)));
  },
});

/** Barron 2017, arXiv 1704.07483. Left of 0, y = α (e^(x/α) − 1) and so y′ = y / α + 1 ≤ 1. */
const celu = unary({
  name: 'Celu',
  floatOf: (node) => (x) => {
    const alpha = floatAttr(node, 'alpha', 1);
    return x > 0 ? x : alpha * Math.expm1(x / alpha);
  },
  pull: ({ e, g, y, context }) => e.mul(g, e.line(y, 1 / floatAttr(context.node, 'alpha', 1), 1)),
});

function hardSigmoidLine(node: Node): { alpha: number; beta: number } {
  return { alpha: floatAttr(node, 'alpha', 0.2), beta: floatAttr(node, 'beta', 0.5) };
}

const hardSigmoid = unary({
  name: 'HardSigmoid',
  floatOf: (node) => {
    const { alpha, beta } = hardSigmoidLine(node);
    return (x) => Math.max(0, Math.min(1, alpha * x + beta));
  },
  pull: ({ e, g, y, context }) => {
    const slanted = e.mul(e.above(y, 0), e.below(y, 1));
    return e.mul(e.mul(g, slanted), hardSigmoidLine(context.node).alpha);
  },
});

/**
 * x · clip(x / 6 + 1/2, 0, 1): Howard et al. 2019, arXiv 1905.02244. With s the clipped line,
 * y′ = s + x / 6 between −3 and 3 and s elsewhere; PyTorch counts −3 itself to the slope.
 */
function hardSwishSlope({ e, g, x }: Pull): string {
  const justBelow = -(3 + 2 ** -22);
  const slanted = e.mul(e.above(x, justBelow), e.line(e.below(x, 3), 1 / 6, 0));
  return e.mul(g, e.add(e.line(x, 1 / 6, 0.5), e.mul(x, slanted)));
}

const hardSwish = unary({
  name: 'HardSwish',
  float: (x) => x * Math.max(0, Math.min(1, x / 6 + 0.5)),
  pull: hardSwishSlope,
});

export const rectifiers: readonly Operator[] = [
  relu,
  leakyRelu,
  pRelu,
  thresholdedRelu,
  elu,
  selu,
  celu,
  hardSigmoid,
  hardSwish,
];
