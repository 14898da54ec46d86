import { attr } from '../../src-main/graph/attributes.ts';
import type { Attributes, Tensor } from '../../src-main/graph/ir.ts';
import { floats, ints, tensor } from '../../src-main/graph/tensor.ts';
import type { Application } from './engine-graph.ts';
import { distinct, uniform } from './random.ts';

/** Applications of every operator that a compiled graph may hold, in the forms that engines tell apart. */

const IMAGE = [2, 4, 5, 6];
const image = (seed = 1): Tensor => uniform(IMAGE, 0.2, 1.5, seed, true);
const matrix = (seed = 2): Tensor => uniform([3, 5], 0.2, 1.5, seed, true);
const above = (seed = 3): Tensor => uniform(IMAGE, 0.2, 1.5, seed);
const bools = (dims: readonly number[]): Tensor =>
  tensor(
    'bool',
    dims,
    Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 7) % 3 === 0 ? 1 : 0)),
  );
const whole = (
  dims: readonly number[],
  low: number,
  high: number,
  dtype: 'int32' | 'int64' = 'int32',
): Tensor =>
  tensor(dtype, dims, Array.from(uniform(dims, low, high, 9).data as Float32Array, Math.floor));

const on = (
  op: string,
  inputs: readonly (Tensor | undefined)[],
  attributes: Attributes = {},
): Application => ({
  op,
  inputs,
  attributes,
  ...(inputs[0] && inputs[0].dtype === 'float32' ? { varying: [0] } : { varying: [0] }),
});

const both = (op: string, a: Tensor, b: Tensor, attributes: Attributes = {}): Application => ({
  op,
  inputs: [a, b],
  varying: [0, 1],
  attributes,
});

const names = (list: string): string[] => list.split(' ');

/** Functions of one number: an image, a matrix, and where the domain is all numbers both signs. */
const functions: readonly Application[] = [
  ...names(
    'Abs Neg Sign Ceil Floor Round Exp Sin Cos Tan Atan Sinh Cosh Tanh Erf Sigmoid Softplus Softsign Mish Gelu Relu Elu Selu Celu HardSigmoid HardSwish LeakyRelu ThresholdedRelu Identity',
  ).flatMap((op) => [on(op, [image()]), on(op, [matrix()])]),
  ...names('Sqrt Log Reciprocal').map((op) => on(op, [above()])),
  on('Abs', [whole([3, 4], -5, 5)]),
  on('Neg', [whole([3, 4], -5, 5)]),
  on('Sign', [whole([3, 4], -5, 5, 'int64')]),
  on('Round', [floats([6], [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])]),
  on('Gelu', [image()], { approximate: attr.string('tanh') }),
  on('Elu', [image()], { alpha: attr.float(0.6) }),
  on('Celu', [image()], { alpha: attr.float(0.6) }),
  on('Selu', [image()], { alpha: attr.float(1.3), gamma: attr.float(0.8) }),
  on('LeakyRelu', [image()], { alpha: attr.float(0.2) }),
  on('ThresholdedRelu', [image()], { alpha: attr.float(0.7) }),
  on('HardSigmoid', [image()], { alpha: attr.float(0.3), beta: attr.float(0.4) }),
  on('HardSigmoid', [image()], { alpha: attr.float(2 ** 100), beta: attr.float(0) }),
  on('HardSigmoid', [image()], { alpha: attr.float(-(2 ** 100)), beta: attr.float(2 ** 100) }),
  on('Exp', [floats([1, 1, 1, 4], [-100, 0, 20, 80])]),
  on('Softplus', [floats([4], [-100, 0, 20, 100])]),
  on('Clip', [image(), floats([], [-0.5]), floats([], [0.75])]),
  on('Clip', [image(), undefined, floats([], [0.75])]),
  on('Clip', [image(), floats([], [0.75]), floats([], [-0.5])]),
  on('Clip', [whole([3, 4], -5, 5), tensor('int32', [], [-2])]),
  on('PRelu', [image(), uniform([4, 1, 1], 0.1, 0.5, 4)]),
  both('PRelu', image(), uniform([4, 1, 1], 0.1, 0.5, 4)),
  on('Dropout', [image()]),
];

