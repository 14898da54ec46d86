import { GraphError, unsupported } from './errors.ts';
import {
  sizeOf,
  type Graph,
  type Node,
  type Tensor,
  type TypedGraph,
  type ValueType,
} from './ir.ts';
import { withWidths } from './automatic-padding.ts';
import { inlineBranches, type Knowledge } from './branches.ts';
import { isSupported, operatorOf } from './operators/index.ts';

/** No value of a classifier is larger; a shape beyond it is a damaged or hostile file (elements). */
export const MAX_ELEMENTS = 2 ** 31;

/** A larger constant is left to the engine, which can make it when it is needed (elements). */
const MAX_FOLDED = 2 ** 26;

/** Nested loops of a hostile file would go on for ever. */
const MAX_VALUES = 1_000_000;

/**
 * Gives every value of a graph a static type by fixing the shapes of its inputs, and computes all that is constant on
 * the way: exporters write flatten and padding sizes as chains of Shape, Gather, Unsqueeze and Concat, which vanish
 * here. An If or Loop whose condition is constant is replaced by what it would run, and padding by a rule by widths.
 *
 * @param graph as read
 * @param shapes static dimensions for each graph input
 * @param outputs values to keep; the graph's own outputs by default. What they do not need is dropped.
 * @throws GraphError `unsupported-operator`, `bad-shape` or `bad-graph`, naming the node.
 */
export function specialise(
  graph: Graph,
  shapes: Readonly<Record<string, readonly number[]>>,
  outputs: readonly string[] = graph.outputs,
): TypedGraph {
  const types = new Map<string, ValueType>();
  const constants = new Map<string, Tensor>(graph.constants);
  for (const [name, value] of constants) types.set(name, { dtype: value.dtype, dims: value.dims });
  for (const input of graph.inputs) {
    const dims = shapes[input.name];
    if (!dims) throw new GraphError('bad-shape', `The input ${input.name} was given no shape.`);
    types.set(input.name, { dtype: input.dtype, dims });
  }
  const kept: Node[] = [];
  const known = { constants, types };
  for (const node of live(graph.nodes, outputs)) run(node, known, kept);
  const nodes = live(kept, outputs);
  const used = new Set([...nodes.flatMap((node) => node.inputs), ...outputs]);
  return {
    name: graph.name,
    inputs: graph.inputs.map((input) => ({ ...input, dims: shapes[input.name] })),
    outputs,
    nodes,
    constants: new Map([...constants].filter(([name]) => used.has(name))),
    types,
  };
}

/** Folds a node or keeps it, and all nodes of a branch in its place. */
function run(node: Node, known: Knowledge, kept: Node[]): void {
  for (const step of inlineBranches(node, known)) {
    if (known.types.size > MAX_VALUES) {
      throw new GraphError(
        'too-large',
        `The loops of the model run too often (node ${node.name}).`,
      );
    }
    if (step.op === 'If' || step.op === 'Loop') run(step, known, kept);
    else if (!fold(step, known)) kept.push(withWidths(step, (name) => known.types.get(name)!));
  }
}

/** The nodes that `outputs` need, in their order. */
export function live(nodes: readonly Node[], outputs: readonly string[]): Node[] {
  const needed = new Set(outputs);
  const result: Node[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i];
    if (!node.outputs.some((output) => output !== '' && needed.has(output))) continue;
    for (const input of capturedInputs(node)) needed.add(input);
    result.push(node);
  }
  return result.reverse();
}

/** Inputs of a node and, for an If or Loop, the outer values that its branches read. */
function capturedInputs(node: Node): string[] {
  const captured = Object.values(node.attributes).flatMap((attribute) =>
    attribute.kind === 'graph'
      ? [...attribute.value.nodes.flatMap(capturedInputs), ...attribute.value.outputs]
      : [],
  );
  return [...node.inputs, ...captured];
}

/** Infers the types of a node's outputs; computes them where all inputs are constant. @returns whether it did. */
function fold(node: Node, known: Knowledge): boolean {
  const { constants, types } = known;
  if (!isSupported(node.op)) throw unsupported(node.op, node.name);
  const inputs = node.inputs.map((input) =>
    input === '' ? undefined : typeOf(input, node, types),
  );
  try {
    const constant = (index: number): Tensor | undefined => constants.get(node.inputs[index] ?? '');
    const inferred = operatorOf(node.op).infer({ node, inputs, constant });
    node.outputs.forEach((output, i) => {
      if (output === '') return;
      if (!inferred[i]) throw new Error(`the operator has no output ${i}`);
      checkSize(inferred[i]);
      types.set(output, inferred[i]);
    });
    return evaluate(node, inferred, known);
  } catch (error) {
    if (error instanceof GraphError) throw error;
    const reason = (error as Error).message;
    throw new GraphError(
      'bad-shape',
      `Node ${node.name} (${node.op}) does not fit its inputs: ${reason}.`,
      { cause: error },
    );
  }
}

function evaluate(node: Node, inferred: readonly ValueType[], known: Knowledge): boolean {
  const operator = operatorOf(node.op);
  if (!operator.evaluate || inferred.some(({ dims }) => sizeOf(dims) > MAX_FOLDED)) return false;
  const inputs = operator.ofTypes ? withoutData(node, known.types) : constantsOf(node, known);
  if (!inputs) return false;
  const results = operator.evaluate(node, inputs);
  node.outputs.forEach((output, i) => {
    if (output === '') return;
    known.constants.set(output, results[i]);
    known.types.set(output, { dtype: results[i].dtype, dims: results[i].dims });
  });
  return true;
}

/** The values of a node's inputs, or `undefined` where one is not constant. */
function constantsOf(node: Node, { constants }: Knowledge): (Tensor | undefined)[] | undefined {
  const known = node.inputs.every((input) => input === '' || constants.has(input));
  return known ? node.inputs.map((input) => constants.get(input)) : undefined;
}

/** For an operator that looks at types alone. */
function withoutData(node: Node, types: ReadonlyMap<string, ValueType>): Tensor[] {
  return node.inputs.map((input) => ({ ...types.get(input)!, data: new Float32Array(0) }));
}

function typeOf(name: string, node: Node, types: Map<string, ValueType>): ValueType {
  const type = types.get(name);
  if (!type) {
    throw new GraphError(
      'bad-graph',
      `Node ${node.name} (${node.op}) reads ${name}, which nothing in the model makes.`,
    );
  }
  return type;
}

function checkSize(type: ValueType): void {
  if (
    type.dims.some((dim) => !Number.isInteger(dim) || dim < 0) ||
    sizeOf(type.dims) > MAX_ELEMENTS
  ) {
    throw new Error(`the shape [${type.dims.join(', ')}] is not possible`);
  }
}
