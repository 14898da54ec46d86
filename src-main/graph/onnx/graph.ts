import { GraphError } from '../errors.ts';
import type { Attribute, Attributes, Graph, GraphInput, Node, Tensor } from '../ir.ts';
import { MAX_ELEMENTS } from '../specialise.ts';
import { floats, ints } from '../tensor.ts';
import { readAttribute } from './attributes.ts';
import type { ExternalData } from './external.ts';
import { Scope, unusedName } from './names.ts';
import { sortNodes } from './order.ts';
import {
  ELEMENT_NAMES,
  type DimensionProto,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './schema.ts';
import { scopePrefix } from './scopes.ts';
import { elementName, graphType, noteChange, readTensor } from './tensors.ts';
import { badGraph, printable } from './wording.ts';

/** Branches within branches; exporters nest two or three. */
const MAX_BRANCH_DEPTH = 8;

/** A graph of the file's own opset, and what the file says of ranks (number of dimensions, by value name). */
export interface RawGraph {
  readonly graph: Graph;
  readonly ranks: ReadonlyMap<string, number>;
  readonly notes: readonly string[];
}

/**
 * Makes a graph of ONNX's message: constants apart, names unique, nodes sorted; operators still at the file's opset.
 * @throws GraphError `bad-graph`, `too-large` or `bad-external-data`
 */
export function readGraph(proto: GraphProto, external: ExternalData): RawGraph {
  const reader = new GraphReader(external);
  const graph = reader.read(proto, new Scope(), 0);
  return { graph, ranks: reader.ranks, notes: [...reader.notes] };
}

class GraphReader {
  readonly ranks = new Map<string, number>();
  readonly notes = new Set<string>();
  readonly #external: ExternalData;
  readonly #nodeNames = new Set<string>();

  constructor(external: ExternalData) {
    this.#external = external;
  }

  read(proto: GraphProto, scope: Scope, depth: number): Graph {
    if (depth > MAX_BRANCH_DEPTH) {
      throw new GraphError(
        'too-large',
        'The model nests more than 8 branches in each other; it is damaged or no classifier.',
      );
    }
    if (proto.sparseInitializer.length > 0)
      throw badGraph(
        'The model has sparse weights, which Eidoscope does not read; export it with dense ones.',
      );
    const initial = new Set(proto.initializer.map(({ name }) => name));
    const constants = new Map(
      proto.initializer.map((tensor): [string, Tensor] => [
        scope.define(tensor.name),
        this.#tensor(tensor, tensor.name),
      ]),
    );
    const inputs = proto.input
      .filter(({ name }) => !initial.has(name))
      .map((input) => this.#input(input, scope, depth));
    for (const node of proto.node)
      for (const output of node.output) if (output) scope.define(output);
    this.#noteRanks([...proto.input, ...proto.output, ...proto.valueInfo], scope);
    const nodes = proto.node.flatMap((node, i) => this.#node(node, i, scope, depth, constants));
    const outputs = proto.output.map(({ name }) =>
      known(name, scope, 'The output list of the model'),
    );
    return { name: proto.name, inputs, outputs, nodes: sortNodes(nodes), constants };
  }

  /** The node, or nothing where it is a Constant, which goes to `constants` at once. */
  #node(
    proto: NodeProto,
    index: number,
    scope: Scope,
    depth: number,
    constants: Map<string, Tensor>,
  ): Node[] {
    const op = qualified(proto);
    const name = unusedName(nodeName(proto, `${op}_${index}`), this.#nodeNames);
    const reader = `Node ${printable(name)} (${printable(op)})`;
    const node: Node = {
      name,
      op,
      inputs: proto.input.map((input) => known(input, scope, reader)),
      outputs: proto.output.map((output) => scope.find(output) ?? ''),
      attributes: this.#attributes(proto, name, scope, depth),
    };
    if (op !== 'Constant' || !node.outputs[0]) return [node];
    constants.set(node.outputs[0], constantOf(node));
    return [];
  }

  #attributes(proto: NodeProto, node: string, scope: Scope, depth: number): Attributes {
    const readers = {
      tensor: (value: TensorProto, name: string) => this.#tensor(value, name),
      graph: (value: GraphProto) => this.read(value, new Scope(scope), depth + 1),
    };
    const entries = proto.attribute.map((attribute): [string, Attribute] => [
      attribute.name,
      readAttribute(attribute, node, readers),
    ]);
    const attributes = Object.fromEntries(entries);
    return proto.opType === 'Cast' ? this.#castTarget(attributes) : attributes;
  }

  /** A cast to a type that a graph cannot hold becomes one to the type that its values have here. */
  #castTarget(attributes: Attributes): Attributes {
    const { to } = attributes;
    if (to?.kind !== 'int') return attributes;
    noteChange(this.notes, to.value);
    const dtype = graphType(to.value);
    if (!dtype) return attributes;
    return { ...attributes, to: { kind: 'int', value: ELEMENT_NAMES.indexOf(dtype) } };
  }

  #tensor(proto: TensorProto, name: string): Tensor {
    return readTensor(proto, name, this.#external, this.notes);
  }

  #input({ name, type }: ValueInfoProto, scope: Scope, depth: number): GraphInput {
    const unique = scope.define(name);
    const tensor = type?.tensorType;
    const dtype = tensor && graphType(tensor.elemType);
    // What a branch takes gets its type from the node around it.
    if (depth > 0) return { name: unique, dtype: dtype ?? 'float32', dims: [] };
    if (!dtype || !tensor.shape) {
      const what =
        tensor && !dtype
          ? `holds ${elementName(tensor.elemType)}`
          : 'is no tensor of a declared shape';
      throw new GraphError(
        'not-a-classifier',
        `The input ${printable(name)} ${what}; export the model with a float32 image as its input.`,
      );
    }
    noteChange(this.notes, tensor.elemType);
    return { name: unique, dtype, dims: tensor.shape.dim.map((dim) => dimension(dim, name)) };
  }

  #noteRanks(infos: readonly ValueInfoProto[], scope: Scope): void {
    for (const { name, type } of infos) {
      const shape = type?.tensorType?.shape;
      const unique = scope.find(name);
      if (shape && unique !== undefined) this.ranks.set(unique, shape.dim.length);
    }
  }
}

