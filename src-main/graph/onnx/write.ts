import {
  CANONICAL_OPSET,
  type Attribute,
  type DType,
  type Graph,
  type Node,
  type Tensor,
  type TypedGraph,
  type ValueType,
} from '../ir.ts';
import { encode, type Draft } from './encode.ts';
import {
  ATTRIBUTE,
  ELEMENT_NAMES,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './schema.ts';

/** The version of the file format that came with opset 21 (ONNX 1.16). */
const IR_VERSION = 10;

const text = new TextEncoder();

/**
 * Writes a graph as an ONNX file of the canonical opset: constants as raw little-endian initializers, free
 * dimensions by their names, the types of the outputs where they are known.
 * The same graph gives the same bytes.
 * @param graph as read or typed; a typed graph's outputs carry their static shapes
 * @returns the file's content
 */
export function writeOnnx(graph: TypedGraph | Graph): Uint8Array {
  return encode('ModelProto', modelProto(graph));
}

/** The message that `writeOnnx` encodes. */
export function modelProto(graph: TypedGraph | Graph): Draft<ModelProto> {
  return {
    irVersion: IR_VERSION,
    producerName: 'eidoscope',
    opsetImport: [{ domain: '', version: CANONICAL_OPSET }],
    graph: graphProto(graph),
  };
}

function graphProto(graph: TypedGraph | Graph): Draft<GraphProto> {
  const types: ReadonlyMap<string, ValueType> | undefined =
    'types' in graph ? graph.types : undefined;
  return {
    name: graph.name || 'graph',
    node: graph.nodes.map(nodeProto),
    initializer: Array.from(graph.constants, ([name, value]) => tensorProto(value, name)),
    input: graph.inputs.map(({ name, dtype, dims }) => valueInfo(name, dtype, dims)),
    output: graph.outputs.map((name) => {
      const type = types?.get(name);
      return type ? valueInfo(name, type.dtype, type.dims) : { name };
    }),
  };
}

function nodeProto(node: Node): Draft<NodeProto> {
  return {
    input: node.inputs,
    output: node.outputs,
    name: node.name,
    opType: node.op,
    attribute: Object.entries(node.attributes).map(([name, value]) => ({
      name,
      ...attributeValue(value),
    })),
  };
}

function attributeValue(attribute: Attribute): Draft<AttributeProto> {
  switch (attribute.kind) {
    case 'int':
      return { type: ATTRIBUTE.INT, i: attribute.value };
    case 'float':
      return { type: ATTRIBUTE.FLOAT, f: attribute.value };
    case 'string':
      return { type: ATTRIBUTE.STRING, s: text.encode(attribute.value) };
    case 'ints':
      return { type: ATTRIBUTE.INTS, ints: attribute.values };
    case 'floats':
      return { type: ATTRIBUTE.FLOATS, floats: attribute.values };
    case 'strings':
      return { type: ATTRIBUTE.STRINGS, strings: attribute.values.map((s) => text.encode(s)) };
    case 'tensor':
      return { type: ATTRIBUTE.TENSOR, t: tensorProto(attribute.value) };
    case 'graph':
      return { type: ATTRIBUTE.GRAPH, g: graphProto(attribute.value) };
  }
}

/** Typed arrays are little endian on every platform that Eidoscope runs on, so their memory is the raw data. */
function tensorProto(tensor: Tensor, name = ''): Draft<TensorProto> {
  const { buffer, byteOffset, byteLength } = tensor.data;
  return {
    dims: tensor.dims,
    dataType: elementType(tensor.dtype),
    name,
    rawData: new Uint8Array(buffer, byteOffset, byteLength),
  };
}

function valueInfo(
  name: string,
  dtype: DType,
  dims: readonly (number | string)[],
): Draft<ValueInfoProto> {
  const dim = dims.map((size) => {
    if (typeof size === 'number') return { dimValue: size };
    return size === '?' ? {} : { dimParam: size };
  });
  return { name, type: { tensorType: { elemType: elementType(dtype), shape: { dim } } } };
}

function elementType(dtype: DType): number {
  return ELEMENT_NAMES.indexOf(dtype);
}
