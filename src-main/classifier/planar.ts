import { attr } from '../graph/attributes.ts';
import type { Graph, GraphInput, Node, Tensor } from '../graph/ir.ts';
import { ints } from '../graph/tensor.ts';
import type { Preprocessing } from './classifier.ts';

/** What a file's input wants. */
interface Wanted {
  readonly name: string;
  readonly layout: 'NCHW' | 'NHWC';
  readonly order: Preprocessing['order'];
  /** The dimensions that the uniform input gets: batch, channels, height, width. */
  readonly dims: GraphInput['dims'];
}

/**
 * Gives a graph the uniform input: planar RGB (or grey). Channels are turned round and moved last by nodes at the
 * front, which gradients pass through like any other; the file's own input becomes a value behind them.
 */
export function planar(graph: Graph, { name, layout, order, dims }: Wanted): Graph {
  const steps = [
    ...(order === 'BGR' ? [reversed] : []),
    ...(layout === 'NHWC' ? [channelsLast] : []),
  ];
  const input = (named: string): GraphInput => ({ name: named, dtype: 'float32', dims });
  if (steps.length === 0) return { ...graph, inputs: [input(name)] };
  const names = [`${name}/planar`, ...steps.slice(1).map(() => `${name}/ordered`), name];
  const nodes = steps.map((step, i) => step(names[i], names[i + 1]));
  return {
    ...graph,
    inputs: [input(names[0])],
    nodes: [...nodes, ...graph.nodes],
    constants: new Map([...graph.constants, [REVERSAL, BACKWARDS]]),
  };
}

/** Gives a graph that takes rows the uniform input too: columns are channels of one pixel, [N, columns, 1, 1]. */
export function planarRows(graph: Graph, name: string, dims: GraphInput['dims']): Graph {
  const input: GraphInput = { name: `${name}/planar`, dtype: 'float32', dims };
  const flatten: Node = {
    name,
    op: 'Flatten',
    inputs: [input.name],
    outputs: [name],
    attributes: { axis: attr.int(1) },
  };
  return { ...graph, inputs: [input], nodes: [flatten, ...graph.nodes] };
}

const REVERSAL = 'channels, reversed';
const BACKWARDS: Tensor = ints([3], [2, 1, 0]);

const reversed = (from: string, to: string): Node => ({
  name: to,
  op: 'Gather',
  inputs: [from, REVERSAL],
  outputs: [to],
  attributes: { axis: attr.int(1) },
});

const channelsLast = (from: string, to: string): Node => ({
  name: to,
  op: 'Transpose',
  inputs: [from],
  outputs: [to],
  attributes: { perm: attr.ints([0, 2, 3, 1]) },
});
