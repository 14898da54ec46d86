import { describe, expect, it } from 'vitest';
import { attr } from '../attributes.ts';
import type { Attributes, Graph } from '../ir.ts';
import {
  bytesOf,
  graphOf,
  modelAt,
  node,
  run,
  save,
  temporaryFolder,
  wave,
} from '../onnx/model.fixture.ts';
import { readOnnx } from '../onnx/read.ts';
import { writeOnnx } from '../onnx/write.ts';
import { floats, ints, tensor } from '../tensor.ts';

const at = temporaryFolder();
const image = [2, 4, 6, 6] as const;

interface Case {
  readonly title: string;
  readonly opset: number;
  readonly graph: Graph;
  readonly shape?: readonly number[];
}

/** A model of one operator on an input x. */
function single(
  title: string,
  opset: number,
  op: string,
  attributes: Attributes,
  constants: Parameters<typeof graphOf>[3] = {},
  [shape, ...outputs]: readonly [readonly number[], ...string[]] = [image],
): Case {
  const made = outputs.length > 0 ? outputs : ['y'];
  const nodes = [node(op, ['x', ...Object.keys(constants)], made, attributes)];
  return { title, opset, graph: graphOf({ x: shape }, made, nodes, constants), shape };
}

const ones = (length: number, first: number) =>
  floats(
    [length],
    Array.from({ length }, (_, i) => first + i),
  );

