import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { attr } from '../graph/attributes.ts';
import type { Attributes, Node, Tensor, TypedGraph } from '../graph/ir.ts';
import type { Draft } from '../graph/onnx/encode.ts';
import { bytesOf, graphOf, modelAt, save, temporaryFolder } from '../graph/onnx/model.fixture.ts';
import { readOnnx } from '../graph/onnx/read.ts';
import type { ModelProto } from '../graph/onnx/schema.ts';
import { specialise } from '../graph/specialise.ts';
import { floats } from '../graph/tensor.ts';
import { layersOf, type LayerSet } from './layers.ts';

const at = temporaryFolder();

/** A network of one channel, written down as PyTorch's newer exporter writes it. */
class Export {
  readonly #nodes: Node[] = [];
  readonly #lists: string[] = [];
  readonly #constants: Record<string, Tensor> = {};
  readonly #counts = new Map<string, number>();

  /** A step of PyTorch's within modules, by their full names, outermost first. @returns its value */
  step(
    scopes: string[],
    aten: string,
    op: string,
    inputs: string[],
    more: Attributes = {},
  ): string {
    const serial = this.#counts.get(aten) ?? 0;
    this.#counts.set(aten, serial + 1);
    const value = serial === 0 ? aten : `${aten}_${serial}`;
    this.#nodes.push({ name: `node_${value}`, op, inputs, outputs: [value], attributes: more });
    this.#lists.push(`['', ${[...scopes, value].map((scope) => `'${scope}'`).join(', ')}]`);
    return value;
  }

