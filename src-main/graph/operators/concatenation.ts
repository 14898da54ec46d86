import { attr, intAttr } from '../attributes.ts';
import { axisOf, stridesOf, type Node, type Tensor, type ValueType } from '../ir.ts';
import { cut, pad } from '../moves.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';
import { filled, offsetsOf, put, view } from '../view.ts';
import { known, optionalNumbersAt, typeAt } from './known.ts';

/** Joining and parting along an axis; each is the other's gradient. ONNX 1.16, opset 21. */

/** Where each of several parts starts, and behind the last one the whole length. */
const startsOf = (lengths: readonly number[]): number[] =>
  lengths.reduce((starts, length) => [...starts, starts[starts.length - 1] + length], [0]);

function concatenated(context: InferContext): ValueType[] {
  const parts = context.inputs.map((_, index) => typeAt(context, index));
  const { dtype, dims } = parts[0];
  const axis = axisOf(intAttr(context.node, 'axis', 0), dims.length);
  for (const part of parts) {
    const fits = part.dims.length === dims.length && part.dtype === dtype;
    if (!fits || part.dims.some((dim, i) => i !== axis && dim !== dims[i])) {
      throw new Error(
        `[${part.dims.join(', ')}] does not join [${dims.join(', ')}] on axis ${axis}`,
      );
    }
  }
  return [
    {
      dtype,
      dims: dims.with(
        axis,
        parts.reduce((sum, part) => sum + part.dims[axis], 0),
      ),
    },
  ];
}

const concat: Operator = {
  name: 'Concat',
  infer: concatenated,
  gradient: partsOfCotangent,
  evaluate: (node, inputs) => {
    const joined = filled(concatenated(known(node, inputs))[0]);
    const axis = axisOf(intAttr(node, 'axis', 0), joined.dims.length);
    const strides = stridesOf(joined.dims);
    const starts = startsOf(inputs.map((input) => input!.dims[axis]));
    inputs.forEach((input, i) => {
      put(joined, input!, offsetsOf(input!.dims, strides, starts[i] * strides[axis]));
    });
    return [joined];
  },
};

/** One wanted part is cut out; several come from one Split. */
function partsOfCotangent(context: GradientContext): (string | null)[] {
  const { node, build, inputTypes, outputTypes, wants } = context;
  const cotangent = context.cotangents[0]!;
  const axis = axisOf(intAttr(node, 'axis', 0), outputTypes[0].dims.length);
  const lengths = inputTypes.map((type) => type!.dims[axis]);
  const wanted = lengths.flatMap((_, index) => (wants(index) ? [index] : []));
  if (lengths.length === 1) return [cotangent];
  if (wanted.length > 1) {
    const inputs = [cotangent, build.shape(lengths)];
    const parts = build.addMany('Split', inputs, { axis: attr.int(axis) }, lengths.length);
    return parts.map((part, index) => (wants(index) ? part : null));
  }
  const starts = startsOf(lengths);
  return lengths.map((length, index) =>
    wants(index) ? cut(build, cotangent, [starts[index]], [starts[index] + length], [axis]) : null,
  );
}

/** Lengths of the parts: given, or equal ones of which the last may be shorter (`num_outputs`, opset 18). */
function lengthsOf(node: Node, size: number, given: readonly number[] | undefined): number[] {
  if (given) {
    if (startsOf(given)[given.length] !== size) throw new Error('its parts do not add up');
    return [...given];
  }
  const count = intAttr(node, 'num_outputs', node.outputs.length);
  const each = Math.ceil(size / count);
  return Array.from({ length: count }, (_, i) => Math.max(0, Math.min(each, size - i * each)));
}

function splitLengths(context: InferContext): { axis: number; lengths: number[] } {
  const { dims } = typeAt(context, 0);
  const axis = axisOf(intAttr(context.node, 'axis', 0), dims.length);
  return {
    axis,
    lengths: lengthsOf(context.node, dims[axis], optionalNumbersAt(context, 1, 'lengths')),
  };
}

const split: Operator = {
  name: 'Split',
  infer: (context) => {
    const { dtype, dims } = typeAt(context, 0);
    const { axis, lengths } = splitLengths(context);
    return lengths.map((length) => ({ dtype, dims: dims.with(axis, length) }));
  },
  gradient: ({ node, build, cotangents, inputTypes, outputTypes, wants }) => {
    if (!wants(0)) return [null];
    const { dims } = inputTypes[0]!;
    const axis = axisOf(intAttr(node, 'axis', 0), dims.length);
    const set = cotangents.flatMap((cotangent, i) => (cotangent ? [i] : []));
    if (set.length === 1) {
      const starts = startsOf(outputTypes.map((type) => type.dims[axis]));
      const [only] = set;
      const none = dims.map(() => 0);
      const before = none.with(axis, starts[only]);
      return [
        pad(build, cotangents[only]!, before, none.with(axis, dims[axis] - starts[only + 1])),
      ];
    }
    const parts = cotangents.map((cotangent, i) => cotangent ?? build.zeros(outputTypes[i].dims));
    return [build.add('Concat', parts, { axis: attr.int(axis) })];
  },
  evaluate: (node, inputs) => {
    const data = inputs[0] as Tensor;
    const { axis, lengths } = splitLengths(known(node, inputs));
    const strides = stridesOf(data.dims);
    const starts = startsOf(lengths);
    return lengths.map((length, i) =>
      view(data, data.dims.with(axis, length), strides, starts[i] * strides[axis]),
    );
  },
};

export const concatenations: readonly Operator[] = [concat, split];
