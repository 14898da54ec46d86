import { attr } from '../../src-main/graph/attributes.ts';
import type { Attributes, Tensor } from '../../src-main/graph/ir.ts';
import { floats, ints } from '../../src-main/graph/tensor.ts';
import { IMAGE, image, matrix, whole, on, names } from './engine-case.ts';
import type { Application } from './engine-graph.ts';
import { distinct, uniform } from './random.ts';

/** Operators on images and shapes: normalisation, moves, resizing, convolution and pooling. */

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
  pad(image(), [0, -1, 2, 0, 0, 2, -1, 3], 'reflect'),
  pad(image(), [0, -1, 2, 0, 0, 2, -1, 3], 'edge'),
  pad(image(), [0, -1, 2, 0, 0, 2, -1, 3], 'wrap'),
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
    [uniform([1, 2, 3, 4, 3], -1, 1, 1), uniform([2, 3, 2, 3, 2], -1, 1, 2)],
    ints4('strides', [2, 1, 2]),
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

export const imageCases: readonly Application[] = [
  ...normalisations,
  ...shapes,
  ...sections,
  ...gathers,
  ...resizes,
  ...windows,
  ...pools,
];
