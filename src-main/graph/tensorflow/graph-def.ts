import { GraphError } from '../errors.ts';
import type { DType, Tensor } from '../ir.ts';
import { badGraph, printable } from '../onnx/wording.ts';

/** A classifier has some thousands of nodes, functions unfolded; a file with more is made to exhaust memory. */
export const MAX_NODES = 2 ** 17;

/**
 * TensorFlow's GraphDef as plain data, from JSON or protobuf
 * (https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/graph.proto).
 */
export interface GraphDef {
  readonly nodes: readonly NodeDef[];
  readonly functions: Pick<ReadonlyMap<string, FunctionDef>, 'get'>;
}

/** One operation. Inputs are `node`, `node:2`, in functions `node:output:2`; `^node` is a control dependency. */
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttributeValue>;
}

/** A function of the library: called with `inputs` in their order, it gives what `results` names. */
export interface FunctionDef {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly results: readonly string[];
  readonly nodes: readonly NodeDef[];
}

export type AttributeValue =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'type'; readonly value: string }
  | { readonly kind: 'function'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'shape'; readonly value: Shape }
  | { readonly kind: 'tensor'; readonly value: Tensor | undefined }
  | { readonly kind: 'numbers'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] };

/** Dimensions, −1 where one is free; `undefined` where not even their number is known. */
export type Shape = readonly number[] | undefined;

/** DataType by number (types.proto); a reference to a variable is 100 more. */
const TYPES: Readonly<Record<number, string>> = {
  ...{ 1: 'DT_FLOAT', 2: 'DT_DOUBLE', 3: 'DT_INT32', 4: 'DT_UINT8', 5: 'DT_INT16', 6: 'DT_INT8' },
  ...{ 7: 'DT_STRING', 9: 'DT_INT64', 10: 'DT_BOOL', 14: 'DT_BFLOAT16', 17: 'DT_UINT16' },
  ...{ 19: 'DT_HALF', 20: 'DT_RESOURCE', 21: 'DT_VARIANT', 22: 'DT_UINT32', 23: 'DT_UINT64' },
};

export function typeName(code: number): string {
  return TYPES[code > 100 ? code - 100 : code] ?? `type ${code}`;
}

/** What an element type becomes in a graph; `undefined` where a graph cannot hold it. */
export function graphTypeOf(name: string): DType | undefined {
  return GRAPH_TYPES.get(name);
}

const GRAPH_TYPES: ReadonlyMap<string, DType> = new Map([
  ...['DT_FLOAT', 'DT_DOUBLE', 'DT_HALF', 'DT_BFLOAT16'].map((name) => [name, 'float32'] as const),
  ...['DT_INT32', 'DT_INT16', 'DT_UINT16'].map((name) => [name, 'int32'] as const),
  ...['DT_INT64', 'DT_UINT32', 'DT_UINT64'].map((name) => [name, 'int64'] as const),
  ['DT_UINT8', 'uint8'],
  ['DT_INT8', 'int8'],
  ['DT_BOOL', 'bool'],
]);

/** What of `node:output:2` or `node:2` names the node, and which of its outputs is meant. */
export interface Reference {
  readonly node: string;
  readonly output: string;
  readonly index: number;
}

export function referenceOf(input: string): Reference {
  const [node, second, third] = input.split(':');
  if (third !== undefined) return { node, output: second, index: wholeNumber(third, input) };
  return { node, output: '', index: second === undefined ? 0 : wholeNumber(second, input) };
}

function wholeNumber(text: string, input: string): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(value)) {
    throw badGraph(
      `The model reads ${printable(input)}, which is no output of a node; it is damaged.`,
    );
  }
  return value;
}

export const isControl = (input: string): boolean => input.startsWith('^');

export function tooManyNodes(): GraphError {
  return new GraphError(
    'too-large',
    `The model has more than ${MAX_NODES} nodes, functions unfolded; it is damaged or no classifier.`,
  );
}

/** Reads attributes of a node; each reader throws an Error that names an attribute of another kind. */
export function attributesOf({ attributes }: NodeDef) {
  type Content<K> = Extract<AttributeValue, { kind: K }>['value'];
  function find<K extends AttributeValue['kind']>(name: string, kind: K): Content<K> | undefined {
    const found = attributes.get(name);
    if (found === undefined) return undefined;
    // An empty list has no kind of its own.
    const empty = Array.isArray(found.value) && found.value.length === 0;
    if (found.kind !== kind && !empty) {
      throw new Error(`its attribute ${name} is not of the kind ${kind}`);
    }
    const value: unknown = found.value;
    return value as Content<K> | undefined;
  }
  return {
    number: (name: string, fallback: number) => find(name, 'number') ?? fallback,
    bool: (name: string, fallback: boolean) => find(name, 'bool') ?? fallback,
    text: (name: string, fallback: string) => find(name, 'string') ?? fallback,
    type: (name: string) => find(name, 'type'),
    shape: (name: string): Shape => find(name, 'shape'),
    tensor: (name: string) => find(name, 'tensor'),
    numbers: (name: string) => find(name, 'numbers') ?? [],
    strings: (name: string) => find(name, 'strings') ?? [],
    function: (name: string) => find(name, 'function'),
  };
}

export type Attributes = ReturnType<typeof attributesOf>;
