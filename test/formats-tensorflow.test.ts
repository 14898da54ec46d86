import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../src-main/graph/onnx/model.fixture.ts';
import { readModel } from '../src-main/graph/read.ts';
import { specialise } from '../src-main/graph/specialise.ts';
import type { Tensor } from '../src-main/graph/ir.ts';
import { tensor } from '../src-main/graph/tensor.ts';
import { expectClose } from './support/gradient.ts';
import { uniform } from './support/random.ts';
import {
  a,
  node,
  oursOf,
  placeholder,
  runtimeOf,
  writeGraphModel,
  type JsonNode,
} from './support/tfjs-graph.ts';

const at = temporaryFolder();

const SHAPE = [2, 9, 8, 3];

interface Case {
  readonly nodes: readonly JsonNode[];
  readonly weights?: Readonly<Record<string, Tensor>>;
  /** Transpositions that are left beside the one of the input. */
  readonly turns?: number;
}

let seed = 0;
const random = (...dims: number[]): Tensor => uniform(dims, -1, 1, ++seed);
const whole = (...values: number[]): Tensor => tensor('int32', [values.length], values);
const number = (value: number): Tensor => tensor('int32', [], [value]);
const NHWC = { data_format: a.text('NHWC') };
const SAME = { padding: a.text('SAME'), ...NHWC };
const SYMMETRIC = { mode: a.text('SYMMETRIC') };
const VALID = { padding: a.text('VALID'), ...NHWC };
// TensorFlow.js wants dilations stated.
const strides = (s: number, t = s) => ({ strides: a.ints(1, s, t, 1), ...dilations(1) });
function dilations(d: number) {
  return { dilations: a.ints(1, d, d, 1) };
}
const fused = (...names: string[]) => ({
  fused_ops: a.texts(...names),
  num_args: a.int(1),
  epsilon: a.float(0.001),
});
const one = (op: string, attr = {}, weights: Case['weights'] = {}): Case => ({
  nodes: [node('y', op, ['x', ...Object.keys(weights)], attr)],
  weights,
});
/** A convolution first, so that what follows reads a planar tensor of five channels. */
const behind = (nodes: readonly JsonNode[], weights: Case['weights'] = {}, turns = 0): Case => ({
  nodes: [node('c', 'Conv2D', ['x', 'first'], { ...SAME, ...strides(1) }), ...nodes],
  weights: { first: random(3, 3, 3, 5), ...weights },
  turns,
});
const then = (op: string, attr = {}, weights: Case['weights'] = {}, turns = 0): Case =>
  behind([node('y', op, ['c', ...Object.keys(weights)], attr)], weights, turns);
const reduced = (op: string, axes: readonly number[], keep: boolean, turns = 0): Case =>
  then(op, { keep_dims: a.bool(keep) }, { axes: whole(...axes) }, turns);
const resize = (op: string, aligned: boolean, half: boolean, size: readonly number[]): Case =>
  then(
    op,
    { align_corners: a.bool(aligned), half_pixel_centers: a.bool(half) },
    { size: whole(...size) },
  );
const sliced = (attr: object, begin: number[], end: number[], step: number[], turns = 0): Case =>
  then('StridedSlice', attr, { b: whole(...begin), e: whole(...end), s: whole(...step) }, turns);
const mask = (name: string, bits: number) => ({ [`${name}_mask`]: a.int(bits) });

