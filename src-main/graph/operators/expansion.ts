import { sizeOf, stridesOf, type Tensor } from '../ir.ts';
import type { InferContext, Operator } from '../operator.ts';
import { view } from '../view.ts';
import { known, numbersAt, typeAt } from './known.ts';

/** Repeating elements; the gradient sums over the repetitions. ONNX 1.16, opset 21. */

/** Two-way broadcast: a dimension of 1 on either side gives way. */
function expandedDims(context: InferContext): number[] {
  const { dims } = typeAt(context, 0);
  const wanted = numbersAt(context, 1, 'dimensions');
  const rank = Math.max(dims.length, wanted.length);
  return Array.from({ length: rank }, (_, i) => {
    const a = dims[i - rank + dims.length] ?? 1;
    const b = wanted[i - rank + wanted.length] ?? 1;
    if (a !== b && a !== 1 && b !== 1)
      throw new Error(`[${dims.join(', ')}] does not stretch to [${wanted.join(', ')}]`);
    return a === 1 ? b : a;
  });
}

const expand: Operator = {
  name: 'Expand',
  infer: (context) => [{ dtype: typeAt(context, 0).dtype, dims: expandedDims(context) }],
  gradient: ({ build, cotangents, inputTypes, wants }) => [
    wants(0) ? build.sumTo(cotangents[0]!, inputTypes[0]!.dims) : null,
    null,
  ],
  evaluate: (node, inputs) => {
    const data = inputs[0] as Tensor;
    const dims = expandedDims(known(node, inputs));
    const lead = dims.length - data.dims.length;
    const own = stridesOf(data.dims);
    const strides = dims.map((_, i) => (i < lead || data.dims[i - lead] === 1 ? 0 : own[i - lead]));
    return [view(data, dims, strides)];
  },
};

/** Shape with each repetition as an axis of its own before the axis that it repeats. */
const apart = (dims: readonly number[], repeats: readonly number[]): number[] =>
  dims.flatMap((dim, axis) => [repeats[axis], dim]);

const tile: Operator = {
  name: 'Tile',
  infer: (context) => {
    const { dtype, dims } = typeAt(context, 0);
    const repeats = numbersAt(context, 1, 'repeats');
    if (repeats.length !== dims.length) throw new Error('it has not one repeat for each axis');
    return [{ dtype, dims: dims.map((dim, axis) => dim * repeats[axis]) }];
  },
  gradient: (context) => {
    if (!context.wants(0)) return [null, null];
    const { build } = context;
    const { dims } = context.inputTypes[0]!;
    const repeats = numbersAt(context, 1, 'repeats');
    const split = build.reshape(context.cotangents[0]!, apart(dims, repeats));
    const axes = repeats.flatMap((count, axis) => (count === 1 ? [] : [2 * axis]));
    return [build.reshape(build.sum(split, axes, false), dims), null];
  },
  evaluate: (node, inputs) => {
    const data = inputs[0] as Tensor;
    const [{ dims }] = tile.infer(known(node, inputs));
    const repeats = dims.map((dim, axis) => (data.dims[axis] === 0 ? 0 : dim / data.dims[axis]));
    const strides = stridesOf(data.dims).flatMap((stride) => [0, stride]);
    const split = apart(data.dims, repeats);
    return [{ ...view(data, sizeOf(dims) === 0 ? [0] : split, strides), dims }];
  },
};

export const expansions: readonly Operator[] = [expand, tile];
