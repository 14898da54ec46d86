import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/support/gradient.ts';
import { uniform } from '../../test/support/random.ts';
import { compile } from '../../test/support/run.ts';
import { attr } from './attributes.ts';
import type { Builder } from './builder.ts';
import { close, extend } from './differentiate.ts';
import type { TypedGraph } from './ir.ts';
import { simplify } from './simplify.ts';
import { floats, ints } from './tensor.ts';

const DIMS = [2, 4, 6, 6];

/** A graph of x [2, 4, 6, 6]; `define` returns its output. */
function graphOf(define: (build: Builder, x: string) => string): TypedGraph {
  const input = { name: 'x', dtype: 'float32' as const, dims: DIMS };
  const empty: TypedGraph = {
    name: 'test',
    inputs: [input],
    outputs: [],
    nodes: [],
    constants: new Map(),
    types: new Map([['x', input]]),
  };
  const build = extend(empty, 'n/');
  return close(empty, build, [define(build, 'x')]);
}

const operatorsOf = (graph: TypedGraph): string[] => graph.nodes.map((node) => node.op);

/** Expects the same values from fewer nodes. */
async function expectSimplified(graph: TypedGraph, operators: readonly string[]): Promise<void> {
  const simple = simplify(graph);
  expect(operatorsOf(simple)).toEqual(operators);
  expect(simple.outputs).toEqual(graph.outputs);
  const feeds = new Map([['x', uniform(DIMS, -1, 1, 3)]]);
  const [before, after] = [await compile(graph), await compile(simple)];
  const [output] = graph.outputs;
  expectClose((await after(feeds)).get(output)!, (await before(feeds)).get(output)!, 1e-6);
}

function convolve(build: Builder, x: string, seed: number, bias: boolean): string {
  const weights = build.constant(uniform([5, 4, 3, 3], -1, 1, seed));
  const inputs = [x, weights, ...(bias ? [build.constant(uniform([5], -1, 1, seed + 1))] : [])];
  return build.add('Conv', inputs, { pads: attr.ints([1, 1, 1, 1]) });
}

function normalise(build: Builder, x: string): string {
  const signed = [1, 2, 3].map((seed) => build.constant(uniform([5], -1, 1, seed)));
  const variance = build.constant(uniform([5], 0.5, 2, 4));
  return build.add('BatchNormalization', [x, ...signed, variance], { epsilon: attr.float(0.01) });
}

function surround(build: Builder, x: string, pads: readonly number[], fill = 0): string {
  const inputs = [x, build.constant(ints([8], pads)), build.constant(floats([], [fill]))];
  return build.add('Pad', inputs, { mode: attr.string('constant') });
}

describe('simplifying a graph', () => {
  it.each([true, false])('folds batch normalisation into a convolution (bias: %s)', (bias) =>
    expectSimplified(
      graphOf((build, x) => normalise(build, convolve(build, x, 9, bias))),
      ['Conv'],
    ),
  );

  it('leaves batch normalisation where the convolution has other readers', () => {
    const graph = graphOf((build, x) => {
      const y = convolve(build, x, 9, true);
      return build.add('Add', [y, normalise(build, y)]);
    });
    expect(operatorsOf(simplify(graph))).toEqual(['Conv', 'BatchNormalization', 'Add']);
  });

  it('leaves what is asked to be kept', () => {
    let inner = '';
    const graph = graphOf((build, x) => {
      inner = convolve(build, x, 9, true);
      return normalise(build, inner);
    });
    expect(operatorsOf(simplify(graph, [inner]))).toEqual(['Conv', 'BatchNormalization']);
  });

  it('merges padding with zeros into a convolution', () =>
    expectSimplified(
      graphOf((build, x) => convolve(build, surround(build, x, [0, 0, 1, 0, 0, 0, 0, 2]), 7, true)),
      ['Conv'],
    ));

  it('leaves padding with other values', () =>
    expectSimplified(
      graphOf((build, x) =>
        convolve(build, surround(build, x, [0, 0, 1, 0, 0, 0, 0, 2], 0.5), 7, true),
      ),
      ['Pad', 'Conv'],
    ));

  it('merges padding with zeros into an average, which then counts it', () =>
    expectSimplified(
      graphOf((build, x) =>
        build.add('AveragePool', [surround(build, x, [0, 0, 1, 1, 0, 0, 1, 0])], {
          kernel_shape: attr.ints([3, 3]),
          strides: attr.ints([2, 1]),
        }),
      ),
      ['AveragePool'],
    ));

  it('drops what hands its input through', () =>
    expectSimplified(
      graphOf((build, x) => {
        const same = build.add('Identity', [surround(build, x, [0, 0, 0, 0, 0, 0, 0, 0])]);
        return build.add('Neg', [build.add('Dropout', [same])]);
      }),
      ['Neg'],
    ));

  it('pools before it rectifies', () =>
    expectSimplified(
      graphOf((build, x) =>
        build.add('MaxPool', [build.add('Relu', [x])], {
          kernel_shape: attr.ints([3, 3]),
          strides: attr.ints([2, 2]),
          pads: attr.ints([1, 1, 1, 1]),
        }),
      ),
      ['MaxPool', 'Relu'],
    ));
});
