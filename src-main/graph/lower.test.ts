import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/support/gradient.ts';
import { uniform } from '../../test/support/random.ts';
import { compile } from '../../test/support/run.ts';
import { attr } from './attributes.ts';
import { close, extend } from './differentiate.ts';
import type { TypedGraph } from './ir.ts';
import { lower } from './lower.ts';

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

function responses(): TypedGraph {
  const build = extend(EMPTY, 'n/');
  const attributes = {
    size: attr.int(5),
    alpha: attr.float(0.9),
    beta: attr.float(0.75),
    bias: attr.float(1.5),
  };
  const once = build.add('LRN', ['x'], attributes);
  return close(EMPTY, build, [once, build.add('LRN', [once], attributes)]);
}

describe('lowering a graph', () => {
  it("spells out LRN with onnxruntime's own values, under the same names", async () => {
    const graph = responses();
    const lowered = lower(graph);
    expect(lowered.nodes.map((node) => node.op)).not.toContain('LRN');
    const feeds = new Map([['x', uniform(DIMS, -2, 2, 5)]]);
    const [before, after] = [await compile(graph), await compile(lowered)];
    const [expected, actual] = [await before(feeds), await after(feeds)];
    for (const name of graph.outputs) expectClose(actual.get(name)!, expected.get(name)!, 2e-6);
  });

  it('keeps one of several equal constants', () => {
    const matrices = [...lower(responses()).constants.values()].filter(
      ({ dims }) => dims.length === 2 && dims[0] === 7,
    );
    expect(matrices).toHaveLength(1);
  });
});