/** Two inputs in the ways in which they can be broadcast. */
const arithmetic: readonly Application[] = names('Add Sub Mul Div Max Min').flatMap((op) => [
  both(op, image(1), image(2)),
  both(op, image(1), above(2)),
  on(op, [image(1), floats([], [0.3])]),
  on(op, [image(1), uniform([4, 1, 1], 0.3, 1, 5)]),
  on(op, [image(1), uniform([1, 4, 1, 1], 0.3, 1, 5)]),
  both(op, image(1), uniform([2, 4, 1, 1], 0.3, 1, 5)),
  both(op, image(1), uniform([6], 0.3, 1, 5)),
  both(op, uniform([4, 1, 6], 0.3, 1, 6), image(1)),
  both(op, matrix(1), matrix(2)),
  both(op, matrix(1), uniform([2, 3, 1], 0.3, 1, 5)),
  both(op, whole([3, 4], -9, 9), whole([4], 1, 5)),
]);

const variadic: readonly Application[] = [
  ...names('Sum Mean Max Min').flatMap((op) => [
    { op, inputs: [image(1), image(2), uniform([4, 1, 1], -1, 1, 3)] },
    { op, inputs: [image(1)] },
  ]),
  on('Pow', [above(), floats([], [2.5])]),
  on('Pow', [image(), floats([], [2])]),
  both('Pow', above(1), above(2)),
  { op: 'Pow', inputs: [above(), ints([], [3])], varying: [0] },
  both('Mod', whole([3, 4], -9, 9), whole([4], 1, 5)),
  both('Mod', whole([3, 4], -9, 9), whole([4], 1, 5), { fmod: attr.int(1) }),
  both('Mod', image(1), above(2), { fmod: attr.int(1) }),
];

const logic: readonly Application[] = [
  ...names('Equal Greater GreaterOrEqual Less LessOrEqual').flatMap((op) => [
    both(op, floats([2, 3], [1, 2, 3, 4, 5, 6]), floats([3], [4, 2, 6])),
    both(op, image(1), uniform([4, 1, 1], -1, 1, 3)),
    both(op, whole([3, 4], 0, 3), whole([4], 0, 3)),
  ]),
  both('Equal', bools([3, 4]), bools([4])),
  ...names('And Or Xor').map((op) => both(op, bools([3, 4]), bools([4]))),
  on('Not', [bools([3, 4])]),
  on('IsNaN', [floats([4], [1, NaN, Infinity, 0])]),
  { op: 'Where', inputs: [bools([5, 6]), image(1), image(2)], varying: [1, 2] },
  { op: 'Where', inputs: [bools(IMAGE), image(1), floats([], [0.5])], varying: [0, 1] },
  { op: 'Where', inputs: [bools([3, 1]), matrix(1), matrix(2)], varying: [0, 1, 2] },
  ...[1, 2, 3, 6, 7, 9].map((to) => on('Cast', [uniform(IMAGE, 0, 9, 4)], { to: attr.int(to) })),
  ...[1, 6, 7, 9].map((to) => on('Cast', [image()], { to: attr.int(to) })),
  ...[1, 2, 6, 7].map((to) => on('Cast', [bools([2, 3])], { to: attr.int(to) })),
  on('Cast', [whole([2, 3], -300, 300)], { to: attr.int(2) }),
  on('Cast', [whole([2, 3], -300, 300)], { to: attr.int(3) }),
  on('CastLike', [image(), whole([1], 0, 3)]),
];

const REDUCTIONS =
  'ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSumExp';

const over = (
  op: string,
  axes: readonly number[] | undefined,
  keep: number,
  x = distinct(IMAGE, 0.011, 3),
) => on(op, [x, axes && ints([axes.length], axes)], { keepdims: attr.int(keep) });

const reductions: readonly Application[] = [
  ...names(REDUCTIONS).flatMap((op) => [
    over(op, [2, 3], 1),
    over(op, [2, 3], 0),
    over(op, [1], 0),
    over(op, [-1], 0),
    over(op, [2], 1),
    over(op, undefined, 0),
  ]),
  over('ReduceSum', [0, 3], 0),
  over('ReduceLogSum', [1], 1, above()),
  on('ReduceSum', [image()], { noop_with_empty_axes: attr.int(1) }),
  on('CumSum', [image(), ints([], [1])]),
  on('CumSum', [matrix(), ints([], [-1])], { exclusive: attr.int(1), reverse: attr.int(1) }),
];

