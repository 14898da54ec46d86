import { attr, floatAttr } from '../attributes.ts';
import { broadcastDims } from '../broadcast.ts';
import { sameDims, type Node } from '../ir.ts';
import type { Operator } from '../operator.ts';
import { binary, unary, type Pull } from './elementwise.ts';

/**
 * Activations with a kink, by a choice between two derivatives. At a kink the derivative is PyTorch's: 0
 * for Relu. https://onnx.ai/onnx/operators/
 */

/**
 * 1 for y > 0, else 0 (values below 1e-30 count in part). A steep HardSigmoid, and not a comparison and a choice:
 * onnxruntime keeps it in the blocked layout of the convolutions on both sides, which saves reordering.
 */
function step({ context, y }: Pull): string {
  const slope = { alpha: attr.float(1e30), beta: attr.float(0) };
  return context.build.add('HardSigmoid', [y], slope);
}

const relu = unary({
  name: 'Relu',
  float: (x) => (x > 0 ? x : x * 0),
  integer: (x) => (x > 0n ? x : 0n),
  pull: (pull) => pull.e.mul(pull.g, step(pull)),
});

const slopeOf = (node: Node): number => floatAttr(node, 'alpha', 0.01);

const leakyRelu = unary({
  name: 'LeakyRelu',
  floatOf: (node) => (x) => (x < 0 ? slopeOf(node) * x : x),
  pull: ({ e, g, x, context }) => e.where(e.greater(x, 0), g, e.mul(g, slopeOf(context.node))),
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
  pull: ({ e, g, x, context }) => e.where(e.greater(x, floatAttr(context.node, 'alpha', 1)), g, 0),
});

/** Clevert, Unterthiner & Hochreiter 2016, arXiv 1511.07289. Left of 0, y = α (eˣ − 1) and so y′ = y + α. */
const elu = unary({
  name: 'Elu',
  floatOf: (node) => (x) => (x < 0 ? floatAttr(node, 'alpha', 1) * Math.expm1(x) : x),
  pull: ({ e, g, x, y, context }) =>
    e.where(e.greater(x, 0), g, e.mul(g, e.add(y, floatAttr(context.node, 'alpha', 1)))),
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

/** Barron 2017, arXiv 1704.07483. Left of 0, y = α (e^(x/α) − 1) and so y′ = y / α + 1. */
const celu = unary({
  name: 'Celu',
  floatOf: (node) => (x) => {
    const alpha = floatAttr(node, 'alpha', 1);
    return x > 0 ? x : alpha * Math.expm1(x / alpha);
  },
  pull: ({ e, g, x, y, context }) => {
    const left = e.add(e.mul(y, 1 / floatAttr(context.node, 'alpha', 1)), 1);
    return e.where(e.greater(x, 0), g, e.mul(g, left));
  },
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
    const slanted = e.both(e.greater(y, 0), e.less(y, 1));
    return e.where(slanted, e.mul(g, hardSigmoidLine(context.node).alpha), 0);
  },
});

/** x · clip(x / 6 + 1/2, 0, 1): Howard et al. 2019, arXiv 1905.02244. y′ = x / 3 + 1/2 from −3 to 3. */
function hardSwishSlope({ e, g, x }: Pull): string {
  const slope = e.where(e.less(x, 3), e.add(e.mul(x, 1 / 3), 0.5), 1);
  return e.where(e.less(x, -3), 0, e.mul(g, slope));
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
