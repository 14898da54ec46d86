import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/support/gradient.ts';
import { uniform } from '../../test/support/random.ts';
import { compile } from '../../test/support/run.ts';
import { attr } from './attributes.ts';
import type { Builder } from './builder.ts';
import { close, extend } from './differentiate.ts';
import type { TypedGraph } from './ir.ts';
import { lower } from './lower.ts';
import { interleaveParts } from './operators/phases.ts';
import { floats } from './tensor.ts';

const DIMS = [2, 7, 3, 4];
const input = { name: 'x', dtype: 'float32' as const, dims: DIMS };
const EMPTY: TypedGraph = {
  name: 'test',
  inputs: [input],
  outputs: [],
  nodes: [],
  constants: new Map(),
  types: new Map([['x', input]]),
};

function graphOf(define: (build: Builder) => string[]): TypedGraph {
  const build = extend(EMPTY, 'n/');
  return close(EMPTY, build, define(build));
}

function responses(build: Builder): string[] {
  const attributes = {
    size: attr.int(5),
    alpha: attr.float(0.9),
    beta: attr.float(0.75),
    bias: attr.float(1.5),
  };
  const once = build.add('LRN', ['x'], attributes);
  return [once, build.add('LRN', [once], attributes)];
}

/** x times i + 1 as phase i of an image of twice the size; `null` for a phase of zeros. */
function interleaved(build: Builder, phases: readonly (number | null)[]): string {
  const parts = phases.map((factor) =>
    factor === null ? null : build.add('Mul', ['x', build.scalar(factor)]),
  );
  return interleaveParts(build, parts, [2, 2]);
}

/** Expects the same outputs, and returns the lowered graph's operators. */
async function expectLowered(graph: TypedGraph, tolerance: number): Promise<string[]> {
  const lowered = lower(graph);
  const feeds = new Map([['x', uniform(DIMS, -2, 2, 5)]]);
  const [before, after] = [await compile(graph), await compile(lowered)];
  const [expected, actual] = [await before(feeds), await after(feeds)];
  for (const name of graph.outputs) {
    expectClose(actual.get(name)!, expected.get(name)!, tolerance);
  }
  return lowered.nodes.map((node) => node.op);
}

describe('lowering a graph', () => {
  it("spells out LRN with onnxruntime's own values, under the same names", async () => {
    expect(await expectLowered(graphOf(responses), 2e-6)).not.toContain('LRN');
  });

  it('keeps one of several equal constants', () => {
    const matrices = [...lower(graphOf(responses)).constants.values()].filter(
      ({ dims }) => dims.length === 2 && dims[0] === 7,
    );
    expect(matrices).toHaveLength(1);
  });

  /** numpy.pad([0, 1, 2, 3], (7, 5), …), of NumPy 1.26; onnxruntime alone refuses the first and misreads the second. */
  it.each([
    ['reflect', [1, 0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2]],
    ['wrap', [1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0]],
  ])('spells out padding that repeats more than there is (%s)', async (mode, expected) => {
    const graph = graphOf((build) => {
      const bounds = [0, 1].map((bound) => build.shape([bound, bound, bound]));
      const row = build.reshape(build.add('Slice', ['x', ...bounds]), [4]);
      return [build.add('Pad', [row, build.shape([7, 5])], { mode: attr.string(mode) })];
    });
    const x = floats(
      DIMS,
      Array.from({ length: 168 }, (_, i) => i),
    );
    const results = await (await compile(lower(graph)))(new Map([['x', x]]));
    expect([...results.get(graph.outputs[0])!.data]).toEqual(expected);
  });

  it.each(['DCR', 'CRD'])('interleaves phases (%s) with concatenations', async (mode) => {
    const attributes = { blocksize: attr.int(2), mode: attr.string(mode) };
    const graph = graphOf((build) => {
      const weights = build.constant(uniform([8, 7, 1, 1], -1, 1, 1));
      return [build.add('DepthToSpace', [build.add('Conv', ['x', weights])], attributes)];
    });
    expect(await expectLowered(graph, 0)).not.toContain('DepthToSpace');
  });

  it('adds phases before it interleaves them, and no zeros', async () => {
    const graph = graphOf((build) => [
      build.add('Add', [
        interleaved(build, [1, 2, 3, null]),
        interleaved(build, [5, null, 7, null]),
      ]),
    ]);
    const operators = await expectLowered(graph, 0);
    expect(operators.filter((op) => op === 'Add')).toHaveLength(2);
    expect(operators.filter((op) => op === 'Concat')).toHaveLength(3);
  });

  it.each([
    [
      [4, 4],
      [1, 1, 2, 2],
    ],
    [
      [3, 3],
      [1, 1, 1, 1],
    ],
    [
      [2, 5],
      [0, 3, 1, 1],
    ],
  ])(
    'convolves phases with a kernel %j padded by %j before it interleaves',
    async (kernel, pads) => {
      const graph = graphOf((build) => {
        const weights = build.constant(uniform([3, 7, ...kernel], -1, 1, 8));
        const image = interleaved(build, [1, 2, 3, 4]);
        return [build.add('Conv', [image, weights], { pads: attr.ints(pads) })];
      });
      const operators = await expectLowered(graph, 1e-6);
      expect(operators.filter((op) => op === 'Conv')).toHaveLength(4);
    },
  );

  it.each(['MaxPool', 'AveragePool'])(
    'rounds the windows of %s down where rounding up gives no more, so that the result can be read',
    async (op) => {
      const attributes = {
        kernel_shape: attr.ints([1, 1]),
        strides: attr.ints([2, 2]),
        ceil_mode: attr.int(1),
      };
      const x = uniform(DIMS, -2, 2, 5);
      // Of each 3 × 4 plane the elements at even rows and columns.
      const corners = Array.from(x.data, Number).filter((_, i) => [0, 2, 8, 10].includes(i % 12));
      const graph = graphOf((build) => {
        const expected = build.add('Neg', [build.constant(floats([2, 7, 2, 2], corners))]);
        const pooled = build.add(op, ['x'], attributes);
        return [build.add('Equal', [pooled, build.add('Neg', [expected])])];
      });
      await expect(compile(graph)).rejects.toThrow('Incompatible dimensions');
      const run = await compile(lower(graph));
      const equal = (await run(new Map([['x', x]]))).get(graph.outputs[0])!;
      expect(Array.from(equal.data, Number)).toEqual(corners.map(() => 1));
    },
  );

  it('rounds up where that gives a window more', () => {
    const attributes = {
      kernel_shape: attr.ints([2, 2]),
      strides: attr.ints([2, 2]),
      ceil_mode: attr.int(1),
    };
    const graph = graphOf((build) => [build.add('MaxPool', ['x'], attributes)]);
    const [pool] = lower(graph).nodes;
    expect(pool.attributes.ceil_mode).toEqual(attr.int(1));
  });
});
