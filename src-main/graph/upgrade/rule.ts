import { GraphError } from '../errors.ts';
import type { Attribute, Attributes, Node, Tensor } from '../ir.ts';

/** What a rule may look at and add. New values and constants belong to the graph that the node stands in. */
export interface Upgrading {
  /** The opset that the node is written for. */
  readonly opset: number;
  constant(value: string): Tensor | undefined;
  /** Number of dimensions of a value, where the file tells. */
  rank(value: string): number | undefined;
  /** Tells the user of an assumption, in one sentence. */
  note(sentence: string): void;
  /** A name that nothing has yet, for a value or a node. */
  fresh(hint: string): string;
  /** Adds a constant. @returns its name */
  put(value: Tensor, hint: string): string;
}

/** One node of the file's opset to the nodes of the canonical opset that compute the same. */
export type Rule = (node: Node, context: Upgrading) => readonly Node[];

export type Rules = Readonly<Record<string, Rule>>;

export function without(attributes: Attributes, ...names: readonly string[]): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)));
}

export function only(attributes: Attributes, ...names: readonly string[]): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => names.includes(name)));
}

/** The inputs with one of them set; inputs between are omitted ones. */
export function withInput(inputs: readonly string[], index: number, value: string): string[] {
  const result = [...inputs];
  while (result.length < index) result.push('');
  result[index] = value;
  return result;
}

/** A new node with one output. @returns the node; its output is `node.outputs[0]` */
export function step(
  context: Upgrading,
  op: string,
  inputs: readonly string[],
  attributes: Record<string, Attribute> = {},
  output?: string,
): Node {
  const name = context.fresh(op);
  return { name, op, inputs, outputs: [output ?? name], attributes };
}

/** The last of several steps keeps the name of the node that they replace: layers are known by it. */
export function named(node: Node, steps: readonly Node[]): Node[] {
  return steps.map((one, i) => (i === steps.length - 1 ? { ...one, name: node.name } : one));
}

export function refuse(node: Node, reason: string): GraphError {
  return new GraphError('unsupported-operator', `Node ${node.name} (${node.op}) ${reason}.`);
}
