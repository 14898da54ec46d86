/**
 * The intermediate representation of a classifier: ONNX operators at one canonical opset, as plain data.
 *
 * Whatever a file says (opset 7 or 22, half precision, attributes or inputs), `read` and `upgrade` turn it into
 * this dialect, so that shape rules, gradients and engines have one form of each operator to know.
 */

/** The opset that every `Graph` speaks after reading. Its operators run on every engine of Eidoscope. */
export const CANONICAL_OPSET = 21;

/** Element types that live in a graph. Half and double precision floats are widened or narrowed to float32 on reading. */
export type DType = 'float32' | 'int64' | 'int32' | 'uint8' | 'int8' | 'bool';

export type TensorData = Float32Array | BigInt64Array | Int32Array | Uint8Array | Int8Array;

/** A constant with its data in row-major order. `bool` is stored as bytes 0 and 1. */
export interface Tensor {
  readonly dtype: DType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

/** Element type and static shape of a value. */
export interface ValueType {
  readonly dtype: DType;
  readonly dims: readonly number[];
}

export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly values: readonly number[] }
  | { readonly kind: 'floats'; readonly values: readonly number[] }
  | { readonly kind: 'strings'; readonly values: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: Tensor }
  | { readonly kind: 'graph'; readonly value: Graph };

export type Attributes = Readonly<Record<string, Attribute>>;

/** One application of an operator. An omitted optional input is the empty name, as in ONNX. */
export interface Node {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

/** An input as the file declares it: a dimension is a number, or a name (or `?`) where it is free. */
export interface GraphInput {
  readonly name: string;
  readonly dtype: DType;
  readonly dims: readonly (number | string)[];
}

/** A graph as read: shapes not yet known, nodes in topological order, constants apart from inputs. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly string[];
  readonly nodes: readonly Node[];
  readonly constants: ReadonlyMap<string, Tensor>;
}

/** A graph whose every value has a static type, whose constants are folded, and which holds no dead node. */
export interface TypedGraph extends Graph {
  readonly types: ReadonlyMap<string, ValueType>;
}

/** Number of elements of a shape. @param dims non-negative integers; an empty list is a scalar (1). */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** Row-major strides, in elements, of a shape. */
export function stridesOf(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length);
  let stride = 1;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= dims[axis];
  }
  return strides;
}

export function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** Resolves a possibly negative axis. @throws Error when it lies outside [-rank, rank). */
export function axisOf(axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(resolved) || resolved < 0 || resolved >= rank) {
    throw new Error(`axis ${axis} lies outside a tensor of rank ${rank}`);
  }
  return resolved;
}

export function isFloat(type: ValueType): boolean {
  return type.dtype === 'float32';
}
