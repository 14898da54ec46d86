import { attr } from '../../attributes.ts';
import type { Attribute } from '../../ir.ts';
import { floats } from '../../tensor.ts';
import type { Conversion, Converter, Converters } from '../operation.ts';

/** The inputs of an operation that are broadcast together, and a way to give its result. */
export interface Broadcast {
  readonly inputs: readonly string[];
  /** Adds the last step, in the order of axes that the inputs have. */
  readonly result: (
    op: string,
    inputs: readonly string[],
    attributes?: Record<string, Attribute>,
  ) => void;
}

/**
 * Inputs in NCHW where one of them is an image tensor and the others are ones too, constants or numbers; otherwise as
 * TensorFlow has them.
 */
export function broadcast(conversion: Conversion, indices: readonly number[]): Broadcast {
  const { plain, planar, isPlanar, constant, rank } = conversion;
  const some = indices.some(isPlanar);
  const fits = (i: number): boolean => {
    const dims = constant(i)?.dims.length;
    return isPlanar(i) || (dims !== undefined && dims <= 4) || rank(i) === 4 || rank(i) === 0;
  };
  if (some && indices.every(fits)) {
    const inputs = indices.map((i) => (rank(i) === 0 ? plain(i) : planar(i)));
    return {
      inputs,
      result: (op, given, attributes) => {
        const channels = channelsOf(conversion, indices);
        conversion.planarResult({ op, inputs: given, attributes, ...channels });
      },
    };
  }
  const ranks = indices.map(rank);
  const known = ranks.every((each) => each !== undefined);
  return {
    inputs: indices.map(plain),
    result: (op, given, attributes) =>
      conversion.plainResult({
        ...{ op, inputs: given, attributes },
        rank: known ? Math.max(...ranks) : undefined,
      }),
  };
}

function channelsOf(
  { channels, constant, isPlanar }: Conversion,
  indices: readonly number[],
): { channels?: number } {
  const counts = indices.map((i) => (isPlanar(i) ? channels(i) : (constant(i)?.dims.at(-1) ?? 1)));
  if (counts.some((count) => count === undefined)) return {};
  return { channels: Math.max(...(counts as number[])) };
}

/** An operation of one input whose result has its shape. */
export const unary =
  (op: string, attributes: Record<string, Attribute> = {}): Converter =>
  (conversion) => {
    const { inputs, result } = broadcast(conversion, [0]);
    result(op, inputs, attributes);
  };

const binary =
  (op: string): Converter =>
  (conversion) => {
    const { inputs, result } = broadcast(conversion, [0, 1]);
    result(op, inputs);
  };

/** f(g(x, y)). */
const composed =
  (outer: string, inner: string): Converter =>
  (conversion) => {
    const { inputs, result } = broadcast(conversion, conversion.count > 1 ? [0, 1] : [0]);
    result(outer, [conversion.step(inner, inputs)]);
  };

const square: Converter = (conversion) => {
  const { inputs, result } = broadcast(conversion, [0]);
  result('Mul', [inputs[0], inputs[0]]);
};

const squaredDifference: Converter = (conversion) => {
  const { inputs, result } = broadcast(conversion, [0, 1]);
  const difference = conversion.step('Sub', inputs);
  result('Mul', [difference, difference]);
};

/** log(1 + x) and exp(x) − 1. */
const log1p: Converter = (conversion) => {
  const { inputs, result } = broadcast(conversion, [0]);
  result('Log', [conversion.step('Add', [inputs[0], one(conversion)])]);
};

const expm1: Converter = (conversion) => {
  const { inputs, result } = broadcast(conversion, [0]);
  result('Sub', [conversion.step('Exp', inputs), one(conversion)]);
};

/** 1 − erf(x). */
const erfc: Converter = (conversion) => {
  const { inputs, result } = broadcast(conversion, [0]);
  result('Sub', [one(conversion), conversion.step('Erf', inputs)]);
};