  weight(name: string, dims: number[]): string {
    const length = dims.reduce((a, b) => a * b, 1);
    this.#constants[name] = floats(
      dims,
      Array.from({ length }, (_, i) => 1 + i / 8),
    );
    return name;
  }

  model(output: string): Draft<ModelProto> {
    const inputs = { x: [1, 1, 64, 64] };
    const model = modelAt(18, graphOf(inputs, [output], this.#nodes, this.#constants));
    const node = model.graph.node!.map((proto, i) => ({
      ...proto,
      metadataProps: [
        { key: 'namespace', value: ': torchvision.models.resnet.ResNet/never: read' },
        { key: 'pkg.torch.onnx.name_scopes', value: this.#lists[i] },
      ],
    }));
    return { ...model, graph: { ...model.graph, node } };
  }
}

async function typed(model: Draft<ModelProto>): Promise<TypedGraph> {
  const { graph } = await readOnnx(save(at('model.onnx'), bytesOf(model)));
  return specialise(graph, { x: graph.inputs[0].dims as number[] });
}

const names = (graph: TypedGraph, set: LayerSet): string[] =>
  layersOf(graph, set).map(({ name }) => name);

/** Torchvision's ResNet-18 with its batch norms. */
function resnet18(): Draft<ModelProto> {
  const net = new Export();
  const conv = (at: string[], name: string, x: string, k: number, stride: number): string =>
    net.step([...at, name], 'conv2d', 'Conv', [x, net.weight(`${name}.weight`, [1, 1, k, k])], {
      pads: attr.ints(Array<number>(4).fill((k - 1) / 2)),
      strides: attr.ints([stride, stride]),
    });
  const norm = (at: string[], name: string, x: string): string => {
    const weights = ['weight', 'bias', 'running_mean', 'running_var'];
    const inputs = [x, ...weights.map((weight) => net.weight(`${name}.${weight}`, [1]))];
    return net.step([...at, name], 'batch_norm', 'BatchNormalization', inputs);
  };
  const relu = (at: string[], name: string, x: string): string =>
    net.step([...at, name], 'relu', 'Relu', [x]);
  const block = (layer: string, name: string, x: string, stride: number): string => {
    const at = [layer, name];
    const first = norm(at, `${name}.bn1`, conv(at, `${name}.conv1`, x, 3, stride));
    const middle = relu(at, `${name}.relu`, first);
    const last = norm(at, `${name}.bn2`, conv(at, `${name}.conv2`, middle, 3, 1));
    const down = `${name}.downsample`;
    const beside = [...at, down];
    const skip =
      stride === 1 ? x : norm(beside, `${down}.1`, conv(beside, `${down}.0`, x, 1, stride));
    return relu(at, `${name}.relu`, net.step(at, 'add', 'Add', [last, skip]));
  };
  let x = relu([], 'relu', norm([], 'bn1', conv([], 'conv1', 'x', 7, 2)));
  x = net.step(['maxpool'], 'max_pool2d', 'MaxPool', [x], {
    kernel_shape: attr.ints([3, 3]),
    pads: attr.ints([1, 1, 1, 1]),
    strides: attr.ints([2, 2]),
  });
  for (const [i, stride] of [1, 2, 2, 2].entries()) {
    const layer = `layer${i + 1}`;
    x = block(layer, `${layer}.1`, block(layer, `${layer}.0`, x, stride), 1);
  }
  x = net.step(['avgpool'], 'mean', 'GlobalAveragePool', [x]);
  x = net.step([], 'flatten', 'Flatten', [x]);
  const weights = [net.weight('fc.weight', [5, 1]), net.weight('fc.bias', [5])];
  return net.model(net.step(['fc'], 'linear', 'Gemm', [x, ...weights], { transB: attr.int(1) }));
}

describe("a network from PyTorch's newer exporter", () => {
  const golden = JSON.parse(
    readFileSync(new URL('golden/resnet18-modules.json', import.meta.url), 'utf8'),
  ) as { modules: string[] };

  test('has the modules of ResNet-18 in the order in which torchvision runs them', async () => {
    expect(golden.modules).toHaveLength(67);
    expect(names(await typed(resnet18()), 'modules')).toEqual(golden.modules);
  });

  test('has the leaves, convolutions and blocks of ResNet-18', async () => {
    const graph = await typed(resnet18());
    const isContainer = /^layer\d(\.\d)?(\.downsample)?$/;
    const leaves = golden.modules.filter((name) => !isContainer.test(name));
    expect(names(graph, 'leaf')).toEqual(leaves);
    expect(names(graph, 'conv')).toEqual(leaves.filter((n) => /conv|downsample\.0/.test(n)));
    expect(names(graph, 'block')).toEqual(golden.modules.filter((n) => /^layer\d\.\d$/.test(n)));
  });

  test('ends a module that runs twice where it ran last, and a container with its own steps', async () => {
    const layers = layersOf(await typed(resnet18()), 'modules');
    const values = new Map(layers.map(({ name, value }) => [name, value]));
    // The third of ResNet-18's ReLU steps follows the first block's sum.
    expect(values.get('layer1.0.relu')).toBe('relu_2');
    expect(values.get('layer1.0')).toBe('relu_2');
    expect(values.get('layer1')).toBe('relu_4');
  });

  test('has nodes with names of their own, also where steps and modules share theirs', async () => {
    const net = new Export();
    const a = net.step(['act'], 'relu', 'Relu', ['x']);
    const b = net.step(['act'], 'relu', 'Relu', [a]);
    const model = net.model(net.step([], 'add', 'Add', [a, b]));
    const twins = model.graph!.node!.map((proto) => ({ ...proto, name: 'node' }));
    const graph = await typed({ ...model, graph: { ...model.graph, node: twins } });
    expect(graph.nodes.map(({ name }) => name)).toEqual(['/act/node', '/act/node_1', '/node']);
    expect(layersOf(graph, 'modules')).toEqual([{ name: 'act', value: 'relu_1', depth: 1 }]);
  });

  test('keeps the names of nodes whose metadata are damaged', async () => {
    const net = new Export();
    const model = net.model(net.step(["it's not a list"], 'relu', 'Relu', ['x']));
    const graph = await typed(model);
    expect(graph.nodes.map(({ name }) => name)).toEqual(['node_relu']);
  });

  test('gives the nodes of a function the module in which it is called', async () => {
    const net = new Export();
    const a = net.step(['first'], 'twice', 'own.Twice', ['x']);
    const model = net.model(net.step(['second'], 'twice', 'own.Twice', [a]));
    const inner = { key: 'pkg.torch.onnx.name_scopes', value: "['', 'second', 'second.act', 'r']" };
    const twice = {
      domain: 'own',
      name: 'Twice',
      input: ['a'],
      output: ['c'],
      node: [
        { name: 'n0', opType: 'Relu', input: ['a'], output: ['b'], metadataProps: [inner] },
        { name: 'n1', opType: 'Add', input: ['b', 'b'], output: ['c'] },
      ],
    };
    const opsetImport = [...model.opsetImport!, { domain: 'own', version: 1 }];
    const graph = await typed({ ...model, opsetImport, functions: [twice] });
    expect(graph.nodes.map(({ name }) => name)).toEqual([
      '/second/act/n0',
      '/first/n1',
      '/second/act/n0_1',
      '/second/n1',
    ]);
  });
});

describe('a network of TensorFlow', () => {
  /** Steps as tf2onnx names them; each reads the one before it, and those named. */
  const chain = (steps: [name: string, op: string, inputs?: string[]][]): Promise<TypedGraph> => {
    const nodes = steps.map(([name, op, inputs], i): Node => {
      const before = i === 0 ? 'x' : steps[i - 1][0];
      return { name, op, inputs: inputs ?? [before], outputs: [name], attributes: {} };
    });
    const constants = { w: floats([2, 2, 1, 1], [1, 2, 3, 4]) };
    const last = steps[steps.length - 1][0];
    return typed(modelAt(13, graphOf({ x: [1, 2, 4, 4] }, [last], nodes, constants)));
  };

  test('has the layers of Keras, without the names that all of them start with', async () => {
    const within = 'StatefulPartitionedCall/model';
    const graph = await chain([
      [`${within}/conv1/BiasAdd__6`, 'Identity'],
      [`${within}/conv1/BiasAdd`, 'Conv', [`${within}/conv1/BiasAdd__6`, 'w']],
      [`${within}/conv1/Relu`, 'Relu'],
      [`${within}/pool/MaxPool`, 'GlobalMaxPool'],
      [`${within}/add/add`, 'Add', [`${within}/conv1/Relu`, `${within}/pool/MaxPool`]],
      [`${within}/head/out/Relu`, 'Relu'],
      ['Reshape__12', 'Flatten'],
    ]);
    expect(names(graph, 'modules')).toEqual(['conv1', 'pool', 'add', 'head/out', 'head']);
    expect(names(graph, 'conv')).toEqual(['conv1']);
    expect(names(graph, 'block')).toEqual(['add']);
    expect(layersOf(graph, 'conv')[0].value).toBe(`${within}/conv1/Relu`);
  });
});

test('a step that an older opset asks for is no module', async () => {
  const nodes: Node[] = [
    { name: '/act/Softmax', op: 'Softmax', inputs: ['x'], outputs: ['a'], attributes: {} },
    { name: '/relu/Relu', op: 'Relu', inputs: ['a'], outputs: ['b'], attributes: {} },
  ];
  const graph = await typed(modelAt(11, graphOf({ x: [1, 2, 4, 4] }, ['b'], nodes)));
  expect(graph.nodes.length).toBeGreaterThan(2);
  expect(names(graph, 'modules')).toEqual(['act', 'relu']);
});
