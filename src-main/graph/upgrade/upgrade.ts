import { attr } from '../attributes.ts';
import { GraphError } from '../errors.ts';
import type { Attribute, Graph, Node, Tensor } from '../ir.ts';
import { unusedName } from '../onnx/names.ts';
import { fusedRules } from './fused.ts';
import { inputRules } from './inputs.ts';
import { lowerRules } from './lower.ts';
import { Ranks } from './ranks.ts';
import { resizeRules } from './resize.ts';
import type { Rule, Upgrading } from './rule.ts';

const rules = new Map<string, Rule>(
  Object.entries({ ...inputRules, ...resizeRules, ...lowerRules, ...fusedRules }),
);

/**
 * Lifts the operators of a graph from the file's opset to the canonical one (ONNX changelog,
 * https://github.com/onnx/onnx/blob/main/docs/Changelog.md): attributes that became inputs, operators that were
 * renamed or whose meaning changed, and newer or fused operators that are exactly equal to older ones.
 * Branches are lifted too. Operators without a rule mean the same at every opset that Eidoscope reads, or are unknown
 * and stay as they are.
 *
 * @param opset of the graph's operators
 * @param ranks number of dimensions of values, as far as the file states it
 * @throws GraphError `unsupported-operator` for what has no equal, naming the node
 */
export function upgrade(
  graph: Graph,
  opset: number,
  ranks: ReadonlyMap<string, number> = new Map(),
): { graph: Graph; notes: string[] } {
  const shared: Shared = {
    opset,
    taken: namesOf(graph),
    ranks: new Ranks(ranks),
    notes: new Set(),
  };
  return { graph: upgradeGraph(graph, shared, () => undefined), notes: [...shared.notes] };
}

interface Shared {
  readonly opset: number;
  readonly taken: Set<string>;
  readonly ranks: Ranks;
  readonly notes: Set<string>;
}

type Lookup = (name: string) => Tensor | undefined;

function upgradeGraph(graph: Graph, shared: Shared, outer: Lookup): Graph {
  const constants = new Map(graph.constants);
  const lookup: Lookup = (name) => constants.get(name) ?? outer(name);
  for (const input of graph.inputs)
    if (input.dims.length > 0) shared.ranks.set(input.name, input.dims.length);
  const nodes = graph.nodes.flatMap((node) => {
    const lifted = { ...node, attributes: upgradeBranches(node, shared, lookup) };
    const context = contextOf(lifted, shared, constants, lookup);
    shared.ranks.follow(lifted, lookup);
    return applyRule(lifted, context);
  });
  return { ...graph, nodes, constants };
}

/** A node whose attributes are not what its operator takes is told by name. */
function applyRule(node: Node, context: Upgrading): readonly Node[] {
  try {
    return rules.get(node.op)?.(node, context) ?? [node];
  } catch (error) {
    if (error instanceof GraphError) throw error;
    throw new GraphError(
      'bad-graph',
      `Node ${node.name} (${node.op}) is not well formed: ${(error as Error).message}.`,
      { cause: error },
    );
  }
}

function upgradeBranches(node: Node, shared: Shared, lookup: Lookup): Node['attributes'] {
  const entries = Object.entries(node.attributes);
  if (!entries.some(([, value]) => value.kind === 'graph')) return node.attributes;
  return Object.fromEntries(
    entries.map(([name, value]): [string, Attribute] => [
      name,
      value.kind === 'graph' ? attr.graph(upgradeGraph(value.value, shared, lookup)) : value,
    ]),
  );
}

function contextOf(
  node: Node,
  shared: Shared,
  constants: Map<string, Tensor>,
  lookup: Lookup,
): Upgrading {
  // A slash would make the node a module of its steps.
  const unused = (hint: string): string => unusedName(`${node.name}:${hint}`, shared.taken);
  return {
    opset: shared.opset,
    constant: lookup,
    rank: (value) => shared.ranks.get(value),
    note: (sentence) => shared.notes.add(sentence),
    fresh: unused,
    put(value, hint) {
      const name = unused(hint);
      constants.set(name, value);
      return name;
    },
  };
}

/** Names of all values and nodes, those of branches included. */
function namesOf(graph: Graph, names = new Set<string>()): Set<string> {
  for (const input of graph.inputs) names.add(input.name);
  for (const name of graph.constants.keys()) names.add(name);
  for (const node of graph.nodes) {
    names.add(node.name);
    for (const output of node.outputs) names.add(output);
    for (const value of Object.values(node.attributes)) {
      if (value.kind === 'graph') namesOf(value.value, names);
    }
  }
  return names;
}
