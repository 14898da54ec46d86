import { attr, intAttr } from '../attributes.ts';
import { axisOf, sizeOf, stridesOf, type Attributes, type Node, type Tensor } from '../ir.ts';
import { gatherAdjoint, pad } from '../moves.ts';
import type { Operator } from '../operator.ts';
import { numbersOf } from '../tensor.ts';
import { filled, offsetsOf, pick } from '../view.ts';
import { numbersAt, typeAt } from './known.ts';

/** Choosing elements by index, and putting them back. ONNX 1.16, opset 21. */

/** Indices counted from the start. @throws Error when one lies outside the axis. */
function resolved(indices: ArrayLike<number>, size: number): number[] {
  return Array.from(indices, (index) => {
    const at = index < 0 ? index + size : index;
    if (at < 0 || at >= size) throw new Error(`index ${index} lies outside an axis of ${size}`);
    return at;
  });
}

const axisIn = (node: Node, dims: readonly number[]): number =>
  axisOf(intAttr(node, 'axis', 0), dims.length);

const consecutive = (indices: readonly number[]): boolean =>
  indices.every((index, i) => index === indices[0] + i);

const gather: Operator = {
  name: 'Gather',
  infer: (context) => {
    const { dtype, dims } = typeAt(context, 0);
    const axis = axisIn(context.node, dims);
    return [{ dtype, dims: dims.toSpliced(axis, 1, ...typeAt(context, 1).dims) }];
  },
  gradient: (context) => {
    if (!context.wants(0)) return [null, null];
    const { build, node } = context;
    const { dims } = context.inputTypes[0]!;
    const axis = axisIn(node, dims);
    const indices = resolved(numbersAt(context, 1, 'indices'), dims[axis]);
    const rows = build.reshape(context.cotangents[0]!, dims.with(axis, indices.length));
    if (indices.length > 0 && consecutive(indices)) {
      const none = dims.map(() => 0);
      const behind = dims[axis] - indices[0] - indices.length;
      return [pad(build, rows, none.with(axis, indices[0]), none.with(axis, behind)), null];
    }
    return [gatherAdjoint(build, rows, axis, indices, dims[axis]), null];
  },
  evaluate: (node, [data, indices]) => {
    const { dims } = data!;
    const axis = axisIn(node, dims);
    const chosen = resolved(numbersOf(indices!), dims[axis]);
    const [outer, inner] = [sizeOf(dims.slice(0, axis)), sizeOf(dims.slice(axis + 1))];
    const offsets = Array.from({ length: outer }, (_, o) =>
      chosen.map((index) => (o * dims[axis] + index) * inner),
    ).flat();
    const all = offsets.flatMap((offset) => Array.from({ length: inner }, (_, i) => offset + i));
    return [pick(data!, dims.toSpliced(axis, 1, ...indices!.dims), all)];
  },
};

/** Offsets in `dims` of the elements that an index tensor of the same rank names along an axis. */
function elementOffsets(dims: readonly number[], axis: number, indices: Tensor): Float64Array {
  const strides = stridesOf(dims);
  const offsets = offsetsOf(indices.dims, strides.with(axis, 0));
  const chosen = resolved(numbersOf(indices), dims[axis]);
  return offsets.map((offset, i) => offset + chosen[i] * strides[axis]);
}

const gatherElements: Operator = {
  name: 'GatherElements',
  infer: (context) => [{ dtype: typeAt(context, 0).dtype, dims: typeAt(context, 1).dims }],
  gradient: ({ node, build, inputs, cotangents, inputTypes, wants }) => {
    if (!wants(0)) return [null, null];
    const zeros = build.zeros(inputTypes[0]!.dims);
    const attributes = { ...node.attributes, reduction: attr.string('add') };
    return [build.add('ScatterElements', [zeros, inputs[1], cotangents[0]!], attributes), null];
  },
  evaluate: (node, [data, indices]) => [
    pick(data!, indices!.dims, elementOffsets(data!.dims, axisIn(node, data!.dims), indices!)),
  ],
};

