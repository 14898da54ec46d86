import { GraphError } from '../errors.ts';
import { sizeOf, type Tensor } from '../ir.ts';
import type { ElementName } from '../onnx/schema.ts';
import { tensorOfBytes } from '../onnx/tensors.ts';
import { badGraph, printable } from '../onnx/wording.ts';
import { graphTypeOf, typeName, type Shape } from '../tensorflow/graph-def.ts';
import { tensor } from '../tensor.ts';
import type { ShapeProto, TensorProto } from './schema.ts';

/** A constant that one number fills is no larger: small files must not fill the memory (elements). */
const MAX_FILLED = 2 ** 24;

const ELEMENTS: Readonly<Record<string, ElementName>> = {
  ...{ DT_FLOAT: 'float32', DT_DOUBLE: 'float64', DT_HALF: 'float16', DT_BFLOAT16: 'bfloat16' },
  ...{ DT_INT64: 'int64', DT_INT32: 'int32', DT_INT16: 'int16', DT_INT8: 'int8' },
  ...{ DT_UINT64: 'uint64', DT_UINT32: 'uint32', DT_UINT16: 'uint16', DT_UINT8: 'uint8' },
  DT_BOOL: 'bool',
};

/** @throws GraphError `bad-graph` where a graph cannot hold such elements */
export function elementOf(code: number, name: string): ElementName {
  const found = ELEMENTS[typeName(code)];
  if (found) return found;
  throw badGraph(
    `The constant ${printable(name)} holds ${typeName(code)} elements, which Eidoscope does not read; export the model in float32.`,
  );
}

export function shapeOf(proto: ShapeProto | undefined): Shape {
  return !proto || proto.unknownRank ? undefined : proto.dims.map(({ size }) => size);
}

/**
 * Reads a constant: raw bytes, or a list of numbers of which the last one is repeated where it is short.
 * @returns `undefined` for text, which no graph holds
 */
export function readTensor(proto: TensorProto, name: string): Tensor | undefined {
  if (typeName(proto.dtype) === 'DT_STRING') return undefined;
  const element = elementOf(proto.dtype, name);
  const dims = shapeOf(proto.shape) ?? [];
  if (proto.content?.length) return tensorOfBytes(element, dims, proto.content, name);
  const count = checkedCount(dims, name);
  const numbers = numbersOf(proto);
  if (numbers.length > count || (numbers.length === 0 && count > 0 && proto.content)) {
    throw badGraph(`The constant ${printable(name)} does not fill its shape; the file is damaged.`);
  }
  const last = numbers.at(-1) ?? 0;
  const all = Float64Array.from({ length: count }, (_, i) => numbers[i] ?? last);
  if (proto.halves.length > 0) {
    const bytes = new Uint8Array(Uint16Array.from(all).buffer);
    return tensorOfBytes(element, dims, bytes, name);
  }
  return tensor(graphTypeOf(typeName(proto.dtype))!, dims, all);
}

function numbersOf(proto: TensorProto): readonly number[] {
  const lists = [proto.floats, proto.doubles, proto.ints, proto.longs, proto.halves];
  return lists.find((list) => list.length > 0) ?? proto.bools.map(Number);
}

function checkedCount(dims: readonly number[], name: string): number {
  const count = sizeOf(dims);
  if (dims.length <= 32 && dims.every((dim) => dim >= 0) && count <= MAX_FILLED) return count;
  throw new GraphError(
    'too-large',
    `The constant ${printable(name)} claims the shape [${dims.slice(0, 8).join(', ')}], which is not possible; the file is damaged.`,
  );
}
