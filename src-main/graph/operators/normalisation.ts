import { floatAttr, intAttr } from '../attributes.ts';
import { axisOf, type ValueType } from '../ir.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';
import { standardise, standardiseGradient, type Standardised } from './standardise.ts';

/** Types of an operator that keeps the shape of its first input and takes one parameter per channel. */
function inferPerChannel({ node, inputs }: InferContext): ValueType[] {
  const [x, ...parameters] = inputs;
  if (!x || x.dims.length < 2) throw new Error('normalisation needs an input [N, C, …]');
  if (intAttr(node, 'training_mode', 0) !== 0) {
    throw new Error(
      'batch normalisation in training mode is not supported; export the model for inference',
    );
  }
  for (const parameter of parameters) {
    if (parameter && (parameter.dims.length !== 1 || parameter.dims[0] !== x.dims[1])) {
      throw new Error(`parameters [${parameter.dims.join(', ')}] do not fit ${x.dims[1]} channels`);
    }
  }
  return [{ dtype: x.dtype, dims: x.dims }];
}

/** A vector with one entry per channel, shaped so that it broadcasts over [N, C, spatial…]. */
function perChannel(context: GradientContext, value: string): string {
  const [, channels, ...spatial] = context.inputTypes[0]!.dims;
  return context.build.reshape(value, [channels, ...spatial.map(() => 1)]);
}

/** Sums over all axes but the channels. */
function channelSum(context: GradientContext, value: string): string {
  const axes = context.inputTypes[0]!.dims.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  return context.build.sum(value, axes, false);
}

function batchGradient(context: GradientContext): (string | null)[] {
  const { build, inputs, node, wants } = context;
  if (context.wants(3) || context.wants(4)) {
    throw new Error('running statistics that depend on the input are not supported');
  }
  const cotangent = context.cotangents[0]!;
  const epsilon = build.scalar(floatAttr(node, 'epsilon', 1e-5));
  const inverse = build.add('Reciprocal', [
    build.add('Sqrt', [build.add('Add', [inputs[4], epsilon])]),
  ]);
  const slope = () => perChannel(context, build.add('Mul', [inputs[1], inverse]));
  const standard = () => {
    const centred = build.add('Sub', [inputs[0], perChannel(context, inputs[3])]);
    return build.add('Mul', [centred, perChannel(context, inverse)]);
  };
  return [
    wants(0) ? build.add('Mul', [cotangent, slope()]) : null,
    wants(1) ? channelSum(context, build.add('Mul', [cotangent, standard()])) : null,
    wants(2) ? channelSum(context, cotangent) : null,
    null,
    null,
  ];
}

function instanceGradient(context: GradientContext): (string | null)[] {
  const axes = context.inputTypes[0]!.dims.flatMap((_, axis) => (axis < 2 ? [] : [axis]));
  const epsilon = floatAttr(context.node, 'epsilon', 1e-5);
  return affineGradient(context, standardise(context.build, context.inputs[0], axes, epsilon));
}

/** Groups of channels are standardised together; scale and bias are per channel (GroupNormalization, opset 21). */
function groupGradient(context: GradientContext): (string | null)[] {
  const { build, node } = context;
  const { dims } = context.inputTypes[0]!;
  const groups = intAttr(node, 'num_groups', 1);
  const apart = [dims[0], groups, dims[1] / groups, ...dims.slice(2)];
  const axes = apart.flatMap((_, axis) => (axis < 2 ? [] : [axis]));
  const grouped = build.reshape(context.inputs[0], apart);
  return affineGradient(
    context,
    standardise(build, grouped, axes, floatAttr(node, 'epsilon', 1e-5)),
  );
}

/** Gradients of y = standardised(x) · scale + bias with one scale and bias per channel. */
function affineGradient(context: GradientContext, standard: Standardised): (string | null)[] {
  const { build, inputs, wants } = context;
  const { dims } = context.inputTypes[0]!;
  const cotangent = context.cotangents[0]!;
  const inner = () => {
    const scaled = build.add('Mul', [cotangent, perChannel(context, inputs[1])]);
    const shaped = build.reshape(scaled, build.dims(standard.value));
    return build.reshape(standardiseGradient(build, standard, shaped), dims);
  };
  const product = () => build.add('Mul', [cotangent, build.reshape(standard.value, dims)]);
  return [
    wants(0) ? inner() : null,
    wants(1) ? channelSum(context, product()) : null,
    wants(2) ? channelSum(context, cotangent) : null,
  ];
}

function inferLayer({ node, inputs }: InferContext): ValueType[] {
  const x = inputs[0];
  if (!x || !inputs[1]) throw new Error('layer normalisation needs an input and a scale');
  const axis = axisOf(intAttr(node, 'axis', -1), x.dims.length);
  const statistics = { dtype: x.dtype, dims: x.dims.map((dim, i) => (i < axis ? dim : 1)) };
  return [{ dtype: x.dtype, dims: x.dims }, statistics, statistics];
}

function layerGradient(context: GradientContext): (string | null)[] {
  const { build, inputs, node, wants } = context;
  const { dims } = context.inputTypes[0]!;
  const axis = axisOf(intAttr(node, 'axis', -1), dims.length);
  const axes = dims.flatMap((_, i) => (i < axis ? [] : [i]));
  const standard = standardise(build, inputs[0], axes, floatAttr(node, 'epsilon', 1e-5));
  const cotangent = context.cotangents[0] ?? build.zeros(dims);
  const scaleDims = context.inputTypes[1]!.dims;
  const scaled = () => build.add('Mul', [cotangent, inputs[1]]);
  const product = () => build.add('Mul', [cotangent, standard.value]);
  const inner = () => standardiseGradient(build, standard, scaled());
  return [
    wants(0) ? withStatistics(context, standard, inner()) : null,
    wants(1) ? build.sumTo(product(), scaleDims) : null,
    wants(2) ? build.sumTo(cotangent, context.inputTypes[2]!.dims) : null,
  ].slice(0, inputs.length);
}

/** Adds what flows back through the outputs Mean and InvStdDev where somebody reads them. */
function withStatistics(
  { build, cotangents, inputTypes }: GradientContext,
  { axes, value, inverse }: Standardised,
  gradient: string,
): string {
  const { dims } = inputTypes[0]!;
  const count = axes.reduce((product, axis) => product * dims[axis], 1);
  const share = build.scalar(1 / count);
  let result = gradient;
  if (cotangents[1]) {
    result = build.add('Add', [result, build.add('Mul', [cotangents[1], share])]);
  }
  if (cotangents[2]) {
    const square = build.add('Mul', [inverse, inverse]);
    const weight = build.add('Mul', [build.add('Mul', [cotangents[2], square]), share]);
    result = build.add('Sub', [result, build.add('Mul', [value, weight])]);
  }
  return result;
}

/**
 * ONNX operators BatchNormalization (inference), InstanceNormalization, GroupNormalization and LayerNormalization.
 * Gradients: Ioffe & Szegedy 2015, arXiv 1502.03167; Ba et al. 2016, arXiv 1607.06450; Wu & He 2018, arXiv 1803.08494.
 */
export const normalisations: readonly Operator[] = [
  { name: 'BatchNormalization', infer: inferPerChannel, gradient: batchGradient },
  { name: 'InstanceNormalization', infer: inferPerChannel, gradient: instanceGradient },
  { name: 'GroupNormalization', infer: inferPerChannel, gradient: groupGradient },
  { name: 'LayerNormalization', infer: inferLayer, gradient: layerGradient },
];
