import { attr, floatAttr, floatsAttr, intAttr, stringAttr } from '../attributes.ts';
import type { Attribute, Node } from '../ir.ts';
import { floats } from '../tensor.ts';
import { named, refuse, step, without, type Rule, type Rules, type Upgrading } from './rule.ts';

/** onnxruntime's optimiser writes these (its ContribOperators.md); each is exactly the operators that it fused. */
const gelu: Rule = (node) => [{ ...node, op: 'Gelu' }];

const fastGelu: Rule = (node, context) => {
  const approximate = { approximate: attr.string('tanh') };
  return biased(node, context, approximate);
};

const biasGelu: Rule = (node, context) => biased(node, context, {});

function biased(node: Node, context: Upgrading, attributes: Record<string, Attribute>): Node[] {
  const [input, bias] = node.inputs;
  if (!bias) return [{ ...node, op: 'Gelu', inputs: [input], attributes }];
  const sum = step(context, 'Add', [input, bias]);
  return [sum, { ...node, op: 'Gelu', inputs: sum.outputs, attributes }];
}

const quickGelu: Rule = (node, context) => {
  const alpha = context.put(floats([], [floatAttr(node, 'alpha', 1.702)]), 'alpha');
  const scaled = step(context, 'Mul', [node.inputs[0], alpha]);
  const gate = step(context, 'Sigmoid', scaled.outputs);
  const product = step(context, 'Mul', [node.inputs[0], gate.outputs[0]], {}, node.outputs[0]);
  return named(node, [scaled, gate, product]);
};

/** Convolution, then a residual (fourth input), then an activation. */
const fusedConv: Rule = (node, context) => {
  const [x, weight, bias, residual] = node.inputs;
  const inputs = bias ? [x, weight, bias] : [x, weight];
  const attributes = without(node.attributes, 'activation', 'activation_params');
  const conv: Node = { ...node, op: 'Conv', inputs, attributes };
  const steps = [linear(conv, context)];
  if (residual) steps.push(step(context, 'Add', [steps[0].outputs[0], residual]));
  return finish(node, [...steps, ...activation(node, last(steps), context)]);
};

const fusedGemm: Rule = (node, context) => {
  const kept = ['alpha', 'beta', 'transA', 'transB'];
  const dropped = Object.keys(node.attributes).filter((name) => !kept.includes(name));
  const gemm: Node = { ...node, op: 'Gemm', attributes: without(node.attributes, ...dropped) };
  const steps = [linear(gemm, context)];
  return finish(node, [...steps, ...activation(node, last(steps), context)]);
};

const linear = (node: Node, context: Upgrading): Node => ({
  ...node,
  outputs: [context.fresh(node.op)],
});

const last = (steps: readonly Node[]): string => steps[steps.length - 1].outputs[0];

/** The first step keeps the node's name (it holds the weights), the last one makes its output. */
function finish(node: Node, steps: readonly Node[]): Node[] {
  return steps.map((one, i) => (i === steps.length - 1 ? { ...one, outputs: node.outputs } : one));
}

function activation(node: Node, input: string, context: Upgrading): Node[] {
  const op = stringAttr(node, 'activation', '');
  const [a, b] = floatsAttr(node, 'activation_params') ?? [
    floatAttr(node, 'activation_alpha', 0.01),
    floatAttr(node, 'activation_beta', 0),
  ];
  switch (op) {
    case '':
      return [];
    case 'Relu':
    case 'Sigmoid':
    case 'Tanh':
      return [step(context, op, [input])];
    case 'LeakyRelu':
      return [step(context, op, [input], { alpha: attr.float(a) })];
    case 'HardSigmoid':
      return [step(context, op, [input], { alpha: attr.float(a), beta: attr.float(b) })];
    case 'Clip':
      return [step(context, op, [input, bound(a, context), bound(b, context)])];
    default:
      throw refuse(node, `has the fused activation ${op}; save the model without optimisation`);
  }
}

const bound = (value: number, context: Upgrading): string =>
  context.put(floats([], [value]), 'bound');

/** A matrix product with a factor; its transpositions need ranks that are not known here. */
const fusedMatMul: Rule = (node, context) => {
  const flags = ['transA', 'transB', 'transBatchA', 'transBatchB'];
  if (flags.some((flag) => intAttr(node, flag, 0) !== 0)) return [node];
  const factor = context.put(floats([], [floatAttr(node, 'alpha', 1)]), 'alpha');
  const product = step(context, 'MatMul', node.inputs);
  return named(node, [
    product,
    step(context, 'Mul', [product.outputs[0], factor], {}, node.outputs[0]),
  ]);
};

/** LayerNormalization(x + skip + bias); the fourth output is the sum. */
const skipLayerNormalization: Rule = (node, context) => {
  const [x, skip, scale, shift, bias] = node.inputs;
  const sums = [step(context, 'Add', [x, skip])];
  if (bias) sums.push(step(context, 'Add', [last(sums), bias]));
  const sum = node.outputs[3] || last(sums);
  const steps = sums.map((one, i) => (i === sums.length - 1 ? { ...one, outputs: [sum] } : one));
  const normal = step(
    context,
    'LayerNormalization',
    shift ? [sum, scale, shift] : [sum, scale],
    { axis: attr.int(-1), epsilon: attr.float(floatAttr(node, 'epsilon', 1e-12)) },
    node.outputs[0],
  );
  return named(node, [...steps, normal]);
};

/** Fused operators of onnxruntime that plain ones equal exactly. */
export const fusedRules: Rules = {
  'com.microsoft.Gelu': gelu,
  'com.microsoft.FastGelu': fastGelu,
  'com.microsoft.BiasGelu': biasGelu,
  'com.microsoft.QuickGelu': quickGelu,
  'com.microsoft.FusedConv': fusedConv,
  'com.microsoft.FusedGemm': fusedGemm,
  'com.microsoft.FusedMatMul': fusedMatMul,
  'com.microsoft.SkipLayerNormalization': skipLayerNormalization,
};