const products: readonly Application[] = [
  both('MatMul', uniform([3, 4], -1, 1, 1), uniform([4, 5], -1, 1, 2)),
  both('MatMul', uniform([2, 3, 4], -1, 1, 1), uniform([4, 5], -1, 1, 2)),
  both('MatMul', uniform([2, 3, 3, 4], -1, 1, 1), uniform([2, 3, 4, 5], -1, 1, 2)),
  both('MatMul', uniform([2, 1, 3, 4], -1, 1, 1), uniform([3, 4, 5], -1, 1, 2)),
  both('MatMul', uniform([4], -1, 1, 1), uniform([2, 4, 5], -1, 1, 2)),
  both('MatMul', uniform([2, 3, 4], -1, 1, 1), uniform([4], -1, 1, 2)),
  both('MatMul', uniform([4], -1, 1, 1), uniform([4], -1, 1, 2)),
  {
    op: 'Gemm',
    inputs: [uniform([3, 4], -1, 1, 1), uniform([4, 5], -1, 1, 2), uniform([5], -1, 1, 3)],
  },
  {
    op: 'Gemm',
    inputs: [uniform([4, 3], -1, 1, 1), uniform([5, 4], -1, 1, 2), uniform([3, 1], -1, 1, 3)],
    attributes: {
      transA: attr.int(1),
      transB: attr.int(1),
      alpha: attr.float(0.5),
      beta: attr.float(2),
    },
  },
  ...[
    ['bhid,bhjd->bhij', [2, 3, 4, 5], [2, 3, 6, 5]],
    ['ij,jk', [3, 4], [4, 5]],
    ['...ij,...jk->...ik', [2, 3, 4], [2, 4, 5]],
    ['ij,k->ki', [3, 4], [5]],
    ['bij,bjk->bik', [1, 3, 4], [2, 4, 5]],
    ['i,i->', [4], [4]],
  ].map(([equation, a, b]) =>
    both('Einsum', uniform(a as number[], -1, 1, 1), uniform(b as number[], -1, 1, 2), {
      equation: attr.string(equation as string),
    }),
  ),
  on('Einsum', [uniform([2, 3, 4], -1, 1, 1)], { equation: attr.string('ijk->ki') }),
  {
    op: 'Einsum',
    inputs: [uniform([2, 3], -1, 1, 1), uniform([3, 4], -1, 1, 2), uniform([4], -1, 1, 3)],
    attributes: { equation: attr.string('ij,jk,k->i') },
  },
];

const perChannel = (count: number): Tensor[] =>
  [1, 2, 3, 4].map((i) => uniform([count], 0.3, 1.2, i));

const normalisations: readonly Application[] = [
  ...[-1, 1, 2].flatMap((axis) =>
    names('Softmax LogSoftmax').map((op) => on(op, [image()], { axis: attr.int(axis) })),
  ),
  on('Softmax', [matrix()]),
  on('BatchNormalization', [image(), ...perChannel(4)]),
  on('BatchNormalization', [matrix(), ...perChannel(5)], { epsilon: attr.float(0.01) }),
  { op: 'BatchNormalization', inputs: [image(), ...perChannel(4)], varying: [0, 1, 2] },
  { op: 'InstanceNormalization', inputs: [image(), ...perChannel(4).slice(0, 2)] },
  on('InstanceNormalization', [uniform([2, 3, 7], -1, 1, 2), ...perChannel(3).slice(0, 2)]),
  {
    op: 'GroupNormalization',
    inputs: [image(), ...perChannel(4).slice(0, 2)],
    attributes: { num_groups: attr.int(2) },
  },
  { op: 'LayerNormalization', inputs: [matrix(), ...perChannel(5).slice(0, 2)] },
  on('LayerNormalization', [image(), uniform([5, 6], 0.3, 1, 2)], { axis: attr.int(2) }),
  on('LRN', [uniform([2, 7, 3, 3], -2, 2, 1)], {
    size: attr.int(5),
    alpha: attr.float(0.2),
    beta: attr.float(0.6),
    bias: attr.float(1.5),
  }),
  on('LRN', [uniform([2, 7, 3], -2, 2, 1)], { size: attr.int(3), alpha: attr.float(0.2) }),
];

