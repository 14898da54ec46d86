import { describe, expect, it } from 'vitest';
import { attr } from './attributes.ts';
import type { Graph } from './ir.ts';
import { findLogits, withLogits } from './logits.ts';
import { graphOf, node, run, wave } from './onnx/model.fixture.ts';
import { writeOnnx } from './onnx/write.ts';
import { floats, ints } from './tensor.ts';

const shapes = { x: [2, 3] };
const weights = {
  w: floats(
    [3, 4],
    Array.from({ length: 12 }, (_, i) => Math.cos(i)),
  ),
};
const linear = node('MatMul', ['x', 'w'], ['z']);

const net = (outputs: readonly string[], ...nodes: Parameters<typeof graphOf>[2]): Graph =>
  graphOf({ x: ['N', 3] }, outputs, [linear, ...nodes], {
    ...weights,
    axis: ints([1], [1]),
    square: ints([4], [0, 4, 1, 1]),
    last: ints([2], [2, 3]),
  });

function errorOf(graph: Graph, output?: string): { code: string; message: string } {
  try {
    findLogits(graph, shapes, output);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('nothing was thrown');
}

describe('findLogits', () => {
  it('takes the output itself where nothing follows the logits', () => {
    expect(findLogits(net(['z']), shapes)).toEqual({
      logits: 'z',
      output: 'z',
      classes: 4,
      dims: [2, 4],
    });
  });

  it.each([
    ['Softmax', 'Softmax', [node('Softmax', ['z'], ['y'], { axis: attr.int(1) })]],
    ['LogSoftmax', 'LogSoftmax', [node('LogSoftmax', ['z'], ['y'])]],
    ['Sigmoid', 'Sigmoid', [node('Sigmoid', ['z'], ['y'])]],
    [
      'the logarithm of a softmax',
      'LogSoftmax',
      [node('Softmax', ['z'], ['p']), node('Log', ['p'], ['y'])],
    ],
    [
      'Softmax behind a reshaping and before one',
      'Softmax',
      [
        node('Reshape', ['z', 'square'], ['q']),
        node('Softmax', ['q'], ['p'], { axis: attr.int(1) }),
        node('Flatten', ['p'], ['f']),
        node('Identity', ['f'], ['y']),
      ],
    ],
    [
      'a softmax that is written out',
      'Softmax',
      [
        node('Exp', ['z'], ['e']),
        node('ReduceSum', ['e', 'axis'], ['s']),
        node('Div', ['e', 's'], ['y']),
      ],
    ],
    [
      'a softmax that is written out and shifted',
      'Softmax',
      [
        node('ReduceMax', ['z', 'axis'], ['m']),
        node('Sub', ['z', 'm'], ['d']),
        node('Exp', ['d'], ['e']),
        node('ReduceSum', ['e', 'axis'], ['s']),
        node('Div', ['e', 's'], ['y']),
      ],
    ],
  ] as const)('cuts %s', async (_title, cut, nodes) => {
    const graph = net(['y'], ...nodes);
    const found = findLogits(graph, shapes);
    expect(found).toMatchObject({ cut, output: 'y', classes: 4 });
    const feeds = { x: wave([2, 3]) };
    const [logits] = await run(writeOnnx(withLogits(graph, found)), feeds);
    const [product] = await run(writeOnnx(net(['z'])), feeds);
    expect(logits).toEqual(product);
  });

  it.each([
    ['a softmax over the images', [node('Softmax', ['z'], ['y'], { axis: attr.int(0) })]],
    [
      'a softmax that something follows',
      [node('Softmax', ['z'], ['p']), node('Mul', ['p', 'p'], ['y'])],
    ],
    ['HardSigmoid', [node('HardSigmoid', ['z'], ['y'])]],
    [
      'a quotient that sums over the images',
      [
        node('Exp', ['z'], ['e']),
        node('ReduceSum', ['e', 'zero'], ['s']),
        node('Div', ['e', 's'], ['y']),
      ],
    ],
  ] as const)('does not cut %s', (_title, nodes) => {
    const graph = net(['y'], ...nodes);
    const constants = new Map([...graph.constants, ['zero', ints([1], [0])] as const]);
    const found = findLogits({ ...graph, constants }, shapes);
    expect(found.logits).toBe('y');
    expect(found.cut).toBeUndefined();
  });

  it('knows that probabilities and logits side by side are one', () => {
    const graph = net(['y', 'z'], node('Softmax', ['z'], ['y']));
    expect(findLogits(graph, shapes)).toMatchObject({ logits: 'z', output: 'y' });
  });

  it('passes over features, labels, auxiliary and four-dimensional outputs', () => {
    const graph = net(
      ['features', 'label', 'aux_logits', 'map', 'scores'],
      node('Relu', ['z'], ['features']),
      node('MatMul', ['features', 'v'], ['scores']),
      node('Neg', ['z'], ['aux_logits']),
      node('ArgMax', ['scores'], ['label']),
      node('Concat', ['q', 'q'], ['map'], { axis: attr.int(2) }),
      node('Reshape', ['z', 'square'], ['q']),
    );
    const nodes = [...graph.nodes.slice(0, 5), graph.nodes[6], graph.nodes[5]];
    const constants = new Map([
      ...graph.constants,
      ['v', floats([4, 2], [1, 2, 3, 4, 5, 6, 7, 8])] as const,
    ]);
    expect(findLogits({ ...graph, nodes, constants }, shapes)).toMatchObject({
      logits: 'scores',
      classes: 2,
    });
  });

  it('asks when several outputs could be class scores, and takes the one that is named', () => {
    const graph = net(['age', 'kind'], node('Relu', ['z'], ['age']), node('Neg', ['z'], ['kind']));
    const { code, message } = errorOf(graph);
    expect(code).toBe('ambiguous-output');
    expect(message).toMatch(/age float32 \[2, 4\], kind float32 \[2, 4\].*--output NAME/);
    expect(findLogits(graph, shapes, 'kind').logits).toBe('kind');
  });

  it('takes what a layer gives by the name of the layer', () => {
    const graph = net(
      ['dense/softmax', 'age/scores'],
      node('Relu', ['z'], ['dense/hidden']),
      node('Softmax', ['dense/hidden'], ['dense/softmax']),
      node('Neg', ['z'], ['age/scores']),
    );
    expect(findLogits(graph, shapes, 'dense')).toMatchObject({
      output: 'dense/softmax',
      logits: 'dense/hidden',
    });
    expect(errorOf(graph, 'dens').code).toBe('ambiguous-output');
  });

  it('names the nearest outputs for one that does not exist', () => {
    const graph = net(
      ['ages', 'kinds'],
      node('Relu', ['z'], ['ages']),
      node('Neg', ['z'], ['kinds']),
    );
    expect(errorOf(graph, 'kind')).toMatchObject({
      code: 'ambiguous-output',
      message: 'The model has no output kind; the nearest names are kinds, ages.',
    });
  });

  it('refuses a model without an output in the shape of class scores', () => {
    const graph = net(['y'], node('Concat', ['q', 'q'], ['y'], { axis: attr.int(3) }));
    const reshaped = {
      ...graph,
      nodes: [linear, node('Reshape', ['z', 'square'], ['q']), graph.nodes[1]],
    };
    expect(errorOf(reshaped)).toMatchObject({ code: 'not-a-classifier' });
  });

  it('flattens logits that keep dimensions of 1', async () => {
    const graph = net(['y'], node('Reshape', ['z', 'square'], ['y']));
    const found = findLogits(graph, shapes);
    expect(found.dims).toEqual([2, 4, 1, 1]);
    const [logits] = await run(writeOnnx(withLogits(graph, found)), { x: wave([2, 3]) });
    expect(logits.dims).toEqual([2, 4]);
  });
});
