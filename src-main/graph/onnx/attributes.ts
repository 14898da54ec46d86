import { attr } from '../attributes.ts';
import type { Attribute, Graph, Tensor } from '../ir.ts';
import { ATTRIBUTE, type AttributeProto, type GraphProto, type TensorProto } from './schema.ts';
import { badGraph, printable } from './wording.ts';

/** How the parts of an attribute are read that are more than numbers and text. */
export interface AttributeReaders {
  tensor(proto: TensorProto, name: string): Tensor;
  graph(proto: GraphProto): Graph;
}

const text = new TextDecoder();

/** @throws GraphError `bad-graph` when the attribute is of a type that no operator of a classifier has */
export function readAttribute(
  proto: AttributeProto,
  node: string,
  readers: AttributeReaders,
): Attribute {
  switch (proto.type) {
    case ATTRIBUTE.FLOAT:
      return attr.float(proto.f);
    case ATTRIBUTE.INT:
      return attr.int(proto.i);
    case ATTRIBUTE.STRING:
      return attr.string(text.decode(proto.s));
    case ATTRIBUTE.FLOATS:
      return attr.floats(proto.floats);
    case ATTRIBUTE.INTS:
      return attr.ints(proto.ints);
    case ATTRIBUTE.STRINGS:
      return { kind: 'strings', values: proto.strings.map((bytes) => text.decode(bytes)) };
    case ATTRIBUTE.TENSOR:
      if (proto.t) return attr.tensor(readers.tensor(proto.t, `${proto.name} of node ${node}`));
      break;
    case ATTRIBUTE.GRAPH:
      if (proto.g) return attr.graph(readers.graph(proto.g));
  }
  throw badGraph(
    `The attribute ${printable(proto.name)} of node ${printable(node)} is of a kind that Eidoscope does not read; export the model again.`,
  );
}
