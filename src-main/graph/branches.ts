import { attr, graphAttr } from './attributes.ts';
import { GraphError } from './errors.ts';
import type { Attributes, Graph, Node, Tensor, ValueType } from './ir.ts';
import { ints, numbersOf, tensor } from './tensor.ts';

/** A loop that runs longer is a damaged or hostile file: no exporter of a classifier writes one. */
const MOST_ITERATIONS = 10_000;

/** What is known of the graph so far. A branch's own constants are added. */
export interface Knowledge {
  readonly constants: Map<string, Tensor>;
  readonly types: Map<string, ValueType>;
}

/**
 * The nodes that an If or Loop runs, where its condition (and trip count) is constant; every other node as it is.
 * They come one by one, and the caller folds each before it asks for the next, because a loop's condition may be
 * computed in its body. They may be branches again.
 * @throws GraphError that names the node whose condition depends on the image
 */
export function inlineBranches(node: Node, known: Knowledge): Iterable<Node> {
  if (node.op === 'If') return inlineIf(node, known);
  if (node.op === 'Loop') return unrollLoop(node, known);
  return [node];
}

function* inlineIf(node: Node, known: Knowledge): Iterable<Node> {
  const condition = numberOf(node.inputs[0], known);
  if (condition === undefined) throw undecided(node, 'condition');
  const body = bodyOf(node, condition ? 'then_branch' : 'else_branch');
  const names = new Map<string, string>();
  for (const [i, output] of body.outputs.entries()) {
    if (node.outputs[i] && isMadeIn(body, output)) names.set(output, node.outputs[i]);
  }
  yield* inlined(body, { prefix: prefixOf(node), suffix: '', names }, known);
  for (const [i, output] of node.outputs.entries()) {
    const value = renamed(body.outputs[i], names);
    if (output !== '' && value !== output) yield alias(value, output);
  }
}

/** Body inputs: iteration, condition, carried values. Its outputs: condition, carried values, scanned values. */
function* unrollLoop(node: Node, known: Knowledge): Iterable<Node> {
  const body = bodyOf(node, 'body');
  const [trips, condition, ...initial] = node.inputs;
  const most = trips ? numberOf(trips, known) : Infinity;
  let goesOn = condition ? numberOf(condition, known) : 1;
  if (most === undefined) throw undecided(node, 'number of rounds');
  let carried: readonly string[] = initial;
  const scanned: string[][] = [];
  for (let round = 0; round < most && goesOn !== 0; round++) {
    if (goesOn === undefined) throw undecided(node, 'condition');
    if (round === MOST_ITERATIONS) throw endless(node);
    const prefix = `${prefixOf(node)}${round}/`;
    const names = bindInputs(body, prefix, carried, round, known);
    yield* inlined(body, { prefix, suffix: `#${round}`, names }, known);
    const results = body.outputs.map((output) => renamed(output, names));
    goesOn = numberOf(results[0], known);
    carried = results.slice(1, 1 + initial.length);
    scanned.push(results.slice(1 + initial.length));
  }
  for (const [i, value] of carried.entries()) {
    if (node.outputs[i]) yield alias(value, node.outputs[i]);
  }
  yield* stacked(node, initial.length, scanned, known);
}

/** Names of a body's inputs in one round; the iteration and the condition are constants. */
function bindInputs(
  body: Graph,
  prefix: string,
  carried: readonly string[],
  round: number,
  known: Knowledge,
): Map<string, string> {
  const [iteration, condition, ...values] = body.inputs.map((input) => input.name);
  const names = new Map(values.map((value, i) => [value, carried[i]]));
  for (const [name, value] of [
    [iteration, ints([], [round])],
    [condition, tensor('bool', [], [1])],
  ] as const) {
    names.set(name, prefix + name);
    learn(prefix + name, value, known);
  }
  return names;
}

