import { GraphError } from '../errors.ts';
import { badGraph, printable } from '../onnx/wording.ts';
import {
  attributesOf,
  isControl,
  MAX_NODES,
  referenceOf,
  tooManyNodes,
  type FunctionDef,
  type GraphDef,
  type NodeDef,
} from './graph-def.ts';

/** Functions that call functions; Keras nests four or five. */
const MAX_DEPTH = 32;

const CALLS = new Set(['PartitionedCall', 'StatefulPartitionedCall']);

/** Outputs before the named one, for operations with several outputs that have names of their own. */
const OUTPUT_NAMES: Readonly<Record<string, readonly string[]>> = {
  FusedBatchNorm: ['y'],
  FusedBatchNormV2: ['y'],
  FusedBatchNormV3: ['y'],
  TopKV2: ['values', 'indices'],
  Unique: ['y', 'idx'],
  SoftmaxCrossEntropyWithLogits: ['loss', 'backprop'],
};

/** Values of a scope by the name that its nodes use. */
type Scope = (input: string) => string;

/** A graph without calls. */
export interface FlatGraph {
  /** Their inputs are `node` or `node:2`. */
  readonly nodes: readonly NodeDef[];
  /** Name of the value that a reference of the outer graph means. */
  readonly resolve: Scope;
}

/**
 * Puts the body of every called function in its call's place, so that one list of nodes is left whose inputs are `node`
 * or `node:2`. A node of a function is called `call/node`, as TensorFlow itself calls it when it inlines.
 * @throws GraphError `bad-graph` for an unknown function, `too-large` for endless or countless calls
 */
export function inlineCalls({ nodes, functions }: GraphDef): FlatGraph {
  const inliner = new Inliner(functions);
  const resolve = inliner.expand(nodes, '', (input) => input, 0);
  return { nodes: inliner.nodes, resolve };
}

class Inliner {
  readonly nodes: NodeDef[] = [];
  readonly #functions: GraphDef['functions'];
  #visited = 0;

  constructor(functions: GraphDef['functions']) {
    this.#functions = functions;
  }

  /** @returns the scope in which the nodes' own values are known */
  expand(nodes: readonly NodeDef[], prefix: string, outer: Scope, depth: number): Scope {
    if (depth > MAX_DEPTH) {
      throw new GraphError(
        'too-large',
        `The functions of the model call each other without end (${printable(prefix)}); it is damaged.`,
      );
    }
    const own = new Map(nodes.map((node) => [node.name, node]));
    const results = new Map<string, () => readonly string[]>();
    const scope: Scope = (input) => {
      const { node, output, index } = referenceOf(input);
      const call = results.get(node);
      if (call) return call()[index] ?? missing(input);
      const known = own.get(node);
      if (!known) return outer(input);
      const offset = OUTPUT_NAMES[known.op]?.indexOf(output) ?? -1;
      return named(prefix + node, Math.max(0, offset) + index);
    };
    this.#visited += nodes.length;
    if (this.#visited > MAX_NODES) throw tooManyNodes();
    for (const node of nodes) {
      if (CALLS.has(node.op)) results.set(node.name, this.#call(node, prefix, scope, depth));
    }
    for (const node of nodes) if (!CALLS.has(node.op)) this.#add(node, prefix, scope);
    return scope;
  }

  #add(node: NodeDef, prefix: string, scope: Scope): void {
    const inputs = node.inputs.filter((input) => !isControl(input)).map(scope);
    this.nodes.push({ ...node, name: prefix + node.name, inputs });
  }

  /** The results of a call. Its arguments are looked up when they are needed: a call may read a later one. */
  #call(node: NodeDef, prefix: string, scope: Scope, depth: number): () => readonly string[] {
    const body = this.#bodyOf(node);
    const given = node.inputs.filter((input) => !isControl(input));
    const argumentsOf: Scope = (input) => {
      const at = body.inputs.indexOf(referenceOf(input).node);
      return at >= 0 && at < given.length ? scope(given[at]) : missing(input);
    };
    const inner = this.expand(body.nodes, `${prefix}${node.name}/`, argumentsOf, depth + 1);
    return once(() => body.results.map(inner), node.name);
  }

  #bodyOf(node: NodeDef): FunctionDef {
    const name = attributesOf(node).function('f') ?? '';
    const found = this.#functions.get(name);
    if (!found) {
      throw badGraph(
        `Node ${printable(node.name)} calls the function ${printable(name)}, which the model does not hold; it is damaged.`,
      );
    }
    return found;
  }
}

/** Computes at the first use; a call that reads its own result is refused. */
function once<T>(compute: () => T, call: string): () => T {
  let result: T | undefined;
  let busy = false;
  return () => {
    if (result !== undefined) return result;
    if (busy) throw badGraph(`Node ${printable(call)} reads its own result; the file is damaged.`);
    busy = true;
    result = compute();
    return result;
  };
}

const named = (node: string, index: number): string => (index === 0 ? node : `${node}:${index}`);

function missing(input: string): never {
  throw badGraph(`The model reads ${printable(input)}, which nothing in it makes; it is damaged.`);
}
