import { GraphError } from '../errors.ts';
import { decoder, type Field, type ScalarType, type Schema } from '../protobuf.ts';

/**
 * The messages of a SavedModel and of its bundle of variables that a classifier needs (field numbers:
 * https://github.com/tensorflow/tensorflow/tree/master/tensorflow/core, protobuf/saved_model.proto,
 * protobuf/meta_graph.proto, protobuf/tensor_bundle.proto, framework/*.proto). Others are skipped on reading.
 */
export interface Messages {
  SavedModel: { readonly metaGraphs: readonly MetaGraph[] };
  MetaGraph: MetaGraph;
  MetaInfo: MetaInfo;
  SignatureEntry: Entry<Signature>;
  Signature: Signature;
  TensorInfoEntry: Entry<TensorInfo>;
  TensorInfo: TensorInfo;
  GraphDef: GraphProto;
  Library: Library;
  /** A function before it is called: its name, and nothing of its nodes. */
  FunctionHead: { readonly signature?: OpDef };
  Function: FunctionProto;
  OpDef: OpDef;
  Argument: { readonly name: string };
  TextEntry: Entry<string>;
  Node: NodeProto;
  AttributeEntry: Entry<AttributeProto>;
  Attribute: AttributeProto;
  List: ListProto;
  NamedFunction: { readonly name: string };
  Shape: ShapeProto;
  Dim: { readonly size: number };
  Tensor: TensorProto;
  BundleHeader: { readonly shards: number; readonly endianness: number };
  BundleEntry: BundleEntry;
}

interface Entry<T> {
  readonly key: string;
  readonly value?: T;
}

export interface MetaGraph {
  readonly info?: MetaInfo;
  readonly graph?: GraphProto;
  readonly signatures: readonly Entry<Signature>[];
}

interface MetaInfo {
  readonly tags: readonly string[];
  readonly version: string;
}

export interface Signature {
  readonly inputs: readonly Entry<TensorInfo>[];
  readonly outputs: readonly Entry<TensorInfo>[];
}

export interface TensorInfo {
  readonly name: string;
  readonly shape?: ShapeProto;
}

export interface GraphProto {
  readonly nodes: readonly NodeProto[];
  readonly library?: Library;
}

interface Library {
  readonly functions: readonly Uint8Array[];
}

export interface FunctionProto {
  readonly signature?: OpDef;
  readonly nodes: readonly NodeProto[];
  readonly results: readonly Entry<string>[];
}

export interface OpDef {
  readonly name: string;
  readonly inputs: readonly { readonly name: string }[];
  readonly outputs: readonly { readonly name: string }[];
}

export interface NodeProto {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: readonly Entry<AttributeProto>[];
}

/** One of its fields is there; which one tells the kind. */
export interface AttributeProto {
  readonly list?: ListProto;
  readonly s?: Uint8Array;
  readonly i: number;
  readonly f: number;
  readonly b: boolean;
  readonly type: number;
  readonly shape?: ShapeProto;
  readonly tensor?: TensorProto;
  readonly function?: { readonly name: string };
}

export interface ListProto {
  readonly s: readonly Uint8Array[];
  readonly i: readonly number[];
  readonly f: readonly number[];
  readonly b: readonly boolean[];
  readonly type: readonly number[];
}

export interface ShapeProto {
  readonly dims: readonly { readonly size: number }[];
  readonly unknownRank: boolean;
}

export interface TensorProto {
  readonly dtype: number;
  readonly shape?: ShapeProto;
  readonly content?: Uint8Array;
  readonly floats: readonly number[];
  readonly doubles: readonly number[];
  readonly ints: readonly number[];
  readonly strings: readonly Uint8Array[];
  readonly longs: readonly number[];
  readonly bools: readonly boolean[];
  readonly halves: readonly number[];
}

export interface BundleEntry {
  readonly dtype: number;
  readonly shape?: ShapeProto;
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
  readonly crc: number;
  /** Parts of a variable that is split, which are not read. */
  readonly slices: readonly Uint8Array[];
}

