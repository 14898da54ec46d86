import { intAttr } from '../../../graph/attributes.ts';
import type { DType } from '../../../graph/ir.ts';
import { keeping } from '../layout.ts';
import type { Handle, Kernel, Operation, Operations, Site, TF } from '../operation.ts';
import { broadcasting } from './broadcasting.ts';

/** Comparisons, logic, choices, and conversions between element types. https://onnx.ai/onnx/operators/ */

/** Booleans are compared as the numbers 0 and 1. */
const number = (tf: TF, x: Handle): Handle => (x.dtype === 'bool' ? tf.cast(x, 'int32') : x);

const compare = (holds: (tf: TF, a: Handle, b: Handle) => Handle): Operation =>
  broadcasting((tf, [a, b]) => holds(tf, number(tf, a), number(tf, b)));

const logic = (holds: (tf: TF, a: Handle, b: Handle) => Handle): Operation =>
  broadcasting((tf, [a, b]) => holds(tf, a, b));

/** Element types by their number in ONNX's TensorProto.DataType. */
const TYPES: Readonly<Record<number, DType>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
};

/** Floats lose their fraction towards zero; anything but 0 is true; bytes wrap around. */
function casting(tf: TF, x: Handle, to: DType): Handle {
  switch (to) {
    case 'float32':
      return tf.cast(x, 'float32');
    case 'bool':
      return x.dtype === 'bool' ? x.clone() : tf.notEqual(x, tf.scalar(0, x.dtype as 'int32'));
    case 'int32':
    case 'int64':
      return tf.cast(x, 'int32');
    case 'uint8':
      return tf.mod(tf.cast(x, 'int32'), tf.scalar(256, 'int32'));
    case 'int8':
      return tf.sub(
        tf.mod(tf.add(tf.cast(x, 'int32'), tf.scalar(128, 'int32')), tf.scalar(256, 'int32')),
        tf.scalar(128, 'int32'),
      );
  }
}

function cast(site: Site): Kernel {
  const to = site.node.op === 'Cast' ? TYPES[intAttr(site.node, 'to', 0)] : site.outputs[0].dtype;
  return keeping(site, (x) => casting(site.tf, x, to));
}

export const comparison: Operations = {
  Equal: compare((tf, a, b) => tf.equal(a, b)),
  Greater: compare((tf, a, b) => tf.greater(a, b)),
  GreaterOrEqual: compare((tf, a, b) => tf.greaterEqual(a, b)),
  Less: compare((tf, a, b) => tf.less(a, b)),
  LessOrEqual: compare((tf, a, b) => tf.lessEqual(a, b)),
  And: logic((tf, a, b) => tf.logicalAnd(a, b)),
  Or: logic((tf, a, b) => tf.logicalOr(a, b)),
  Xor: logic((tf, a, b) => tf.notEqual(number(tf, a), number(tf, b))),
  Not: (site) => keeping(site, (x) => site.tf.logicalNot(x)),
  IsNaN: (site) => keeping(site, (x) => site.tf.notEqual(x, x)),
  Where: broadcasting((tf, [condition, a, b]) => tf.where(condition, a, b)),
  Cast: cast,
  CastLike: cast,
};
