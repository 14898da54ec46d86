import type { Attribute, Graph, Node, Tensor } from './ir.ts';

/** Constructors of attribute values: ONNX tells 1 from 1.0, so the kind is always spelled out. */
export const attr = {
  int: (value: number): Attribute => ({ kind: 'int', value }),
  float: (value: number): Attribute => ({ kind: 'float', value }),
  string: (value: string): Attribute => ({ kind: 'string', value }),
  ints: (values: readonly number[]): Attribute => ({ kind: 'ints', values }),
  floats: (values: readonly number[]): Attribute => ({ kind: 'floats', values }),
  tensor: (value: Tensor): Attribute => ({ kind: 'tensor', value }),
  graph: (value: Graph): Attribute => ({ kind: 'graph', value }),
};

/** What an attribute of a kind holds under `value` or `values`. */
type Content<K extends Attribute['kind'], Key extends string> =
  Extract<Attribute, { kind: K }> extends Readonly<Record<Key, infer Value>> ? Value : never;

function scalar<K extends 'int' | 'float' | 'string' | 'tensor' | 'graph'>(
  node: Node,
  name: string,
  kind: K,
): Content<K, 'value'> | undefined {
  const found = node.attributes[name];
  if (found === undefined) return undefined;
  if (found.kind !== kind) throw new Error(`attribute ${name} is ${found.kind}, not ${kind}`);
  return (found as { value: unknown }).value as Content<K, 'value'>;
}

function list<K extends 'ints' | 'floats' | 'strings'>(
  node: Node,
  name: string,
  kind: K,
): Content<K, 'values'> | undefined {
  const found = node.attributes[name];
  if (found === undefined) return undefined;
  if (found.kind !== kind) throw new Error(`attribute ${name} is ${found.kind}, not ${kind}`);
  return (found as { values: unknown }).values as Content<K, 'values'>;
}

/** Readers of a node's attributes. Each throws an Error that names the attribute when its kind is another. */
export const intAttr = (node: Node, name: string, fallback: number): number =>
  scalar(node, name, 'int') ?? fallback;
export const floatAttr = (node: Node, name: string, fallback: number): number =>
  scalar(node, name, 'float') ?? fallback;
export const stringAttr = (node: Node, name: string, fallback: string): string =>
  scalar(node, name, 'string') ?? fallback;
export const tensorAttr = (node: Node, name: string): Tensor | undefined =>
  scalar(node, name, 'tensor');
export const graphAttr = (node: Node, name: string): Graph | undefined =>
  scalar(node, name, 'graph');
export const intsAttr = (node: Node, name: string): readonly number[] | undefined =>
  list(node, name, 'ints');
export const floatsAttr = (node: Node, name: string): readonly number[] | undefined =>
  list(node, name, 'floats');
