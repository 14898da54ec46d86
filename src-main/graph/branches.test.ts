import { describe, expect, test } from 'vitest';
import { compile } from '../../test/support/run.ts';
import { attr } from './attributes.ts';
import { GraphError } from './errors.ts';
import type { Attributes, Graph, GraphInput, Node, Tensor } from './ir.ts';
import { specialise } from './specialise.ts';
import { floats, ints, tensor } from './tensor.ts';

const node = (
  op: string,
  inputs: string[],
  outputs: string[],
  attributes: Attributes = {},
): Node => ({
  name: `/${outputs[0]}/${op}`,
  op,
  inputs,
  outputs,
  attributes,
});

function graph(
  nodes: Node[],
  outputs: string[],
  constants: Record<string, Tensor> = {},
  inputs: GraphInput[] = [],
): Graph {
  return { name: 'g', inputs, outputs, nodes, constants: new Map(Object.entries(constants)) };
}

const image: GraphInput = { name: 'x', dtype: 'float32', dims: [2, 3] };
const x = floats([2, 3], [1, -2, 3, -4, 5, -6]);

/** What onnxruntime makes of the graph with its branches, and of the specialised one. */
async function both(whole: Graph): Promise<[Tensor, Tensor]> {
  const types = new Map();
  const feeds = new Map([['x', x]]);
  const original = await (await compile({ ...whole, types }))(feeds);
  const typed = specialise(whole, { x: [2, 3] });
  expect(typed.nodes.map(({ op }) => op)).not.toContain('If');
  expect(typed.nodes.map(({ op }) => op)).not.toContain('Loop');
  const ours = await (await compile(typed))(feeds);
  expect({ dims: ours.get('y')!.dims, dtype: ours.get('y')!.dtype }).toEqual(typed.types.get('y'));
  return [ours.get('y')!, original.get('y')!];
}

/** An If that asks whether the batch is 2, which is known once the shape is. */
function decided(then: Graph, other: Graph, equals = 2): Node[] {
  return [
    node('Shape', ['x'], ['batch'], { end: attr.int(1) }),
    node('Equal', ['batch', `is${equals}`], ['several']),
    node('Squeeze', ['several'], ['condition']),
    node('If', ['condition'], ['y'], {
      then_branch: attr.graph(then),
      else_branch: attr.graph(other),
    }),
  ];
}
const numbers = { is1: ints([1], [1]), is2: ints([1], [2]) };
const doubled = graph([node('Mul', ['x', 'two'], ['result'])], ['result'], {
  two: floats([], [2]),
});
const negative = graph([node('Neg', ['x'], ['result'])], ['result']);

describe('an If whose condition follows from the shapes', () => {
  test.each([1, 2])('becomes the branch that runs when it asks for %i', async (equals) => {
    const whole = graph(decided(doubled, negative, equals), ['y'], numbers, [image]);
    const [ours, theirs] = await both(whole);
    expect(ours).toEqual(theirs);
  });

  test('may hold another, which reads values of the outer branch', async () => {
    const inner = graph([node('Add', ['middle', 'x'], ['sum'])], ['sum']);
    const outer = graph(
      [
        node('Abs', ['x'], ['middle']),
        node('If', ['condition'], ['result'], {
          then_branch: attr.graph(inner),
          else_branch: attr.graph(negative),
        }),
      ],
      ['result'],
    );
    const [ours, theirs] = await both(graph(decided(outer, negative), ['y'], numbers, [image]));
    expect(ours).toEqual(theirs);
  });

  test('may hand on an outer value or a constant', async () => {
    const nothing = graph([], ['half'], { half: floats([1], [0.5]) });
    const passed = graph([node('Relu', ['x'], ['spare'])], ['x']);
    for (const body of [nothing, passed]) {
      const typed = specialise(graph(decided(body, negative), ['y'], numbers, [image]), {
        x: [2, 3],
      });
      const results = await (await compile(typed))(new Map([['x', x]]));
      expect([...results.get('y')!.data]).toEqual(body === nothing ? [0.5] : [...x.data]);
    }
  });

  test('twice with the same names inside', async () => {
    const [shape, equal, squeeze, first] = decided(doubled, negative);
    const [inside] = doubled.nodes;
    const again = attr.graph({ ...doubled, nodes: [{ ...inside, name: '/again' }] });
    const attributes = { ...first.attributes, then_branch: again };
    const second = { ...first, name: '/z/If', outputs: ['z'], attributes };
    const sum = node('Add', ['first', 'z'], ['y']);
    const nodes = [shape, equal, squeeze, { ...first, outputs: ['first'] }, second, sum];
    const [ours, theirs] = await both(graph(nodes, ['y'], numbers, [image]));
    expect(ours).toEqual(theirs);
  });
});