const shapes: readonly Application[] = [
  on('Reshape', [image(), ints([3], [2, -1, 3])]),
  on('Flatten', [image()]),
  on('Flatten', [image()], { axis: attr.int(2) }),
  on('Squeeze', [uniform([2, 4, 1, 1], -1, 1, 1), ints([2], [2, 3])]),
  on('Unsqueeze', [matrix(), ints([2], [0, 3])]),
  on('Expand', [uniform([2, 4, 1, 1], -1, 1, 1), ints([4], IMAGE)]),
  on('Expand', [matrix(), ints([3], [2, 1, 1])]),
  on('Tile', [image(), ints([4], [1, 2, 1, 3])]),
  on('Transpose', [image()], { perm: attr.ints([0, 2, 3, 1]) }),
  on('Transpose', [image()], { perm: attr.ints([3, 1, 0, 2]) }),
  on('Transpose', [matrix()]),
  on('Trilu', [uniform([2, 4, 5], -1, 1, 1)]),
  on('Trilu', [uniform([4, 5], -1, 1, 1), ints([], [1])], { upper: attr.int(0) }),
  ...[0, 1, 2, -1].map((axis) => ({
    op: 'Concat',
    inputs: [image(1), image(2)],
    attributes: { axis: attr.int(axis) },
  })),
  { op: 'Concat', inputs: [image(1), image(2)], varying: [0], attributes: { axis: attr.int(1) } },
  ...[1, 3].map((axis) => ({
    ...on('Split', [uniform([2, 6, 3, 6], -1, 1, 1), ints([3], [1, 2, 3])], {
      axis: attr.int(axis),
    }),
    outputs: 3,
  })),
  { ...on('Split', [uniform([5, 3], -1, 1, 1)], { num_outputs: attr.int(2) }), outputs: 2 },
  on('OneHot', [whole([2, 3], -4, 4, 'int64'), ints([], [4]), floats([2], [-1, 3])]),
  on('OneHot', [whole([2, 3], -4, 4, 'int64'), ints([], [4]), floats([2], [0, 1])], {
    axis: attr.int(1),
  }),
];

const slice = (starts: number[], ends: number[], axes: number[], steps: number[]): Application =>
  on('Slice', [image(), ...[starts, ends, axes, steps].map((list) => ints([list.length], list))]);

const pad = (x: Tensor, pads: number[], mode: string, fill?: number): Application =>
  on('Pad', [x, ints([pads.length], pads), ...(fill === undefined ? [] : [floats([], [fill])])], {
    mode: attr.string(mode),
  });

const sections: readonly Application[] = [
  slice([1], [3], [1], [1]),
  slice([0, 1], [5, 6], [2, 3], [2, 3]),
  slice([-1, 4], [-9, 0], [1, 2], [-1, -2]),
  slice([3], [3], [3], [1]),
  pad(image(), [0, 1, 2, 0, 0, 0, 1, 3], 'constant', 0.5),
  pad(image(), [0, -1, 2, 0, 0, 1, -1, -2], 'constant'),
  pad(image(), [0, 0, 1, 2, 0, 0, 1, 2], 'reflect'),
  pad(image(), [0, 0, 1, 2, 0, 0, 1, 2], 'edge'),
  pad(image(), [0, 0, 1, 2, 0, 0, 1, 2], 'wrap'),
  pad(matrix(), [1, 0, 0, 2], 'constant', -1),
  on('DepthToSpace', [uniform([2, 8, 3, 2], -1, 1, 1)], { blocksize: attr.int(2) }),
  on('DepthToSpace', [uniform([2, 8, 3, 2], -1, 1, 1)], {
    blocksize: attr.int(2),
    mode: attr.string('CRD'),
  }),
  on('DepthToSpace', [uniform([1, 9, 3, 2], -1, 1, 1)], { blocksize: attr.int(3) }),
  on('SpaceToDepth', [uniform([2, 3, 4, 6], -1, 1, 1)], { blocksize: attr.int(2) }),
];

