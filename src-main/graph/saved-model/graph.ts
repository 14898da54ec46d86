import {
  MAX_NODES,
  tooManyNodes,
  typeName,
  type AttributeValue,
  type FunctionDef,
  type GraphDef,
  type NodeDef,
} from '../tensorflow/graph-def.ts';
import { badGraph, printable } from '../onnx/wording.ts';
import {
  decodePart,
  type AttributeProto,
  type GraphProto,
  type ListProto,
  type NodeProto,
} from './schema.ts';
import { readTensor, shapeOf } from './tensor.ts';

const text = new TextDecoder();
const LONGEST_NAME = 4096;

/** A GraphDef from its protobuf message. Functions are decoded when they are called. */
export function graphFromProto({ nodes, library }: GraphProto): GraphDef {
  if (nodes.length > MAX_NODES) throw tooManyNodes();
  return { nodes: nodes.map(nodeOf), functions: new Functions(library?.functions ?? []) };
}

/** The functions of a library, most of which are never called: those of training, of other signatures. */
class Functions {
  readonly #bytes = new Map<string, Uint8Array>();
  readonly #read = new Map<string, FunctionDef>();

  constructor(functions: readonly Uint8Array[]) {
    for (const bytes of functions) {
      this.#bytes.set(decodePart('FunctionHead', bytes).signature?.name ?? '', bytes);
    }
  }

  get(name: string): FunctionDef | undefined {
    const bytes = this.#bytes.get(name);
    if (!bytes) return undefined;
    const found = this.#read.get(name) ?? functionOf(bytes);
    this.#read.set(name, found);
    return found;
  }
}

function functionOf(bytes: Uint8Array): FunctionDef {
  const { signature, nodes, results } = decodePart('Function', bytes);
  const given = new Map(results.map(({ key, value }) => [key, value ?? '']));
  if (nodes.length > MAX_NODES) throw tooManyNodes();
  return {
    name: signature?.name ?? '',
    inputs: signature?.inputs.map(({ name }) => name) ?? [],
    results: signature?.outputs.map(({ name }) => given.get(name) ?? '') ?? [],
    nodes: nodes.map(nodeOf),
  };
}

function nodeOf({ name, op, inputs, attributes }: NodeProto): NodeDef {
  if (name === '' || op === '' || name.length > LONGEST_NAME) {
    throw badGraph(`A node ${printable(name)} has no name, no operation or too long a name.`);
  }
  const found = attributes.flatMap(({ key, value }) => {
    const attribute = value && attributeOf(value, name);
    return attribute ? [[key, attribute] as const] : [];
  });
  return { name, op, inputs, attributes: new Map(found) };
}

function attributeOf(proto: AttributeProto, node: string): AttributeValue | undefined {
  const has = (field: keyof AttributeProto): boolean => Object.hasOwn(proto, field);
  if (proto.tensor) return tensorOf(proto.tensor, node);
  if (proto.s) return { kind: 'string', value: text.decode(proto.s) };
  if (has('i')) return { kind: 'number', value: proto.i };
  if (has('f')) return { kind: 'number', value: proto.f };
  if (has('b')) return { kind: 'bool', value: proto.b };
  if (has('type')) return { kind: 'type', value: typeName(proto.type) };
  if (proto.shape) return { kind: 'shape', value: shapeOf(proto.shape) };
  if (proto.function) return { kind: 'function', value: proto.function.name };
  return proto.list && listOf(proto.list);
}

/** Text is no tensor of a graph, but names the variables in a bundle. */
function tensorOf(proto: NonNullable<AttributeProto['tensor']>, node: string): AttributeValue {
  const value = readTensor(proto, node);
  if (value) return { kind: 'tensor', value };
  return { kind: 'strings', value: proto.strings.map((bytes) => text.decode(bytes)) };
}

function listOf({ s, i, f, b, type }: ListProto): AttributeValue {
  if (s.length > 0) return { kind: 'strings', value: s.map((bytes) => text.decode(bytes)) };
  if (type.length > 0) return { kind: 'strings', value: type.map(typeName) };
  const numbers = [i, f].find((list) => list.length > 0);
  return { kind: 'numbers', value: numbers ?? b.map(Number) };
}
