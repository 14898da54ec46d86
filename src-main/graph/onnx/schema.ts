import type { Field as BaseField, ScalarType, Schema } from '../protobuf.ts';

export type { ScalarType };

/**
 * The messages of the ONNX file format that a classifier needs, as a protobufjs JSON descriptor (field numbers:
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). Fields that are not listed are skipped on reading.
 */
export type Field = BaseField<MessageName>;

export interface Messages {
  ModelProto: ModelProto;
  FunctionProto: FunctionProto;
  GraphProto: GraphProto;
  NodeProto: NodeProto;
  AttributeProto: AttributeProto;
  TensorProto: TensorProto;
  ValueInfoProto: ValueInfoProto;
  TypeProto: TypeProto;
  TensorTypeProto: TensorTypeProto;
  ShapeProto: ShapeProto;
  DimensionProto: DimensionProto;
  OperatorSetIdProto: OperatorSetIdProto;
  StringStringEntryProto: StringStringEntryProto;
  /** A message that is only noticed, never read: sparse tensors, sequences, maps. */
  OpaqueProto: object;
}

export type MessageName = keyof Messages;

export interface ModelProto {
  readonly irVersion: number;
  readonly opsetImport: readonly OperatorSetIdProto[];
  readonly producerName: string;
  readonly producerVersion: string;
  readonly graph?: GraphProto;
  readonly metadataProps: readonly StringStringEntryProto[];
  readonly functions: readonly FunctionProto[];
}

export interface FunctionProto {
  readonly name: string;
  readonly domain: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly string[];
  readonly attributeProto: readonly AttributeProto[];
  readonly node: readonly NodeProto[];
  readonly opsetImport: readonly OperatorSetIdProto[];
  readonly overload: string;
}

export interface GraphProto {
  readonly node: readonly NodeProto[];
  readonly name: string;
  readonly initializer: readonly TensorProto[];
  readonly sparseInitializer: readonly object[];
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
  readonly valueInfo: readonly ValueInfoProto[];
}

export interface NodeProto {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly overload: string;
  readonly attribute: readonly AttributeProto[];
  readonly metadataProps: readonly StringStringEntryProto[];
}

export interface AttributeProto {
  readonly name: string;
  readonly refAttrName: string;
  /** AttributeProto.AttributeType: see `ATTRIBUTE`. */
  readonly type: number;
  readonly f: number;
  readonly i: number;
  readonly s: Uint8Array;
  readonly t?: TensorProto;
  readonly g?: GraphProto;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly strings: readonly Uint8Array[];
}

export interface TensorProto {
  readonly dims: readonly number[];
  /** TensorProto.DataType: see `ELEMENT`. */
  readonly dataType: number;
  readonly floatData: readonly number[];
  readonly int32Data: readonly number[];
  readonly int64Data: readonly number[];
  readonly doubleData: readonly number[];
  readonly uint64Data: readonly number[];
  readonly name: string;
  readonly rawData?: Uint8Array;
  readonly externalData: readonly StringStringEntryProto[];
  readonly dataLocation: number;
}

export interface ValueInfoProto {
  readonly name: string;
  readonly type?: TypeProto;
}

export interface TypeProto {
  readonly tensorType?: TensorTypeProto;
}

export interface TensorTypeProto {
  readonly elemType: number;
  readonly shape?: ShapeProto;
}

export interface ShapeProto {
  readonly dim: readonly DimensionProto[];
}

export interface DimensionProto {
  readonly dimValue: number;
  readonly dimParam: string;
}

export interface OperatorSetIdProto {
  readonly domain: string;
  readonly version: number;
}

export interface StringStringEntryProto {
  readonly key: string;
  readonly value: string;
}

/** AttributeProto.AttributeType. */
export const ATTRIBUTE = {
  FLOAT: 1,
  INT: 2,
  STRING: 3,
  TENSOR: 4,
  GRAPH: 5,
  FLOATS: 6,
  INTS: 7,
  STRINGS: 8,
} as const;

/** TensorProto.DataType, in the order of their numbers. */
export const ELEMENT_NAMES = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
] as const;