const gathers: readonly Application[] = [
  on('Gather', [image(), ints([3], [3, 0, -1])], { axis: attr.int(1) }),
  on('Gather', [image(), ints([2, 2], [0, 1, 1, 4])], { axis: attr.int(2) }),
  on('Gather', [matrix(), ints([], [1])]),
  on('GatherElements', [matrix(), ints([2, 5], [0, 2, 1, 0, 2, 1, 1, 0, 2, -1])]),
  on('GatherElements', [image(), whole([2, 4, 5, 3], 0, 6, 'int64')], { axis: attr.int(-1) }),
  on('GatherND', [image(), ints([3, 2], [0, 3, 1, 0, 1, -1])]),
  {
    op: 'ScatterElements',
    inputs: [matrix(), ints([2, 2], [0, 1, 1, 0]), uniform([2, 2], -1, 1, 3)],
    varying: [0, 2],
  },
  {
    op: 'ScatterElements',
    inputs: [matrix(), ints([3, 3], [0, 1, 1, 0, 0, 2, 1, 1, 1]), uniform([3, 3], -1, 1, 3)],
    varying: [0, 2],
    attributes: { axis: attr.int(1), reduction: attr.string('add') },
  },
  {
    op: 'ScatterND',
    inputs: [image(), ints([2, 2], [0, 3, 1, 0]), uniform([2, 5, 6], -1, 1, 3)],
    varying: [0, 2],
  },
  {
    op: 'ScatterND',
    inputs: [image(), ints([2, 2], [0, 3, 0, 3]), uniform([2, 5, 6], -1, 1, 3)],
    varying: [0, 2],
    attributes: { reduction: attr.string('add') },
  },
];

const resize = (scales: number[], attributes: Record<string, string | number>): Application =>
  on(
    'Resize',
    [image(), undefined, floats([4], scales)],
    Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [
        name,
        typeof value === 'string' ? attr.string(value) : attr.float(value),
      ]),
    ),
  );

const resizes: readonly Application[] = [
  resize([1, 1, 2, 2], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  }),
  resize([1, 1, 0.6, 1.7], { mode: 'nearest' }),
  resize([1, 1, 2, 2], { mode: 'linear' }),
  resize([1, 1, 0.6, 1.7], { mode: 'linear', coordinate_transformation_mode: 'align_corners' }),
  resize([1, 1, 2, 0.5], { mode: 'cubic', cubic_coeff_a: -0.5 }),
  {
    ...on('Resize', [image(), undefined, undefined, ints([2], [7, 4])], {
      axes: attr.ints([2, 3]),
      mode: attr.string('linear'),
      coordinate_transformation_mode: attr.string('pytorch_half_pixel'),
    }),
  },
];

const ints4 = (name: string, values: number[]): Attributes => ({ [name]: attr.ints(values) });

const convolution = (
  x: number[],
  w: number[],
  attributes: Attributes,
  varying?: number[],
): Application => ({
  op: 'Conv',
  inputs: [uniform(x, -1, 1, 1), uniform(w, -1, 1, 2), uniform([w[0]], -1, 1, 3)],
  varying: varying ?? [0],
  attributes,
});