/** What each round scanned, joined along a new first axis. */
function* stacked(
  node: Node,
  first: number,
  scanned: readonly (readonly string[])[],
  known: Knowledge,
): Iterable<Node> {
  for (const [i, output] of node.outputs.slice(first).entries()) {
    if (output === '') continue;
    if (scanned.length === 0)
      throw new GraphError(
        'bad-graph',
        `The Loop ${node.name} runs no round, so its output ${output} has no shape.`,
      );
    const axes = `${prefixOf(node)}axes`;
    learn(axes, ints([1], [0]), known);
    const layers = scanned.map((_, round) => `${output}/${round}`);
    for (const [round, values] of scanned.entries()) {
      yield step('Unsqueeze', [values[i], axes], layers[round]);
    }
    yield step('Concat', layers, output, { axis: attr.int(0) });
  }
}

/** How the names of a body become unique in the graph. */
interface Renaming {
  /** Put before the body's own values. */
  readonly prefix: string;
  /** Put behind the names of nodes: the rounds of a loop repeat them. */
  readonly suffix: string;
  /** New names of values, those that are already settled first. */
  readonly names: Map<string, string>;
}

/** A body's nodes with its own values renamed; its constants become known. */
function* inlined(body: Graph, renaming: Renaming, known: Knowledge): Iterable<Node> {
  const { prefix, suffix, names } = renaming;
  for (const [name, value] of body.constants) {
    if (!names.has(name)) names.set(name, prefix + name);
    learn(renamed(name, names), value, known);
  }
  for (const output of body.nodes.flatMap((node) => node.outputs)) {
    if (output !== '' && !names.has(output)) names.set(output, prefix + output);
  }
  for (const node of body.nodes) yield rename(node, names, suffix);
}

/** A node with other names, also inside its own branches, which may read values of this one. */
function rename(node: Node, names: ReadonlyMap<string, string>, suffix: string): Node {
  const attributes = Object.entries(node.attributes).map(([key, attribute]) => {
    const isBranch = attribute.kind === 'graph';
    return [key, isBranch ? attr.graph(renameOuter(attribute.value, names, suffix)) : attribute];
  });
  return {
    name: node.name + suffix,
    op: node.op,
    inputs: node.inputs.map((input) => renamed(input, names)),
    outputs: node.outputs.map((output) => renamed(output, names)),
    attributes: Object.fromEntries(attributes) as Attributes,
  };
}

/** A branch that reads outer values by their new names; its own values keep theirs. */
function renameOuter(body: Graph, names: ReadonlyMap<string, string>, suffix: string): Graph {
  const own = new Set([
    ...body.inputs.map((input) => input.name),
    ...body.constants.keys(),
    ...body.nodes.flatMap((node) => node.outputs),
  ]);
  const outer = new Map([...names].filter(([name]) => !own.has(name)));
  return {
    ...body,
    nodes: body.nodes.map((node) => rename(node, outer, suffix)),
    outputs: body.outputs.map((output) => renamed(output, outer)),
  };
}

const renamed = (name: string, names: ReadonlyMap<string, string>): string =>
  names.get(name) ?? name;

const isMadeIn = (body: Graph, value: string): boolean =>
  body.nodes.some((node) => node.outputs.includes(value));

/** No other value of the graph can start like this: the outputs of nodes are unique. */
const prefixOf = (node: Node): string => `${node.outputs.find((output) => output !== '')}/`;

function learn(name: string, value: Tensor, { constants, types }: Knowledge): void {
  constants.set(name, value);
  types.set(name, { dtype: value.dtype, dims: value.dims });
}

function numberOf(name: string, { constants }: Knowledge): number | undefined {
  const value = constants.get(name);
  return value && numbersOf(value)[0];
}

function bodyOf(node: Node, name: string): Graph {
  const body = graphAttr(node, name);
  if (!body) throw new GraphError('bad-graph', `The ${node.op} ${node.name} has no ${name}.`);
  return body;
}

const step = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Attributes = {},
): Node => ({ name: output, op, inputs, outputs: [output], attributes });

const alias = (value: string, output: string): Node => step('Identity', [value], output);

function undecided(node: Node, what: string): GraphError {
  return new GraphError(
    'unsupported-operator',
    `The ${what} of the ${node.op} ${node.name} depends on the image, which Eidoscope cannot differentiate; export the model without it.`,
  );
}

function endless(node: Node): GraphError {
  return new GraphError(
    'too-large',
    `The Loop ${node.name} runs more than ${MOST_ITERATIONS} rounds, which no classifier needs.`,
  );
}
