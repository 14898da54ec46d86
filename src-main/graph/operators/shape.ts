import { intAttr, tensorAttr, floatsAttr, intsAttr } from '../attributes.ts';
import { sizeOf, type Node, type Tensor } from '../ir.ts';
import type { InferContext, Operator } from '../operator.ts';
import { allocate, floats, ints, numbersOf, tensor } from '../tensor.ts';
import { filled } from '../view.ts';
import { known, numbersAt, typeAt } from './known.ts';

/** Operators that make or measure shapes. Exporters leave chains of them that folding removes. ONNX 1.16, opset 21. */

/** Dimensions `start` to `end` of a shape, both clamped (opset 15). */
function shapeOf(node: Node, dims: readonly number[]): Tensor {
  const end = intAttr(node, 'end', dims.length);
  const chosen = dims.slice(intAttr(node, 'start', 0), end < -dims.length ? 0 : end);
  return ints([chosen.length], chosen);
}

const shape: Operator = {
  name: 'Shape',
  ofTypes: true,
  infer: (context) => [
    { dtype: 'int64', dims: shapeOf(context.node, typeAt(context, 0).dims).dims },
  ],
  evaluate: (node, [data]) => [shapeOf(node, data!.dims)],
};

const size: Operator = {
  name: 'Size',
  ofTypes: true,
  infer: () => [{ dtype: 'int64', dims: [] }],
  evaluate: (_node, [data]) => [ints([], [sizeOf(data!.dims)])],
};

/** The constant of a node, in whichever of its forms the file gives it. */
function constantOf(node: Node): Tensor {
  const value = tensorAttr(node, 'value');
  if (value) return value;
  const many = floatsAttr(node, 'value_floats');
  if (many) return floats([many.length], many);
  const whole = intsAttr(node, 'value_ints');
  if (whole) return ints([whole.length], whole);
  const scalar = node.attributes.value_float ?? node.attributes.value_int;
  if (scalar?.kind === 'float') return floats([], [scalar.value]);
  if (scalar?.kind === 'int') return ints([], [scalar.value]);
  throw new Error('it holds no number');
}

const constant: Operator = {
  name: 'Constant',
  infer: ({ node }) => [{ dtype: constantOf(node).dtype, dims: constantOf(node).dims }],
  evaluate: (node) => [constantOf(node)],
};

const constantOfShape: Operator = {
  name: 'ConstantOfShape',
  infer: (context) => [
    {
      dtype: tensorAttr(context.node, 'value')?.dtype ?? 'float32',
      dims: numbersAt(context, 0, 'dimensions'),
    },
  ],
  evaluate: (node, inputs) => [
    filled(constantOfShape.infer(known(node, inputs))[0], tensorAttr(node, 'value')),
  ],
};

/** max(ceil((limit − start) / delta), 0) numbers. */
function rangeLength(context: InferContext): number {
  const [start, limit, delta] = [0, 1, 2].map((i) => numbersAt(context, i, 'bounds')[0]);
  if (delta === 0) throw new Error('its step is 0');
  return Math.max(0, Math.ceil((limit - start) / delta));
}

const range: Operator = {
  name: 'Range',
  infer: (context) => [{ dtype: typeAt(context, 0).dtype, dims: [rangeLength(context)] }],
  evaluate: (node, inputs) => {
    const length = rangeLength(known(node, inputs));
    const [start, , delta] = inputs.map((input) => numbersOf(input!)[0]);
    const values = Array.from({ length }, (_, i) => start + i * delta);
    return [tensor(inputs[0]!.dtype, [length], values)];
  },
};

/** Positions of the elements that are not zero, one list per axis. */
function nonZeroOf(data: Tensor): Tensor {
  const found: number[] = [];
  for (let i = 0; i < data.data.length; i++) if (Number(data.data[i]) !== 0) found.push(i);
  const dims = data.dims;
  const lists = dims.map((dim, axis) => {
    const inner = sizeOf(dims.slice(axis + 1));
    return found.map((offset) => Math.floor(offset / inner) % dim);
  });
  return ints([dims.length, found.length], lists.flat());
}

const nonZero: Operator = {
  name: 'NonZero',
  infer: (context) => {
    const data = context.constant(0);
    if (!data) throw new Error('how many elements are not zero depends on the input image');
    return [{ dtype: 'int64', dims: nonZeroOf(data).dims }];
  },
  evaluate: (_node, [data]) => [nonZeroOf(data!)],
};

const oneHot: Operator = {
  name: 'OneHot',
  infer: (context) => {
    const indices = typeAt(context, 0).dims;
    const axis = intAttr(context.node, 'axis', -1);
    const at = axis < 0 ? axis + indices.length + 1 : axis;
    const depth = numbersAt(context, 1, 'classes')[0];
    return [{ dtype: typeAt(context, 2).dtype, dims: indices.toSpliced(at, 0, depth) }];
  },
  evaluate: (node, inputs) => {
    const [indices, , offOn] = inputs.map((input) => input!);
    const [{ dtype, dims }] = oneHot.infer(known(node, inputs));
    const at = intAttr(node, 'axis', -1);
    const axis = at < 0 ? at + dims.length : at;
    const depth = dims[axis];
    const inner = sizeOf(dims.slice(axis + 1));
    const data = allocate(dtype, sizeOf(dims)).fill(offOn.data[0] as never);
    Array.from(numbersOf(indices)).forEach((index, i) => {
      const hot = index < 0 ? index + depth : index;
      if (hot < 0 || hot >= depth) return;
      data[(Math.floor(i / inner) * depth + hot) * inner + (i % inner)] = offOn.data[1];
    });
    return [{ dtype, dims, data }];
  },
};

export const shapes: readonly Operator[] = [
  shape,
  size,
  constant,
  constantOfShape,
  range,
  nonZero,
  oneHot,
];