type Name = keyof Messages;
const one = (id: number, type: ScalarType | Name): Field<Name> => ({ id, type });
const many = (id: number, type: ScalarType | Name): Field<Name> => ({ id, type, rule: 'repeated' });
const entry = (value: ScalarType | Name) => ({
  fields: { key: one(1, 'string'), value: one(2, value) },
});

const schema: Schema<Messages> = {
  SavedModel: { fields: { metaGraphs: many(2, 'MetaGraph') } },
  MetaGraph: {
    fields: {
      info: one(1, 'MetaInfo'),
      graph: one(2, 'GraphDef'),
      signatures: many(5, 'SignatureEntry'),
    },
  },
  MetaInfo: { fields: { tags: many(4, 'string'), version: one(5, 'string') } },
  SignatureEntry: entry('Signature'),
  Signature: {
    fields: { inputs: many(1, 'TensorInfoEntry'), outputs: many(2, 'TensorInfoEntry') },
  },
  TensorInfoEntry: entry('TensorInfo'),
  TensorInfo: { fields: { name: one(1, 'string'), shape: one(3, 'Shape') } },
  GraphDef: { fields: { nodes: many(1, 'Node'), library: one(2, 'Library') } },
  Library: { fields: { functions: many(1, 'bytes') } },
  FunctionHead: { fields: { signature: one(1, 'OpDef') } },
  Function: {
    fields: {
      signature: one(1, 'OpDef'),
      nodes: many(3, 'Node'),
      results: many(4, 'TextEntry'),
    },
  },
  OpDef: {
    fields: {
      name: one(1, 'string'),
      inputs: many(2, 'Argument'),
      outputs: many(3, 'Argument'),
    },
  },
  Argument: { fields: { name: one(1, 'string') } },
  TextEntry: entry('string'),
  Node: {
    fields: {
      name: one(1, 'string'),
      op: one(2, 'string'),
      inputs: many(3, 'string'),
      attributes: many(5, 'AttributeEntry'),
    },
  },
  AttributeEntry: entry('Attribute'),
  Attribute: {
    fields: {
      list: one(1, 'List'),
      s: one(2, 'bytes'),
      i: one(3, 'int64'),
      f: one(4, 'float'),
      b: one(5, 'bool'),
      type: one(6, 'int32'),
      shape: one(7, 'Shape'),
      tensor: one(8, 'Tensor'),
      function: one(10, 'NamedFunction'),
    },
  },
  List: {
    fields: {
      s: many(2, 'bytes'),
      i: many(3, 'int64'),
      f: many(4, 'float'),
      b: many(5, 'bool'),
      type: many(6, 'int32'),
    },
  },
  NamedFunction: { fields: { name: one(1, 'string') } },
  Shape: { fields: { dims: many(2, 'Dim'), unknownRank: one(3, 'bool') } },
  Dim: { fields: { size: one(1, 'int64') } },
  Tensor: {
    fields: {
      dtype: one(1, 'int32'),
      shape: one(2, 'Shape'),
      content: one(4, 'bytes'),
      floats: many(5, 'float'),
      doubles: many(6, 'double'),
      ints: many(7, 'int32'),
      strings: many(8, 'bytes'),
      longs: many(10, 'int64'),
      bools: many(11, 'bool'),
      halves: many(13, 'int32'),
    },
  },
  BundleHeader: { fields: { shards: one(1, 'int32'), endianness: one(2, 'int32') } },
  BundleEntry: {
    fields: {
      dtype: one(1, 'int32'),
      shape: one(2, 'Shape'),
      shard: one(3, 'int32'),
      offset: one(4, 'int64'),
      size: one(5, 'int64'),
      crc: one(6, 'fixed32'),
      slices: many(7, 'bytes'),
    },
  },
};

/** Decodes a message; it throws as `decoder` says. */
export const decode = decoder<Messages>(schema);

/** The same for a message within a file that is open already. @throws GraphError where it is damaged */
export function decodePart<K extends keyof Messages>(name: K, bytes: Uint8Array): Messages[K] {
  try {
    return decode(name, bytes);
  } catch (error) {
    if (error instanceof GraphError) throw error;
    throw new GraphError(
      'bad-graph',
      'A part of the model is damaged; fetch or export the model again.',
      { cause: error },
    );
  }
}