const CASES: Record<string, Case> = {
  'Conv2D, SAME, stride 2': one('Conv2D', { ...SAME, ...strides(2) }, { w: random(3, 3, 3, 4) }),
  'Conv2D, VALID, oblong': one('Conv2D', { ...VALID, ...strides(2, 1) }, { w: random(2, 3, 3, 4) }),
  'Conv2D, EXPLICIT': one(
    'Conv2D',
    {
      ...{ padding: a.text('EXPLICIT'), explicit_paddings: a.ints(0, 0, 1, 2, 0, 1, 0, 0) },
      ...{ ...NHWC, ...strides(1) },
    },
    { w: random(3, 3, 3, 4) },
  ),
  'Conv2D, dilated': one(
    'Conv2D',
    { ...SAME, ...strides(1), ...dilations(2) },
    { w: random(3, 3, 3, 4) },
  ),
  '_FusedConv2D with bias and Relu6': one(
    '_FusedConv2D',
    { ...SAME, ...strides(2), ...fused('BiasAdd', 'Relu6') },
    { w: random(3, 3, 3, 4), b: random(4) },
  ),
  '_FusedConv2D with bias and LeakyRelu': one(
    '_FusedConv2D',
    { ...SAME, ...strides(1), ...fused('BiasAdd', 'LeakyRelu'), leakyrelu_alpha: a.float(0.3) },
    { w: random(3, 3, 3, 4), b: random(4) },
  ),
  '_FusedConv2D with bias and Prelu': one(
    '_FusedConv2D',
    { ...SAME, ...strides(1), ...fused('BiasAdd', 'Prelu'), num_args: a.int(2) },
    { w: random(3, 3, 3, 4), b: random(4), slope: random(4) },
  ),
  DepthwiseConv2dNative: one(
    'DepthwiseConv2dNative',
    { ...SAME, ...strides(1) },
    { w: random(3, 3, 3, 2) },
  ),
  'FusedDepthwiseConv2dNative with bias and Elu': one(
    'FusedDepthwiseConv2dNative',
    { ...VALID, ...strides(1), ...fused('BiasAdd', 'Elu') },
    { w: random(3, 3, 3, 1), b: random(3) },
  ),
  'Conv2DBackpropInput of a stated size': behind(
    [node('y', 'Conv2DBackpropInput', ['size', 'w', 'c'], { ...SAME, ...strides(2) })],
    { size: whole(2, 18, 15, 4), w: random(3, 3, 4, 5) },
  ),
  'Conv2DBackpropInput, VALID': behind(
    [node('y', 'Conv2DBackpropInput', ['size', 'w', 'c'], { ...VALID, ...strides(2) })],
    { size: whole(2, 20, 18, 4), w: random(3, 3, 4, 5) },
  ),
  FusedBatchNormV3: then(
    'FusedBatchNormV3',
    { is_training: a.bool(false), epsilon: a.float(0.01), ...NHWC },
    { s: random(5), o: random(5), m: random(5), v: uniform([5], 0.5, 2, 1) },
  ),
  'MaxPool, SAME': then('MaxPool', { ...SAME, ...strides(2), ksize: a.ints(1, 3, 2, 1) }),
  'AvgPool, SAME': then('AvgPool', { ...SAME, ...strides(2), ksize: a.ints(1, 3, 3, 1) }),
  'AvgPool, VALID': then('AvgPool', { ...VALID, ...strides(1), ksize: a.ints(1, 2, 2, 1) }),
  BiasAdd: then('BiasAdd', NHWC, { b: random(5) }),
  'Mean over the image': reduced('Mean', [1, 2], false),
  'Mean over the image, kept': reduced('Mean', [1, 2], true),
  'Sum over channels': reduced('Sum', [3], false),
  'Max over negative axes': reduced('Max', [-2, -3], false),
  'Min over rows, transposed back': reduced('Min', [1], false, 1),
  'Prod over one axis, kept': reduced('Prod', [2], true),
  ...Object.fromEntries(
    ['Relu', 'Relu6', 'Elu', 'Selu', 'Sigmoid', 'Tanh', 'Softplus', 'Erf', 'Abs', 'Neg', 'Exp'].map(
      (op) => [op, then(op)],
    ),
  ),
  ...Object.fromEntries(
    ['Floor', 'Ceil', 'Round', 'Sign', 'Sin', 'Cos', 'Square', 'Expm1'].map((op) => [op, then(op)]),
  ),
  ...Object.fromEntries(
    ['Log', 'Sqrt', 'Rsqrt', 'Reciprocal', 'Log1p'].map((op) => [
      op,
      behind([node('p', 'Exp', ['c']), node('y', op, ['p'])]),
    ]),
  ),
  LeakyRelu: then('LeakyRelu', { alpha: a.float(0.1) }),
  'Prelu by channel': then('Prelu', {}, { s: random(1, 1, 5) }),
  'Prelu by element': then('Prelu', {}, { s: random(9, 8, 5) }),
  Softmax: then('Softmax'),
  LogSoftmax: then('LogSoftmax'),
  ...Object.fromEntries(
    ['Add', 'AddV2', 'Sub', 'Mul', 'RealDiv', 'Maximum', 'Minimum', 'SquaredDifference'].map(
      (op) => [`${op} by channel`, then(op, {}, { w: uniform([5], 0.5, 2, 1) })],
    ),
  ),
  'Mul by row': then('Mul', {}, { w: random(9, 1, 1) }),
  'Mul by a number': then('Mul', {}, { w: random() }),
  AddN: behind([node('y', 'AddN', ['c', 'c', 'c'], { N: a.int(3) })]),
  Pow: behind([node('p', 'Exp', ['c']), node('y', 'Pow', ['p', 'w'])], { w: uniform([], 2, 3, 1) }),
  'Select by a comparison': behind(
    [
      node('g', 'Greater', ['c', 'zero']),
      node('twice', 'AddV2', ['c', 'c']),
      node('y', 'SelectV2', ['g', 'twice', 'c']),
    ],
    { zero: random() },
  ),
  'Cast and logic': behind(
    [
      node('g', 'GreaterEqual', ['c', 'zero']),
      node('l', 'LogicalNot', ['g']),
      node('o', 'LogicalOr', ['l', 'g']),
      node('and', 'LogicalAnd', ['o', 'g']),
      node('y', 'Cast', ['and'], { SrcT: a.type('BOOL'), DstT: a.type('FLOAT') }),
    ],
    { zero: random() },
  ),
  'a squeeze and excitation': behind(
    [
      node('m', 'Mean', ['c', 'axes'], { keep_dims: a.bool(false) }),
      node('r', 'Reshape', ['m', 'shape']),
      node('f', '_FusedConv2D', ['r', 'w', 'b'], {
        ...SAME,
        ...strides(1),
        ...fused('BiasAdd', 'Sigmoid'),
      }),
      node('y', 'Mul', ['c', 'f']),
    ],
    { axes: whole(1, 2), shape: whole(-1, 1, 1, 5), w: random(1, 1, 5, 5), b: random(5) },
    1,
  ),
  'MatMul of the flattened image': behind(
    [
      node('f', 'Reshape', ['c', 'shape']),
      node('y', '_FusedMatMul', ['f', 'w', 'b'], {
        ...fused('BiasAdd', 'Relu'),
        transpose_a: a.bool(false),
        transpose_b: a.bool(false),
      }),
    ],
    { shape: whole(-1, 360), w: random(360, 4), b: random(4) },
    1,
  ),
  'MatMul with transposed weights': behind(
    [
      node('m', 'Mean', ['c', 'axes'], { keep_dims: a.bool(false) }),
      node('y', 'MatMul', ['m', 'w'], { transpose_a: a.bool(false), transpose_b: a.bool(true) }),
    ],
    { axes: whole(1, 2), w: random(7, 5) },
    1,
  ),
  'BatchMatMulV2 of tokens': behind(
    [
      node('t', 'Reshape', ['c', 'shape']),
      node('y', 'BatchMatMulV2', ['t', 't'], { adj_x: a.bool(false), adj_y: a.bool(true) }),
    ],
    { shape: whole(-1, 72, 5) },
    2,
  ),
  Einsum: behind(
    [
      node('t', 'Reshape', ['c', 'shape']),
      node('y', 'Einsum', ['t', 'w'], { equation: a.text('bij,jk->bik'), N: a.int(2) }),
    ],
    { shape: whole(-1, 72, 5), w: random(5, 3) },
    1,
  ),
  'ConcatV2 by channel': behind([node('y', 'ConcatV2', ['c', 'x', 'axis'], { N: a.int(2) })], {
    axis: number(3),
  }),
  'ConcatV2 by row, axis from behind': behind(
    [node('y', 'ConcatV2', ['c', 'c', 'axis'], { N: a.int(2) })],
    { axis: number(-3) },
  ),
  'Split by channel': behind(
    [
      node('s', 'Split', ['axis', 'wide'], { num_split: a.int(2) }),
      node('y', 'Sub', ['s:1', 's']),
    ].toSpliced(0, 0, node('wide', 'ConcatV2', ['c', 'c', 'axis'], { N: a.int(2) })),
    { axis: number(3) },
  ),
  'SplitV by column': behind(
    [
      node('s', 'SplitV', ['c', 'sizes', 'axis'], { num_split: a.int(2) }),
      node('y', 'Neg', ['s:1']),
    ],
    { sizes: whole(3, 5), axis: number(2) },
  ),
  Slice: then('Slice', {}, { begin: whole(0, 1, 2, 1), size: whole(-1, 3, 4, 2) }),
  'StridedSlice that crops': sliced(
    { ...mask('begin', 9), ...mask('end', 15) },
    [0, 1, 1, 0],
    [0, 0, 0, 0],
    [1, 2, 1, 1],
  ),
  'StridedSlice that drops axes': sliced(
    { ...mask('shrink_axis', 6), ...mask('begin', 9), ...mask('end', 9) },
    [0, 2, -1, 0],
    [0, 3, 0, 0],
    [1, 1, 1, 1],
    1,
  ),
  'StridedSlice with an ellipsis and a new axis': sliced(
    { ...mask('ellipsis', 1), ...mask('new_axis', 2) },
    [0, 0, 1],
    [0, 0, 4],
    [1, 1, 2],
    1,
  ),
  GatherV2: then('GatherV2', {}, { i: whole(4, 0, 0), axis: number(3) }, 1),
  'Pack and Unpack': behind(
    [
      node('u', 'Unpack', ['c'], { num: a.int(5), axis: a.int(3) }),
      node('y', 'Pack', ['u:4', 'u', 'u:2'], { N: a.int(3), axis: a.int(1) }),
    ],
    {},
    1,
  ),
  Tile: then('Tile', {}, { m: whole(1, 2, 1, 3) }, 1),
  Pad: then('Pad', {}, { p: tensor('int32', [4, 2], [0, 0, 1, 2, 0, 1, 1, 0]) }),
  PadV2: then('PadV2', {}, { p: tensor('int32', [4, 2], [0, 0, 1, 2, 0, 1, 0, 0]), v: random() }),
  MirrorPad: then(
    'MirrorPad',
    { mode: a.text('REFLECT') },
    { p: tensor('int32', [4, 2], [0, 0, 1, 2, 0, 1, 0, 0]) },
  ),
  'MirrorPad, SYMMETRIC': then('MirrorPad', SYMMETRIC, {
    p: tensor('int32', [4, 2], [0, 0, 9, 2, 0, 8, 2, 1]),
  }),
  'MirrorPad, SYMMETRIC, of plain tensors': behind(
    [node('t', 'Reshape', ['c', 'shape']), node('y', 'MirrorPad', ['t', 'p'], SYMMETRIC)],
    { shape: whole(-1, 72, 5), p: tensor('int32', [3, 2], [0, 0, 3, 0, 0, 5]) },
    1,
  ),
  'MirrorPad, SYMMETRIC, of nothing': then('MirrorPad', SYMMETRIC, {
    p: tensor('int32', [4, 2], [0, 0, 0, 0, 0, 0, 0, 0]),
  }),
  ResizeBilinear: resize('ResizeBilinear', false, false, [18, 4]),
  'ResizeBilinear, half pixels': resize('ResizeBilinear', false, true, [5, 16]),
  'ResizeBilinear, aligned': resize('ResizeBilinear', true, false, [17, 15]),
  ResizeNearestNeighbor: resize('ResizeNearestNeighbor', false, false, [18, 5]),
  'ResizeNearestNeighbor, half pixels': resize('ResizeNearestNeighbor', false, true, [4, 16]),
  'ResizeNearestNeighbor, aligned': resize('ResizeNearestNeighbor', true, false, [17, 15]),
  DepthToSpace: behind(
    [
      node('w', 'Conv2D', ['c', 'v'], { ...SAME, ...strides(1) }),
      node('y', 'DepthToSpace', ['w'], { block_size: a.int(2), ...NHWC }),
    ],
    { v: random(1, 1, 5, 8) },
  ),
  'SpaceToBatchND, convolution, BatchToSpaceND': behind(
    [
      node('s', 'SpaceToBatchND', ['c', 'block', 'pads']),
      node('v', 'Conv2D', ['s', 'w'], { ...VALID, ...strides(1) }),
      node('y', 'BatchToSpaceND', ['v', 'block', 'crops']),
    ],
    {
      block: whole(2, 2),
      pads: tensor('int32', [2, 2], [2, 3, 2, 2]),
      crops: tensor('int32', [2, 2], [0, 1, 0, 0]),
      w: random(3, 3, 5, 4),
    },
  ),
  'Transpose to NCHW': then('Transpose', {}, { perm: whole(0, 3, 1, 2) }),
  'Transpose otherwise': then('Transpose', {}, { perm: whole(2, 0, 3, 1) }, 1),
  'Squeeze and ExpandDims': behind(
    [
      node('m', 'Mean', ['c', 'axes'], { keep_dims: a.bool(true) }),
      node('s', 'Squeeze', ['m'], { squeeze_dims: a.ints(1, 2) }),
      node('y', 'ExpandDims', ['s', 'axis']),
    ],
    { axes: whole(1, 2), axis: number(1) },
  ),
  'a shape that is computed': behind(
    [
      node('shape', 'Shape', ['c'], { out_type: a.type('INT32') }),
      node('n', 'StridedSlice', ['shape', 'b', 'e', 's'], mask('shrink_axis', 1)),
      node('to', 'Pack', ['n', 'rest'], { N: a.int(2), axis: a.int(0) }),
      node('y', 'Reshape', ['c', 'to']),
    ],
    { b: whole(0), e: whole(1), s: whole(1), rest: number(-1) },
    1,
  ),
  'Fill, Range and ZerosLike': behind(
    [
      node('f', 'Fill', ['dims', 'value']),
      node('r', 'Range', ['start', 'limit', 'step']),
      node('rf', 'Cast', ['r'], { SrcT: a.type('INT32'), DstT: a.type('FLOAT') }),
      node('z', 'ZerosLike', ['c']),
      node('cf', 'AddV2', ['c', 'f']),
      node('cr', 'AddV2', ['cf', 'rf']),
      node('y', 'AddV2', ['cr', 'z']),
    ],
    {
      ...{ dims: whole(1, 1, 1, 5), value: random() },
      ...{ start: number(0), limit: number(5), step: number(1) },
    },
    1,
  ),
  'IdentityN and NoOp': behind([
    node('i', 'IdentityN', ['c', 'x']),
    node('none', 'NoOp'),
    node('y', 'StopGradient', ['i', '^none']),
  ]),
};

describe('an operation of TensorFlow computes what TensorFlow.js computes', () => {
  it.each(Object.entries(CASES))('%s', async (name, { nodes, weights = {}, turns }) => {
    const path = writeGraphModel(
      at(name.replaceAll(/\W/g, '_')),
      [placeholder('x', -1, ...SHAPE.slice(1)), ...nodes],
      weights,
    );
    const images = random(...SHAPE);
    const expected = await runtimeOf(path, images, 'y');
    const found = await oursOf(path, images, 'y');
    expect(found.dims).toEqual(expected.dims);
    expectClose(found, expected, 1e-5, name);
    if (turns !== undefined)
      expect(await turnsOf(path, expected.dims.length)).toBeLessThanOrEqual(turns);
  });

  /** Transpositions beside that of the input and that of a result of four axes. */
  async function turnsOf(path: string, axes: number): Promise<number> {
    const { graph } = await readModel(path);
    const typed = specialise(graph, { x: SHAPE });
    const all = typed.nodes.filter(({ op }) => op === 'Transpose').length;
    return all - 1 - (axes === 4 ? 1 : 0);
  }
});