/** Offset of each slice that an index tensor [..., k] names in the first k axes of `dims`. */
function sliceOffsets(dims: readonly number[], indices: Tensor): number[] {
  const depth = indices.dims[indices.dims.length - 1];
  const strides = stridesOf(dims);
  const numbers = numbersOf(indices);
  return Array.from({ length: depth === 0 ? 1 : numbers.length / depth }, (_, row) => {
    const tuple = Array.from({ length: depth }, (__, i) => numbers[row * depth + i]);
    return tuple.reduce((sum, index, i) => sum + resolved([index], dims[i])[0] * strides[i], 0);
  });
}

/** Offset of every element of those slices. */
function ndOffsets(dims: readonly number[], indices: Tensor): number[] {
  const inner = sizeOf(dims.slice(indices.dims[indices.dims.length - 1]));
  return sliceOffsets(dims, indices).flatMap((start) =>
    Array.from({ length: inner }, (_, i) => start + i),
  );
}

function refuseBatches(node: Node): void {
  if (intAttr(node, 'batch_dims', 0) !== 0) throw new Error('batch dimensions are not supported');
}

const ndDims = (dims: readonly number[], indices: readonly number[]): number[] => [
  ...indices.slice(0, -1),
  ...dims.slice(indices[indices.length - 1]),
];

const gatherND: Operator = {
  name: 'GatherND',
  infer: (context) => {
    refuseBatches(context.node);
    const { dtype, dims } = typeAt(context, 0);
    return [{ dtype, dims: ndDims(dims, typeAt(context, 1).dims) }];
  },
  gradient: ({ build, inputs, cotangents, inputTypes, wants }) => {
    if (!wants(0)) return [null, null];
    const zeros = build.zeros(inputTypes[0]!.dims);
    const attributes = { reduction: attr.string('add') };
    return [build.add('ScatterND', [zeros, inputs[1], cotangents[0]!], attributes), null];
  },
  evaluate: (_node, [data, indices]) => [
    pick(data!, ndDims(data!.dims, indices!.dims), ndOffsets(data!.dims, indices!)),
  ],
};

/**
 * Scattering replaces or adds. Where it replaces, nothing flows to what was replaced; indices are taken to be distinct,
 * as ONNX demands.
 */
function scattering(
  name: string,
  gathering: 'GatherElements' | 'GatherND',
  offsets: (node: Node, dims: readonly number[], indices: Tensor) => ArrayLike<number>,
): Operator {
  const adds = (node: Node): boolean => {
    const reduction = node.attributes.reduction;
    const how = reduction?.kind === 'string' ? reduction.value : 'none';
    if (how !== 'none' && how !== 'add') throw new Error(`the reduction ${how} is not supported`);
    return how === 'add';
  };
  return {
    name,
    infer: (context) => {
      adds(context.node);
      return [typeAt(context, 0)];
    },
    gradient: ({ node, build, inputs, cotangents, inputTypes, wants }) => {
      const [cotangent] = cotangents as [string];
      const axis = node.attributes.axis;
      const attributes: Attributes = axis ? { axis } : {};
      const erased = (): string =>
        build.add(name, [cotangent, inputs[1], build.zeros(inputTypes[2]!.dims)], attributes);
      return [
        wants(0) ? (adds(node) ? cotangent : erased()) : null,
        null,
        wants(2) ? build.add(gathering, [cotangent, inputs[1]], attributes) : null,
      ];
    },
    evaluate: (node, [data, indices, updates]) => {
      const result = filled(data!);
      result.data.set(data!.data as never);
      const places = offsets(node, data!.dims, indices!);
      for (let i = 0; i < updates!.data.length; i++) {
        const update = updates!.data[i] as number;
        if (adds(node)) (result.data as Float32Array)[places[i]] += update;
        else result.data[places[i]] = update;
      }
      return [result];
    },
  };
}

export const gathers: readonly Operator[] = [
  gather,
  gatherElements,
  gatherND,
  scattering('ScatterElements', 'GatherElements', (node, dims, indices) =>
    elementOffsets(dims, axisIn(node, dims), indices),
  ),
  scattering('ScatterND', 'GatherND', (_node, dims, indices) => ndOffsets(dims, indices)),
];
