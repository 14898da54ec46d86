import { Builder } from './builder.ts';
import { GraphError } from './errors.ts';
import { isFloat, type Node, type Tensor, type TypedGraph, type ValueType } from './ir.ts';
import { operatorOf } from './operators/index.ts';
import { live } from './specialise.ts';

/** A builder that starts from a typed graph: its values can be read, and new nodes come after the old ones. */
export function extend(graph: TypedGraph, prefix: string): Builder {
  const build = new Builder(prefix);
  for (const [name, value] of graph.constants) build.constants.set(name, value);
  for (const [name, type] of graph.types) build.types.set(name, type);
  return build;
}

/** The graph with what a builder added to it, and other outputs. Dead nodes and unused constants are dropped. */
export function close(graph: TypedGraph, build: Builder, outputs: readonly string[]): TypedGraph {
  const nodes = live([...graph.nodes, ...build.nodes], outputs);
  const used = new Set([...nodes.flatMap((node) => node.inputs), ...outputs]);
  const constants = new Map([...build.constants].filter(([name]) => used.has(name)));
  return { ...graph, outputs, nodes, constants, types: build.types };
}

/**
 * Reverse-mode differentiation: adds to `build` the nodes that compute the gradient of a scalar objective
 * sum_i <cotangent_i, value_i> with respect to `wrt` (a vector-Jacobian product; Griewank & Walther 2008, ch. 3).
 *
 * @param graph the typed graph, with `build` extending it; `build`'s own nodes are differentiated through as well
 * @param seeds cotangent (a value of `build`) for each value that the objective depends on
 * @param wrt names of float32 values
 * @returns for each of `wrt` the name of its gradient; a value that the objective does not depend on gets zeros
 * @throws GraphError `no-gradient` when an operator on the way has no derivative, naming the node
 */
export function differentiate(
  graph: TypedGraph,
  build: Builder,
  seeds: ReadonlyMap<string, string>,
  wrt: readonly string[],
): string[] {
  const forward = [...graph.nodes, ...build.nodes];
  const varying = dependents(forward, wrt, build.types);
  const makers = new Map(forward.flatMap((node) => node.outputs.map((name) => [name, node])));
  const pending = new Map<string, string[]>();
  for (const [value, cotangent] of seeds) pending.set(value, [cotangent]);
  for (let i = forward.length - 1; i >= 0; i--) {
    const node = forward[i];
    if (!node.outputs.some((output) => pending.has(output) && varying.has(output))) continue;
    const inputs = pullBack(node, build, pending, varying, makers);
    node.inputs.forEach((input, index) => {
      const cotangent = inputs[index];
      if (cotangent) pending.set(input, [...(pending.get(input) ?? []), cotangent]);
    });
  }
  return wrt.map((name) => total(build, pending, name) ?? build.zeros(build.dims(name)));
}

/** Values that change when `sources` change and through which a gradient can flow. */
function dependents(
  nodes: readonly Node[],
  sources: readonly string[],
  types: ReadonlyMap<string, ValueType>,
): Set<string> {
  const varying = new Set(sources);
  for (const node of nodes) {
    if (!node.inputs.some((input) => varying.has(input))) continue;
    for (const output of node.outputs) {
      const type = types.get(output);
      if (type && isFloat(type)) varying.add(output);
    }
  }
  return varying;
}

function pullBack(
  node: Node,
  build: Builder,
  pending: Map<string, string[]>,
  varying: ReadonlySet<string>,
  makers: ReadonlyMap<string, Node>,
): (string | null)[] {
  const operator = operatorOf(node.op);
  if (!operator.gradient) {
    throw new GraphError(
      'no-gradient',
      `The class logit depends on the input through ${node.op} (node ${node.name}), which has no derivative.`,
    );
  }
  const cotangents = node.outputs.map((output) =>
    output === '' ? null : total(build, pending, output),
  );
  const constant = (index: number): Tensor | undefined =>
    build.constants.get(node.inputs[index] ?? '');
  try {
    return operator.gradient({
      node,
      inputs: node.inputs,
      outputs: node.outputs,
      inputTypes: node.inputs.map((input) => build.types.get(input)),
      outputTypes: node.outputs.map((output) => build.types.get(output) as ValueType),
      cotangents,
      wants: (index) => varying.has(node.inputs[index] ?? ''),
      constant,
      producer: (value) => makers.get(value),
      build,
    });
  } catch (error) {
    if (error instanceof GraphError) throw error;
    throw new GraphError(
      'no-gradient',
      `Node ${node.name} (${node.op}) cannot be differentiated: ${(error as Error).message}.`,
      { cause: error },
    );
  }
}

/** The sum of all cotangents that have arrived at a value, or `null` where none has. */
function total(build: Builder, pending: Map<string, string[]>, value: string): string | null {
  const parts = pending.get(value);
  if (!parts) return null;
  if (parts.length === 1) return parts[0];
  // WebGPU has no Sum, and on a CPU additions one by one are as fast.
  const sum = parts.reduce((left, right) => build.add('Add', [left, right]));
  pending.set(value, [sum]);
  return sum;
}