const one = ({ put }: Conversion): string => put(floats([], [1]), 'one');

/** Rounds towards −∞; whole numbers, which only shapes are computed with, are divided as they are. */
const floorDivision: Converter = (conversion) => {
  const { inputs, result } = broadcast(conversion, [0, 1]);
  const isFloat = ['DT_FLOAT', 'DT_HALF'].includes(conversion.attributes.type('T') ?? 'DT_FLOAT');
  if (!isFloat) return result('Div', inputs);
  result('Floor', [conversion.step('Div', inputs)]);
};

const many: Converter = (conversion) => {
  const indices = Array.from({ length: conversion.count }, (_, i) => i);
  const { inputs, result } = broadcast(conversion, indices);
  result('Sum', inputs);
};

/** A bias is added along the last axis, or along the channels of a planar tensor. */
const biasAdd: Converter = (conversion) => {
  if (conversion.attributes.text('data_format', 'NHWC') !== 'NCHW')
    return binary('Add')(conversion);
  const shape = conversion.put(
    { dtype: 'int64', dims: [3], data: BigInt64Array.of(-1n, 1n, 1n) },
    'shape',
  );
  const bias = conversion.step('Reshape', [conversion.plain(1), shape]);
  conversion.plainResult({
    op: 'Add',
    inputs: [conversion.plain(0), bias],
    rank: conversion.rank(0),
  });
};

const select: Converter = (conversion) => {
  const { inputs, result } = broadcast(conversion, [0, 1, 2]);
  result('Where', inputs);
};

const clip: Converter = (conversion) => {
  const { inputs, result } = broadcast(conversion, [0]);
  result('Clip', [inputs[0], conversion.plain(1), conversion.plain(2)]);
};

const mod: Converter = (conversion) => {
  const { inputs, result } = broadcast(conversion, [0, 1]);
  const isFloat = conversion.attributes.type('T') === 'DT_FLOAT';
  if (isFloat) throw new Error('the remainder of fractions is not supported');
  result('Mod', inputs, { fmod: attr.int(0) });
};

/** Operations on each element, with numpy's broadcasting (tensorflow/core/ops/math_ops.cc). */
export const elementwises: Converters = {
  Abs: unary('Abs'),
  Neg: unary('Neg'),
  Exp: unary('Exp'),
  Expm1: expm1,
  Log: unary('Log'),
  Log1p: log1p,
  Sqrt: unary('Sqrt'),
  Rsqrt: composed('Reciprocal', 'Sqrt'),
  Reciprocal: unary('Reciprocal'),
  Inv: unary('Reciprocal'),
  Square: square,
  Sign: unary('Sign'),
  Floor: unary('Floor'),
  Ceil: unary('Ceil'),
  Round: unary('Round'),
  Rint: unary('Round'),
  Sin: unary('Sin'),
  Cos: unary('Cos'),
  Tan: unary('Tan'),
  Atan: unary('Atan'),
  Sinh: unary('Sinh'),
  Cosh: unary('Cosh'),
  Erfc: erfc,
  IsNan: unary('IsNaN'),
  LogicalNot: unary('Not'),
  Add: binary('Add'),
  AddV2: binary('Add'),
  AddN: many,
  BiasAdd: biasAdd,
  BiasAddV1: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Div: binary('Div'),
  RealDiv: binary('Div'),
  FloorDiv: floorDivision,
  FloorMod: mod,
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Pow: binary('Pow'),
  SquaredDifference: squaredDifference,
  Equal: binary('Equal'),
  NotEqual: composed('Not', 'Equal'),
  Greater: binary('Greater'),
  GreaterEqual: binary('GreaterOrEqual'),
  Less: binary('Less'),
  LessEqual: binary('LessOrEqual'),
  LogicalAnd: binary('And'),
  LogicalOr: binary('Or'),
  Select: select,
  SelectV2: select,
  ClipByValue: clip,
};
