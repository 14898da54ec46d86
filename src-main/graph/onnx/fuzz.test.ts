import { describe, expect, it } from 'vitest';
import { MemoryWatch } from '../../../test/support/memory.ts';
import { mutate } from '../../../test/support/mutate.ts';
import { generator } from '../../../test/support/random.ts';
import { workOf } from '../../../test/support/work.ts';
import { attr } from '../attributes.ts';
import { GraphError } from '../errors.ts';
import { findInput } from '../input.ts';
import { floats, ints, tensor } from '../tensor.ts';
import { listUnsupported } from '../unsupported.ts';
import { ExternalData } from './external.ts';
import { bytesOf, graphOf, modelAt, node, save, temporaryFolder } from './model.fixture.ts';
import { parseOnnx } from './read.ts';

const at = temporaryFolder();
const ROUNDS = 4000;

/** A small model with something of everything: branches, functions, external data, all forms of weights. */
function sample(): Uint8Array {
  const branch = (name: string) =>
    attr.graph({
      ...graphOf({}, [name], [node('Squeeze', ['s'], [name], { axes: attr.ints([2, 3]) })]),
      name,
    });
  const nodes = [
    node('Constant', [], ['half'], { value: attr.tensor(floats([1], [0.5])) }),
    node('Conv', ['x', 'w'], ['c'], {
      kernel_shape: attr.ints([3, 3]),
      pads: attr.ints([1, 1, 1, 1]),
    }),
    node('own.Scale', ['c', 'half'], ['d']),
    node('GlobalAveragePool', ['d'], ['s']),
    node('If', ['flag'], ['f'], { then_branch: branch('t'), else_branch: branch('e') }),
    node('Softmax', ['f'], ['y'], { axis: attr.int(1) }),
  ];
  const weights = Array.from({ length: 54 }, (_, i) => Math.sin(i));
  const graph = graphOf({ x: ['batch', 3, 8, 8] }, ['y'], nodes, {
    w: floats([2, 3, 3, 3], weights),
    flag: tensor('bool', [], [1]),
    unused: ints([2], [1, -1]),
  });
  const model = modelAt(11, graph);
  return bytesOf({
    ...model,
    opsetImport: [...model.opsetImport!, { domain: 'own', version: 1 }],
    functions: [
      {
        domain: 'own',
        name: 'Scale',
        input: ['a', 'b'],
        output: ['c'],
        node: [
          {
            opType: 'Mul',
            input: ['a', 'b'],
            output: ['c'],
            metadataProps: [{ key: 'pkg.torch.onnx.name_scopes', value: "['', 'act', 'mul']" }],
          },
        ],
      },
    ],
    graph: {
      ...model.graph,
      initializer: [
        ...model.graph.initializer!,
        { name: 'typed', dims: [2], dataType: 1, floatData: [1, 2] },
        { name: 'half16', dims: [2], dataType: 10, int32Data: [1, 2] },
        {
          name: 'far',
          dims: [1],
          dataType: 1,
          dataLocation: 1,
          externalData: [{ key: 'location', value: 'far.bin' }],
        },
      ],
    },
  });
}

function outcome(bytes: Uint8Array, external: ExternalData): string {
  try {
    const { graph } = parseOnnx(bytes, 'model.onnx', external);
    listUnsupported(graph);
    findInput(graph);
    return 'read';
  } catch (error) {
    if (error instanceof GraphError && /^[^\n]+\.$/.test(error.message)) return error.code;
    throw error;
  }
}

describe('a damaged or hostile file', () => {
  it('gives a typed error or a graph, at once and in little memory, whatever bytes change', () => {
    save(at('far.bin'), new Uint8Array(4));
    const original = sample();
    expect(outcome(original, new ExternalData(at('model.onnx')))).toBe('read');
    const next = generator(7);
    const seen = new Map<string, number>();
    const memory = new MemoryWatch();
    let longest = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = mutate(original, next);
      const work = workOf(() => {
        const result = outcome(bytes, new ExternalData(at('model.onnx')));
        seen.set(result, (seen.get(result) ?? 0) + 1);
      });
      longest = Math.max(longest, work);
      memory.look();
    }
    expect(longest).toBeLessThan(3000);
    expect(memory.most).toBeLessThan(400 * 2 ** 20);
    // The changes reach every stage of reading, or they would prove nothing.
    expect([...seen.keys()]).toEqual(
      expect.arrayContaining([
        'read',
        'truncated',
        'not-a-model',
        'bad-graph',
        'bad-external-data',
        'unsupported-opset',
      ]),
    );
  });

  it('with more parts than any classifier is refused before they fill the memory', () => {
    const nodes = new Uint8Array(2 * (2 ** 20 + 10)).map((_, i) => (i % 2 === 0 ? 0x0a : 0));
    const graph = [0x3a, ...varint(nodes.length)];
    const bytes = Buffer.concat([new Uint8Array([8, 8, ...graph]), nodes]);
    expect(outcome(bytes, new ExternalData(at('model.onnx')))).toBe('too-large');
  });

  it('with branches nested without end is refused', () => {
    // node > attribute > graph > node …, from the inside out.
    let inner = new Uint8Array(0);
    for (let level = 0; level < 200; level++) {
      for (const tag of [0x32, 0x2a, 0x0a])
        inner = Uint8Array.from([tag, ...varint(inner.length), ...inner]);
    }
    const bytes = Uint8Array.from([8, 8, 0x3a, ...varint(inner.length), ...inner]);
    expect(outcome(bytes, new ExternalData(at('model.onnx')))).toBe('too-large');
  });
});

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}
