import type { Graph, Node } from './ir.ts';
import { isSupported } from './operators/index.ts';

/** An operator that Eidoscope does not know, with the first node that uses it and the number of such nodes. */
export interface UnsupportedOperator {
  readonly op: string;
  readonly node: string;
  readonly count: number;
}

/** All operators of a graph and its branches that Eidoscope does not know, in the order of their first use. */
export function listUnsupported(graph: Graph): UnsupportedOperator[] {
  const found = new Map<string, { op: string; node: string; count: number }>();
  for (const node of nodesOf(graph)) {
    if (isSupported(node.op) || node.op === 'If' || node.op === 'Loop') continue;
    const entry = found.get(node.op) ?? { op: node.op, node: node.name, count: 0 };
    entry.count += 1;
    found.set(node.op, entry);
  }
  return [...found.values()];
}

/** Every node, those of branches included. */
function* nodesOf(graph: Graph): Generator<Node> {
  for (const node of graph.nodes) {
    yield node;
    for (const attribute of Object.values(node.attributes)) {
      if (attribute.kind === 'graph') yield* nodesOf(attribute.value);
    }
  }
}