export type ElementName = (typeof ELEMENT_NAMES)[number];

const one = (id: number, type: Field['type']): Field => ({ id, type });
const many = (id: number, type: Field['type']): Field => ({ id, type, rule: 'repeated' });
const packed = (id: number, type: ScalarType): Field => ({
  id,
  type,
  rule: 'repeated',
  options: { packed: true },
});

export const schema: Schema<Messages> = {
  ModelProto: {
    fields: {
      irVersion: one(1, 'int64'),
      producerName: one(2, 'string'),
      producerVersion: one(3, 'string'),
      graph: one(7, 'GraphProto'),
      opsetImport: many(8, 'OperatorSetIdProto'),
      metadataProps: many(14, 'StringStringEntryProto'),
      functions: many(25, 'FunctionProto'),
    },
  },
  FunctionProto: {
    fields: {
      name: one(1, 'string'),
      input: many(4, 'string'),
      output: many(5, 'string'),
      attribute: many(6, 'string'),
      node: many(7, 'NodeProto'),
      opsetImport: many(9, 'OperatorSetIdProto'),
      domain: one(10, 'string'),
      attributeProto: many(11, 'AttributeProto'),
      overload: one(13, 'string'),
    },
  },
  GraphProto: {
    fields: {
      node: many(1, 'NodeProto'),
      name: one(2, 'string'),
      initializer: many(5, 'TensorProto'),
      input: many(11, 'ValueInfoProto'),
      output: many(12, 'ValueInfoProto'),
      valueInfo: many(13, 'ValueInfoProto'),
      sparseInitializer: many(15, 'OpaqueProto'),
    },
  },
  NodeProto: {
    fields: {
      input: many(1, 'string'),
      output: many(2, 'string'),
      name: one(3, 'string'),
      opType: one(4, 'string'),
      attribute: many(5, 'AttributeProto'),
      domain: one(7, 'string'),
      overload: one(8, 'string'),
      metadataProps: many(9, 'StringStringEntryProto'),
    },
  },
  AttributeProto: {
    fields: {
      name: one(1, 'string'),
      f: one(2, 'float'),
      i: one(3, 'int64'),
      s: one(4, 'bytes'),
      t: one(5, 'TensorProto'),
      g: one(6, 'GraphProto'),
      floats: many(7, 'float'),
      ints: many(8, 'int64'),
      strings: many(9, 'bytes'),
      type: one(20, 'int32'),
      refAttrName: one(21, 'string'),
    },
  },
  TensorProto: {
    fields: {
      dims: many(1, 'int64'),
      dataType: one(2, 'int32'),
      floatData: packed(4, 'float'),
      int32Data: packed(5, 'int32'),
      int64Data: packed(7, 'int64'),
      name: one(8, 'string'),
      rawData: one(9, 'bytes'),
      doubleData: packed(10, 'double'),
      uint64Data: packed(11, 'uint64'),
      externalData: many(13, 'StringStringEntryProto'),
      dataLocation: one(14, 'int32'),
    },
  },
  ValueInfoProto: { fields: { name: one(1, 'string'), type: one(2, 'TypeProto') } },
  TypeProto: { fields: { tensorType: one(1, 'TensorTypeProto') } },
  TensorTypeProto: { fields: { elemType: one(1, 'int32'), shape: one(2, 'ShapeProto') } },
  ShapeProto: { fields: { dim: many(1, 'DimensionProto') } },
  DimensionProto: { fields: { dimValue: one(1, 'int64'), dimParam: one(2, 'string') } },
  OperatorSetIdProto: { fields: { domain: one(1, 'string'), version: one(2, 'int64') } },
  StringStringEntryProto: { fields: { key: one(1, 'string'), value: one(2, 'string') } },
  OpaqueProto: { fields: {} },
};

/** The fields of a message, in the order in which they are written. */
export function fieldsOf(name: MessageName): [string, Field][] {
  return Object.entries(schema[name].fields as Record<string, Field>);
}

export function isMessage(type: Field['type']): type is MessageName {
  return Object.hasOwn(schema, type);
}