/** Adds the round's number to what is carried, and scans its double. */
const body = graph(
  [
    node('Cast', ['i'], ['number'], { to: attr.int(1) }),
    node('Add', ['before', 'number'], ['after']),
    node('Add', ['after', 'after'], ['scan']),
    node('Identity', ['goes'], ['goesOn']),
  ],
  ['goesOn', 'after', 'scan'],
  {},
  [
    { name: 'i', dtype: 'int64', dims: [] },
    { name: 'goes', dtype: 'bool', dims: [] },
    { name: 'before', dtype: 'float32', dims: [2, 3] },
  ],
);

describe('a Loop whose rounds are known', () => {
  const rounds = {
    three: ints([], [3]),
    yes: tensor('bool', [], [1]),
    no: tensor('bool', [], [0]),
  };
  const loop = (inputs: string[], outputs: string[], of = body): Graph =>
    graph([node('Loop', inputs, outputs, { body: attr.graph(of) })], ['y'], rounds, [image]);

  test.each([
    ['the carried value', ['y', 'scan']],
    ['the scanned values', ['after', 'y']],
  ])('is unrolled, for %s', async (_name, outputs) => {
    const [ours, theirs] = await both(loop(['three', 'yes', 'x'], outputs));
    expect(ours).toEqual(theirs);
  });

  test('needs no condition', async () => {
    const [ours, theirs] = await both(loop(['three', '', 'x'], ['y', 'scan']));
    expect(ours).toEqual(theirs);
  });

  test('runs until its own condition ends it', async () => {
    const until = {
      ...body,
      nodes: [...body.nodes.slice(0, 3), node('Less', ['i', 'four'], ['goesOn'])],
    };
    const counted = { ...until, constants: new Map([['four', ints([], [4])]]) };
    const [ours, theirs] = await both(loop(['', 'yes', 'x'], ['after', 'y'], counted));
    expect(ours.dims).toEqual([6 - 1, 2, 3]);
    expect(ours).toEqual(theirs);
  });

  test('may not run at all', async () => {
    const typed = specialise(loop(['three', 'no', 'x'], ['y']), { x: [2, 3] });
    const results = await (await compile(typed))(new Map([['x', x]]));
    expect(results.get('y')!.data).toEqual(x.data);
  });

  test('but not for ever', () => {
    expect(() => specialise(loop(['', 'yes', 'x'], ['y']), { x: [2, 3] })).toThrow(
      /runs more than 10000 rounds/,
    );
  });
});

test('a branch that the image decides is refused by the name of its node', () => {
  const nodes = [
    node('ReduceMax', ['x'], ['most'], { keepdims: attr.int(0) }),
    node('Greater', ['most', 'one'], ['condition']),
    node('If', ['condition'], ['y'], {
      then_branch: attr.graph(doubled),
      else_branch: attr.graph(negative),
    }),
  ];
  const whole = graph(nodes, ['y'], { one: floats([], [1]) }, [image]);
  const refused = (): unknown => specialise(whole, { x: [2, 3] });
  expect(refused).toThrow(GraphError);
  expect(refused).toThrow(/^The condition of the If \/y\/If depends on the image/);
});
