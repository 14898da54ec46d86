import type { Node, TypedGraph } from '../graph/ir.ts';
import type { Layer } from './layers.ts';

const READOUTS = new Set(['Gemm', 'MatMul', 'Conv', 'Einsum']);

/**
 * The features that the logits are read out of: what goes into the last linear layer.
 * @returns `undefined` where there is none, or where the network is nothing but that layer
 */
export function penultimate(graph: TypedGraph): Layer | undefined {
  const makers = new Map(
    graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)),
  );
  let value: string | undefined = graph.outputs[0];
  for (;;) {
    const node: Node | undefined = value === undefined ? undefined : makers.get(value);
    if (!node) return undefined;
    const from: string | undefined = node.inputs.find(
      (input) => input !== '' && !graph.constants.has(input),
    );
    if (READOUTS.has(node.op))
      return from !== undefined && makers.has(from)
        ? { name: from, value: from, depth: 0 }
        : undefined;
    value = from;
  }
}