const cases: Case[] = [
  single('Squeeze with an axes attribute', 7, 'Squeeze', { axes: attr.ints([0, 2]) }, {}, [
    [1, 3, 1, 2],
  ]),
  single('Unsqueeze with an axes attribute', 11, 'Unsqueeze', { axes: attr.ints([0, -1]) }),
  single('ReduceSum with an axes attribute', 11, 'ReduceSum', {
    axes: attr.ints([1, 3]),
    keepdims: attr.int(0),
  }),
  single('ReduceSum with neither axes', 11, 'ReduceSum', { keepdims: attr.int(0) }),
  ...['L1', 'L2', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'SumSquare'].map((name) =>
    single(`Reduce${name} with an axes attribute`, 13, `Reduce${name}`, {
      axes: attr.ints([-2, -1]),
    }),
  ),
  single(
    'Split with a split attribute',
    11,
    'Split',
    { axis: attr.int(1), split: attr.ints([1, 3]) },
    {},
    [image, 'y', 'z'],
  ),
  single('Split into equal parts at opset 11', 11, 'Split', { axis: attr.int(1) }, {}, [
    image,
    'y',
    'z',
  ]),
  single('Split into equal parts at opset 13', 13, 'Split', { axis: attr.int(1) }, {}, [
    image,
    'y',
    'z',
  ]),
  single('Slice with attributes', 9, 'Slice', {
    axes: attr.ints([2, 3]),
    starts: attr.ints([1, -3]),
    ends: attr.ints([2 ** 63, -1]),
  }),
  single('Slice without axes', 7, 'Slice', { starts: attr.ints([0, 1]), ends: attr.ints([1, 3]) }),
  single('Pad with attributes', 10, 'Pad', {
    pads: attr.ints([0, 0, 1, 2, 0, 0, 3, 0]),
    value: attr.float(0.5),
  }),
  single('Pad that reflects', 10, 'Pad', {
    pads: attr.ints([0, 0, 1, 2, 0, 0, 3, 0]),
    mode: attr.string('reflect'),
  }),
  single('Clip with both bounds as attributes', 10, 'Clip', {
    min: attr.float(-0.5),
    max: attr.float(1),
  }),
  single('Clip with an upper bound as attribute', 6 + 1, 'Clip', { max: attr.float(1) }),
  single('Dropout with a ratio attribute', 7, 'Dropout', { ratio: attr.float(0.4) }),
  single(
    'Dropout with a ratio input',
    12,
    'Dropout',
    { seed: attr.int(3) },
    { ratio: floats([], [0.4]) },
  ),
  single(
    'Dropout that trains but drops nothing',
    13,
    'Dropout',
    {},
    { ratio: floats([], [0]), training: tensor('bool', [], [1]) },
  ),
  single('Upsample with a scales attribute', 7, 'Upsample', {
    scales: attr.floats([1, 1, 2, 1.5]),
  }),
  single(
    'Upsample with scales as input',
    9,
    'Upsample',
    { mode: attr.string('linear') },
    { scales: floats([4], [1, 1, 2, 2]) },
  ),
  single('Resize 10 that enlarges', 10, 'Resize', {}, { scales: floats([4], [1, 1, 1.7, 2]) }),
  single('Resize 10 that shrinks', 10, 'Resize', {}, { scales: floats([4], [1, 1, 0.4, 0.5]) }),
  single(
    'Resize 10, bilinear',
    10,
    'Resize',
    { mode: attr.string('linear') },
    { scales: floats([4], [1, 1, 1.7, 0.6]) },
  ),
  single(
    'Resize 11 as PyTorch writes it, with empty region and scales',
    11,
    'Resize',
    { mode: attr.string('linear'), coordinate_transformation_mode: attr.string('align_corners') },
    { roi: floats([0], []), scales: floats([0], []), sizes: ints([4], [2, 4, 9, 11]) },
  ),
  single(
    'Resize 11 in the mode that TensorFlow had for nearest neighbours',
    11,
    'Resize',
    {
      coordinate_transformation_mode: attr.string('tf_half_pixel_for_nn'),
      nearest_mode: attr.string('floor'),
    },
    { roi: floats([0], []), scales: floats([4], [1, 1, 1.7, 2]) },
  ),
  single('Softmax 11 of a matrix', 11, 'Softmax', {}, {}, [[2, 5]]),
  single('Softmax 7 of a batch of images, from axis 1 on', 7, 'Softmax', {}),
  single('Softmax 11 over the last axis', 11, 'Softmax', { axis: attr.int(3) }),
  single('Softmax 11 from a negative axis on', 11, 'Softmax', { axis: attr.int(-2) }),
  single('LogSoftmax 11 from axis 2 on', 11, 'LogSoftmax', { axis: attr.int(2) }),
  single(
    'BatchNormalization 7',
    7,
    'BatchNormalization',
    { epsilon: attr.float(0.01), momentum: attr.float(0.8) },
    { scale: ones(4, 1), shift: ones(4, -1), mean: ones(4, 0), variance: ones(4, 2) },
  ),
  single(
    'BatchNormalization 14 at inference',
    14,
    'BatchNormalization',
    { training_mode: attr.int(0) },
    { scale: ones(4, 1), shift: ones(4, -1), mean: ones(4, 0), variance: ones(4, 2) },
  ),
  single(
    'GroupNormalization 18, with a scale for each group',
    18,
    'GroupNormalization',
    { num_groups: attr.int(2), epsilon: attr.float(0.01) },
    { scale: ones(2, 1), shift: ones(2, -3) },
  ),
  single('Cast at opset 9', 9, 'Cast', { to: attr.int(1) }),
  single('Pow with an integer exponent', 12, 'Pow', {}, { exponent: ints([], [2]) }),
  single('AveragePool 7', 7, 'AveragePool', {
    kernel_shape: attr.ints([3, 3]),
    pads: attr.ints([1, 1, 1, 1]),
    count_include_pad: attr.int(1),
  }),
  single('Swish 24', 24, 'Swish', { alpha: attr.float(1.3) }),
  single(
    'RMSNormalization 23',
    23,
    'RMSNormalization',
    { epsilon: attr.float(0.01) },
    { scale: ones(6, 1) },
  ),
  single("onnxruntime's Gelu", 17, 'com.microsoft.Gelu', {}),
  single("onnxruntime's FastGelu", 17, 'com.microsoft.FastGelu', {}, { bias: ones(6, 0) }),
  single("onnxruntime's BiasGelu", 17, 'com.microsoft.BiasGelu', {}, { bias: ones(6, 0) }),
  single("onnxruntime's QuickGelu", 17, 'com.microsoft.QuickGelu', { alpha: attr.float(1.5) }),
  single(
    "onnxruntime's FusedMatMul",
    17,
    'com.microsoft.FusedMatMul',
    { alpha: attr.float(0.5) },
    { weight: floats([6, 2], ones(12, -5).data as Float32Array) },
  ),
  single(
    "onnxruntime's FusedConv",
    17,
    'com.microsoft.FusedConv',
    { activation: attr.string('LeakyRelu'), activation_params: attr.floats([0.2]) },
    { weight: floats([1, 4, 1, 1], [1, -2, 3, -1]), bias: floats([1], [0.3]) },
  ),
  single(
    "onnxruntime's FusedGemm",
    17,
    'com.microsoft.FusedGemm',
    { activation: attr.string('Relu'), transB: attr.int(1), alpha: attr.float(2) },
    { weight: floats([2, 3], [1, -2, 3, -1, 0, 1]), bias: floats([2], [0.3, 1]) },
    [[5, 3]],
  ),
  single(
    "onnxruntime's SkipLayerNormalization",
    17,
    'com.microsoft.SkipLayerNormalization',
    { epsilon: attr.float(0.01) },
    {
      skip: floats([2, 3, 4], wave([2, 3, 4]).data),
      scale: ones(4, 1),
      shift: ones(4, -2),
      bias: ones(4, 0),
    },
    [[2, 3, 4]],
  ),
];

