import { GraphError } from '../errors.ts';
import type { AttributeProto, FunctionProto, GraphProto, NodeProto } from './schema.ts';
import { scopePrefix } from './scopes.ts';
import { badGraph, printable } from './wording.ts';

/** Functions may call functions; deeper than this they call themselves. */
const MAX_CALL_DEPTH = 24;
/** A classifier has some thousands of nodes; functions that double at each level have billions. */
const MAX_NODES = 2 ** 17;

type Functions = ReadonlyMap<string, FunctionProto>;
type Bindings = ReadonlyMap<string, AttributeProto | undefined>;
type Rename = (name: string) => string;

/** What a node of a body takes from the call that it is put in place of. */
interface Call {
  readonly rename: Rename;
  readonly bindings: Bindings;
  /** Starts the names of the body's nodes. */
  readonly prefix: string;
  readonly metadata: NodeProto['metadataProps'];
}

const keyOf = (domain: string, name: string, overload: string): string =>
  JSON.stringify([domain === 'ai.onnx' ? '' : domain, name, overload]);

/**
 * Replaces every call of a function that the model itself defines by the function's body (ONNX IR, "Functions").
 * @param opset the model's opset of the default domain, which the bodies must share
 * @throws GraphError naming the function that cannot be inlined
 */
export function inlineFunctions(
  graph: GraphProto,
  functions: readonly FunctionProto[],
  opset: number,
): GraphProto {
  if (functions.length === 0) return graph;
  const known = new Map(functions.map((f) => [keyOf(f.domain, f.name, f.overload), f]));
  return new Inliner(known, opset).graph(graph, 0);
}

class Inliner {
  readonly #functions: Functions;
  readonly #opset: number;
  #calls = 0;
  #nodes = 0;

  constructor(functions: Functions, opset: number) {
    this.#functions = functions;
    this.#opset = opset;
  }

  graph(graph: GraphProto, depth: number): GraphProto {
    return { ...graphFields(graph), node: graph.node.flatMap((node) => this.#node(node, depth)) };
  }

  #node(node: NodeProto, depth: number): NodeProto[] {
    if (++this.#nodes > MAX_NODES) {
      throw new GraphError(
        'too-large',
        'The functions of the model unfold to more nodes than a classifier has.',
      );
    }
    const called = this.#functions.get(keyOf(node.domain, node.opType, node.overload));
    if (called) return this.#call(node, called, depth);
    const attribute = node.attribute.map((value) =>
      value.g ? { ...attributeFields(value), g: this.graph(value.g, depth) } : value,
    );
    return [{ ...nodeFields(node), attribute }];
  }

  #call(node: NodeProto, called: FunctionProto, depth: number): NodeProto[] {
    const name = printable(`${called.domain}.${called.name}`);
    if (depth >= MAX_CALL_DEPTH) throw badGraph(`The function ${name} of the model calls itself.`);
    const own = called.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
    if (own && own.version !== this.#opset) {
      throw new GraphError(
        'unsupported-operator',
        `The function ${name} is written for opset ${own.version} and the model for ${this.#opset}; export the model without functions.`,
      );
    }
    const prefix = `${node.name || called.name}/`;
    const call: Call = {
      rename: renaming(node, called, `${prefix}${this.#calls++}/`),
      bindings: bind(node, called),
      prefix,
      metadata: node.metadataProps,
    };
    return called.node.flatMap((inner) => this.#node(instantiate(inner, call), depth + 1));
  }
}

/** Formal inputs and outputs become the call's; every other value of the body gets a name of its own. */
function renaming(node: NodeProto, called: FunctionProto, prefix: string): Rename {
  const names = new Map<string, string>([['', '']]);
  called.input.forEach((formal, i) => names.set(formal, node.input[i] ?? ''));
  called.output.forEach((formal, i) => {
    if (node.output[i]) names.set(formal, node.output[i]);
  });
  return (name) => names.get(name) ?? prefix + name;
}

function bind(node: NodeProto, called: FunctionProto): Bindings {
  return new Map([
    ...called.attribute.map((name): [string, undefined] => [name, undefined]),
    ...called.attributeProto.map((value): [string, AttributeProto] => [value.name, value]),
    ...node.attribute.map((value): [string, AttributeProto] => [value.name, value]),
  ]);
}

function instantiate(node: NodeProto, call: Call): NodeProto {
  return {
    ...nodeFields(node),
    name: call.prefix + (node.name || node.opType),
    input: node.input.map(call.rename),
    output: node.output.map(call.rename),
    attribute: node.attribute.flatMap((value) => instantiateAttribute(value, call)),
    // A body that serves many modules cannot name one: its nodes stand where they are called.
    metadataProps: scopePrefix(node.metadataProps) === '' ? call.metadata : node.metadataProps,
  };
}

function instantiateAttribute(value: AttributeProto, call: Call): AttributeProto[] {
  const { rename, bindings } = call;
  if (value.refAttrName !== '') {
    const bound = bindings.get(value.refAttrName);
    return bound ? [{ ...attributeFields(bound), name: value.name }] : [];
  }
  if (!value.g) return [value];
  const { g } = value;
  const graph: GraphProto = {
    ...graphFields(g),
    node: g.node.map((node) => instantiate(node, call)),
    initializer: g.initializer.map((tensor) =>
      Object.assign(Object.create(tensor) as typeof tensor, { name: rename(tensor.name) }),
    ),
    input: g.input.map((input) => ({ name: rename(input.name), type: input.type })),
    output: g.output.map((output) => ({ name: rename(output.name), type: output.type })),
    valueInfo: [],
  };
  return [{ ...attributeFields(value), g: graph }];
}

/** Absent fields of a decoded message are inherited, so a copy by spreading would lose them. */
function nodeFields({
  input,
  output,
  name,
  opType,
  domain,
  overload,
  attribute,
  metadataProps,
}: NodeProto): NodeProto {
  return { input, output, name, opType, domain, overload, attribute, metadataProps };
}

function graphFields(graph: GraphProto): GraphProto {
  const { node, name, initializer, sparseInitializer, input, output, valueInfo } = graph;
  return { node, name, initializer, sparseInitializer, input, output, valueInfo };
}

function attributeFields(value: AttributeProto): AttributeProto {
  const { name, refAttrName, type, f, i, s, t, g, floats, ints, strings } = value;
  return { name, refAttrName, type, f, i, s, t, g, floats, ints, strings };
}