const windows: readonly Application[] = [
  convolution([2, 4, 7, 9], [6, 4, 3, 3], ints4('pads', [1, 1, 1, 1])),
  convolution([2, 4, 7, 9], [6, 4, 3, 3], ints4('pads', [1, 1, 1, 1]), [0, 1, 2]),
  convolution([2, 4, 7, 9], [6, 4, 3, 2], {
    ...ints4('pads', [2, 0, 1, 3]),
    ...ints4('strides', [2, 3]),
  }),
  convolution([2, 4, 9, 9], [6, 4, 3, 3], {
    ...ints4('dilations', [2, 3]),
    ...ints4('pads', [2, 3, 2, 3]),
  }),
  convolution([2, 4, 9, 9], [6, 4, 3, 3], {
    ...ints4('dilations', [2, 2]),
    ...ints4('strides', [2, 1]),
  }),
  convolution(
    [2, 4, 7, 9],
    [6, 2, 3, 3],
    { group: attr.int(2), ...ints4('pads', [1, 1, 1, 1]) },
    [0, 1, 2],
  ),
  convolution([2, 4, 7, 9], [8, 1, 3, 3], { group: attr.int(4), ...ints4('pads', [1, 1, 1, 1]) }),
  convolution([2, 4, 7, 9], [4, 1, 3, 3], { group: attr.int(4), ...ints4('strides', [2, 1]) }),
  convolution([2, 4, 9, 9], [4, 1, 3, 3], {
    group: attr.int(4),
    ...ints4('dilations', [2, 2]),
    ...ints4('strides', [2, 2]),
  }),
  convolution([2, 4, 8, 9], [6, 4, 3, 3], {
    auto_pad: attr.string('SAME_UPPER'),
    ...ints4('strides', [2, 2]),
  }),
  convolution([2, 4, 8, 9], [6, 4, 3, 3], {
    auto_pad: attr.string('SAME_LOWER'),
    ...ints4('strides', [2, 2]),
  }),
  convolution([2, 4, 11], [6, 4, 3], { pads: attr.ints([1, 1]), strides: attr.ints([2]) }),
  convolution([1, 2, 5, 4, 6], [4, 1, 2, 3, 3], {
    group: attr.int(2),
    ...ints4('pads', [1, 0, 1, 0, 1, 1]),
    ...ints4('strides', [2, 1, 2]),
  }),
  {
    op: 'ConvTranspose',
    inputs: [
      uniform([2, 4, 4, 5], -1, 1, 1),
      uniform([4, 3, 3, 3], -1, 1, 2),
      uniform([6], -1, 1, 3),
    ],
    varying: [0, 1],
    attributes: {
      group: attr.int(2),
      ...ints4('strides', [2, 3]),
      ...ints4('pads', [1, 0, 2, 1]),
      ...ints4('output_padding', [1, 2]),
    },
  },
  on(
    'ConvTranspose',
    [uniform([2, 4, 4, 5], -1, 1, 1), uniform([4, 3, 2, 3], -1, 1, 2)],
    ints4('dilations', [3, 2]),
  ),
  on(
    'ConvTranspose',
    [uniform([2, 4, 6], -1, 1, 1), uniform([4, 3, 3], -1, 1, 2)],
    ints4('strides', [2]),
  ),
];

const pool = (
  op: string,
  dims: number[],
  attributes: Record<string, number[] | number>,
): Application =>
  on(
    op,
    [distinct(dims, 0.013, 5)],
    Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [
        name,
        typeof value === 'number' ? attr.int(value) : attr.ints(value),
      ]),
    ),
  );

const pools: readonly Application[] = [
  ...names('MaxPool AveragePool').flatMap((op) => [
    pool(op, [2, 3, 8, 9], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
    pool(op, [2, 3, 8, 9], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
    pool(op, [2, 3, 8, 9], { kernel_shape: [2, 3], strides: [2, 1] }),
    pool(op, [2, 3, 8, 9], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
    pool(op, [2, 3, 8, 9], { kernel_shape: [2, 2], strides: [3, 3], pads: [0, 1, 1, 0] }),
    pool(op, [2, 3, 9], { kernel_shape: [3], strides: [2] }),
    pool(op, [1, 2, 4, 5, 6], { kernel_shape: [2, 3, 2], strides: [2, 1, 2] }),
  ]),
  pool('MaxPool', [2, 3, 8, 9], { kernel_shape: [3, 2], dilations: [2, 3], pads: [1, 1, 2, 1] }),
  pool('AveragePool', [2, 3, 8, 9], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
    count_include_pad: 1,
  }),
  ...names('GlobalAveragePool GlobalMaxPool').flatMap((op) => [
    pool(op, [2, 3, 4, 5], {}),
    pool(op, [2, 3, 7], {}),
  ]),
];

export const engineCases: readonly Application[] = [
  ...functions,
  ...arithmetic,
  ...variadic,
  ...logic,
  ...reductions,
  ...products,
  ...normalisations,
  ...shapes,
  ...sections,
  ...gathers,
  ...resizes,
  ...windows,
  ...pools,
];