async function upgraded(opset: number, graph: Graph) {
  return readOnnx(save(at('model.onnx'), bytesOf(modelAt(opset, graph))));
}

describe('an operator of an older or newer opset', () => {
  it.each(cases.map((one) => [one.title, one] as const))(
    '%s computes what onnxruntime computes from the original',
    async (_title, { opset, graph, shape = image }) => {
      const feeds = { x: wave(shape) };
      const wanted = await run(bytesOf(modelAt(opset, graph)), feeds);
      const found = await run(writeOnnx((await upgraded(opset, graph)).graph), feeds);
      expect(found.map(({ dims }) => dims)).toEqual(wanted.map(({ dims }) => dims));
      found.forEach(({ data }, i) =>
        data.forEach((value, j) => expect(value).toBeCloseTo(wanted[i].data[j], 5)),
      );
    },
  );
});

describe('upgrade', () => {
  it('turns Softmax over the last axis into one node, which can be cut off', async () => {
    const { graph } = single('', 11, 'Softmax', {}, {}, [[2, 5]]);
    const { nodes } = (await upgraded(11, graph)).graph;
    expect(nodes.map(({ op }) => op)).toEqual(['Softmax']);
    expect(nodes[0].attributes).toEqual({ axis: attr.int(-1) });
  });

  it('keeps the mask of a Dropout that something reads', async () => {
    const { graph } = single('', 12, 'Dropout', {}, {}, [[3], 'y', 'mask']);
    const [, mask] = await run(writeOnnx((await upgraded(12, graph)).graph), { x: wave([3]) });
    expect(mask.data).toEqual([1, 1, 1]);
  });

  it('lifts the operators of branches', async () => {
    const branch = (name: string, axis: number): Graph => ({
      ...graphOf(
        {},
        [name],
        [node('ReduceMean', ['x'], [name], { axes: attr.ints([axis]), keepdims: attr.int(0) })],
      ),
      name,
    });
    const choice = node('If', ['flag'], ['y'], {
      then_branch: attr.graph(branch('a', 0)),
      else_branch: attr.graph(branch('b', 1)),
    });
    const graph = graphOf({ x: [2, 2] }, ['y'], [choice], { flag: tensor('bool', [], [0]) });
    const feeds = { x: { dims: [2, 2], data: new Float32Array([1, 2, 5, 6]) } };
    const [y] = await run(writeOnnx((await upgraded(13, graph)).graph), feeds);
    expect(y.data).toEqual([1.5, 5.5]);
  });

  it.each([
    [
      'a BatchNormalization in training mode',
      14,
      'BatchNormalization',
      { training_mode: attr.int(1) },
      /model\.eval\(\)/,
    ],
    [
      'a BatchNormalization of single pixels',
      8,
      'BatchNormalization',
      { spatial: attr.int(0) },
      /spatial=0/,
    ],
    [
      'a fused activation that is not known',
      17,
      'com.microsoft.FusedConv',
      { activation: attr.string('Odd') },
      /Odd/,
    ],
  ] as const)('refuses %s', async (_title, opset, op, attributes, message) => {
    const c = { s: ones(4, 1), b: ones(4, 1), m: ones(4, 1), v: ones(4, 1) };
    const { graph } = single('', opset, op, attributes, c);
    const error: unknown = await upgraded(opset, graph).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'GraphError', code: 'unsupported-operator' });
    expect((error as Error).message).toMatch(message);
  });

  it('refuses a Dropout that is told to train', async () => {
    const { graph } = single(
      '',
      13,
      'Dropout',
      {},
      { ratio: floats([], [0.5]), training: tensor('bool', [], [1]) },
    );
    await expect(upgraded(13, graph)).rejects.toThrow(/training mode/);
  });

  it('leaves an operator of another domain in place under its full name', async () => {
    const { graph } = single('', 13, 'com.example.Foo', {});
    expect((await upgraded(13, graph)).graph.nodes[0].op).toBe('com.example.Foo');
  });
});
