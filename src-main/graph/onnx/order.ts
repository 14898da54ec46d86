import type { Graph, Node } from '../ir.ts';
import { badGraph, printable } from './wording.ts';

/** Values that a node reads, its branches' reads of outer values included. */
function* reads(node: Node): Generator<string> {
  yield* node.inputs;
  for (const attribute of Object.values(node.attributes)) {
    if (attribute.kind === 'graph') yield* readsOf(attribute.value);
  }
}

function* readsOf(graph: Graph): Generator<string> {
  for (const node of graph.nodes) yield* reads(node);
  yield* graph.outputs;
}

/**
 * Nodes in topological order (Kahn 1962), otherwise in the order of the file.
 * @throws GraphError `bad-graph` when nodes form a cycle, naming one of them
 */
export function sortNodes(nodes: readonly Node[]): readonly Node[] {
  const maker = new Map<string, number>();
  nodes.forEach((node, i) => node.outputs.forEach((output) => maker.set(output, i)));
  maker.delete('');
  const needs = nodes.map((node) => new Set(madeBy(node, maker)));
  if (needs.every((set, i) => [...set].every((j) => j < i))) return nodes;
  return kahn(nodes, needs);
}

function* madeBy(node: Node, maker: ReadonlyMap<string, number>): Generator<number> {
  for (const name of reads(node)) {
    const index = maker.get(name);
    if (index !== undefined) yield index;
  }
}

function kahn(nodes: readonly Node[], needs: readonly ReadonlySet<number>[]): Node[] {
  const users = nodes.map((): number[] => []);
  needs.forEach((set, i) => set.forEach((j) => users[j].push(i)));
  const missing = needs.map((set) => set.size);
  const ready = [...missing.keys()].filter((i) => missing[i] === 0);
  // The list grows while it is walked.
  for (const i of ready) {
    for (const user of users[i]) if (--missing[user] === 0) ready.push(user);
  }
  if (ready.length < nodes.length) {
    const stuck = nodes[missing.findIndex((count) => count > 0)];
    throw badGraph(
      `Node ${printable(stuck.name)} (${printable(stuck.op)}) depends on its own output; the file is damaged.`,
    );
  }
  return ready.map((i) => nodes[i]);
}
