import { attr, floatAttr, intAttr } from '../attributes.ts';
import type { Node } from '../ir.ts';
import { floats, ints, tensor } from '../tensor.ts';
import { named, only, refuse, step, type Rule, type Rules, type Upgrading } from './rule.ts';

const EVAL = 'is in training mode; call model.eval() and export the model again';

/** Before opset 13 the input was seen as a matrix: the axes before `axis` against those from it on. */
const softmax: Rule = (node, context) => {
  if (context.opset >= 13) return [node];
  const axis = intAttr(node, 'axis', 1);
  const [input] = node.inputs;
  const rank = context.rank(input) ?? context.rank(node.outputs[0]);
  const last = { axis: attr.int(-1) };
  if (axis === -1 || (rank !== undefined && axis === rank - 1))
    return [{ ...node, attributes: last }];
  const matrix = step(context, 'Flatten', [input], { axis: attr.int(axis) });
  const core = step(context, node.op, matrix.outputs, last);
  const shape = step(context, 'Shape', [input]);
  const back = step(context, 'Reshape', [core.outputs[0], shape.outputs[0]], {}, node.outputs[0]);
  // The name stays with the function itself, which is what a reader looks for.
  return [matrix, { ...core, name: node.name }, shape, back];
};

/** Statistics are outputs in training alone, and `momentum` matters only there. */
const batchNormalization: Rule = (node) => {
  if (intAttr(node, 'training_mode', 0) !== 0) throw refuse(node, EVAL);
  if (intAttr(node, 'spatial', 1) !== 1)
    throw refuse(node, 'normalises every pixel by itself (spatial=0), which later opsets dropped');
  return [
    { ...node, outputs: node.outputs.slice(0, 1), attributes: only(node.attributes, 'epsilon') },
  ];
};

/**
 * At inference nothing is dropped: the output is the input, and the mask is all ones. A ratio of 0 drops nothing in
 * training either (torchvision's Swin Transformer is exported so).
 */
const dropout: Rule = (node, context) => {
  const [, ratio, training] = node.inputs;
  const drops = context.constant(ratio ?? '')?.data[0] !== 0;
  if (drops && training && context.constant(training)?.data[0]) throw refuse(node, EVAL);
  if (training && !context.constant(training)) {
    context.note(`Node ${node.name} (Dropout) asks whether it is training; it is taken not to be.`);
  }
  const [input] = node.inputs;
  const identity: Node = {
    ...node,
    op: 'Identity',
    inputs: [input],
    outputs: [node.outputs[0]],
    attributes: {},
  };
  return node.outputs[1] ? [identity, ...mask(input, node.outputs[1], context)] : [identity];
};

function mask(input: string, output: string, context: Upgrading): Node[] {
  const shape = step(context, 'Shape', [input]);
  const value = attr.tensor(tensor(context.opset < 10 ? 'float32' : 'bool', [1], [1]));
  return [shape, step(context, 'ConstantOfShape', shape.outputs, { value }, output)];
}

/**
 * Before opset 21 scale and bias were given per group: that is instance normalisation of the groups
 * (Wu & He 2018, section 3.1).
 */
const groupNormalization: Rule = (node, context) => {
  if (context.opset >= 21) return [node];
  const [input, scale, bias] = node.inputs;
  const groups = context.put(ints([3], [0, intAttr(node, 'num_groups', 1), -1]), 'groups');
  const grouped = step(context, 'Reshape', [input, groups]);
  const normal = step(context, 'InstanceNormalization', [grouped.outputs[0], scale, bias], {
    epsilon: attr.float(floatAttr(node, 'epsilon', 1e-5)),
  });
  const shape = step(context, 'Shape', [input]);
  const back = step(context, 'Reshape', [normal.outputs[0], shape.outputs[0]], {}, node.outputs[0]);
  return named(node, [grouped, normal, shape, back]);
};

/** Swish 24: x · sigmoid(alpha · x). */
const swish: Rule = (node, context) => {
  const alpha = context.put(floats([], [floatAttr(node, 'alpha', 1)]), 'alpha');
  const scaled = step(context, 'Mul', [node.inputs[0], alpha]);
  const gate = step(context, 'Sigmoid', scaled.outputs);
  const product = step(context, 'Mul', [node.inputs[0], gate.outputs[0]], {}, node.outputs[0]);
  return named(node, [scaled, gate, product]);
};

/** RMSNormalization 23: x / sqrt(mean(x²) + epsilon) · scale, over the last axis (Zhang & Sennrich 2019). */
const rmsNormalization: Rule = (node, context) => {
  if (intAttr(node, 'axis', -1) !== -1) return [node];
  const [input, scale] = node.inputs;
  const axes = context.put(ints([1], [-1]), 'axes');
  const epsilon = context.put(floats([], [floatAttr(node, 'epsilon', 1e-5)]), 'epsilon');
  const square = step(context, 'Mul', [input, input]);
  const mean = step(context, 'ReduceMean', [square.outputs[0], axes], { keepdims: attr.int(1) });
  const shifted = step(context, 'Add', [mean.outputs[0], epsilon]);
  const root = step(context, 'Sqrt', shifted.outputs);
  const normal = step(context, 'Div', [input, root.outputs[0]]);
  const result = step(context, 'Mul', [normal.outputs[0], scale], {}, node.outputs[0]);
  return named(node, [square, mean, shifted, root, normal, result]);
};

/** Operators whose meaning changed, or that older ones express exactly. */
export const lowerRules: Rules = {
  Softmax: softmax,
  LogSoftmax: softmax,
  BatchNormalization: batchNormalization,
  Dropout: dropout,
  GroupNormalization: groupNormalization,
  Swish: swish,
  RMSNormalization: rmsNormalization,
};