function known(name: string, scope: Scope, reader: string): string {
  if (name === '') return '';
  const found = scope.find(name);
  if (found !== undefined) return found;
  throw badGraph(
    `${reader} reads ${printable(name)}, which nothing in the model makes; the file is damaged.`,
  );
}

/** Operators of other domains than ONNX's own carry their domain in their name. */
function qualified({ domain, opType }: NodeProto): string {
  const op = cleanName(opType);
  return domain === '' || domain === 'ai.onnx' ? op : `${cleanName(domain)}.${op}`;
}

/** A node's own name, behind the modules that its metadata name. */
function nodeName({ name, metadataProps }: NodeProto, otherwise: string): string {
  const own = cleanName(name) || otherwise;
  const prefix = scopePrefix(metadataProps);
  return prefix === '' ? own : prefix + own.slice(own.lastIndexOf('/') + 1);
}

function cleanName(name: string): string {
  return name.length > 512 ? printable(name) : name.replace(/\p{C}/gu, '�');
}

function dimension({ dimValue, dimParam }: DimensionProto, input: string): number | string {
  if (dimValue > MAX_ELEMENTS) {
    throw new GraphError(
      'bad-shape',
      `The input ${printable(input)} claims a dimension of ${dimValue}; the file is damaged.`,
    );
  }
  return dimValue > 0 ? dimValue : dimParam || '?';
}

/** Value of a Constant node, whichever of its attributes holds it. */
function constantOf(node: Node): Tensor {
  const { value, value_float, value_floats, value_int, value_ints } = node.attributes;
  if (value?.kind === 'tensor') return value.value;
  if (value_float?.kind === 'float') return floats([], [value_float.value]);
  if (value_floats?.kind === 'floats')
    return floats([value_floats.values.length], value_floats.values);
  if (value_int?.kind === 'int') return ints([], [value_int.value]);
  if (value_ints?.kind === 'ints') return ints([value_ints.values.length], value_ints.values);
  throw badGraph(
    `The constant of node ${printable(node.name)} is text or sparse, which Eidoscope does not read.`,
  );
}
