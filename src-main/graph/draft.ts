import { GraphError } from './errors.ts';
import type { Attributes, Graph, GraphInput, Node, Tensor } from './ir.ts';
import { unusedName } from './onnx/names.ts';
import { ints } from './tensor.ts';

/** A larger network is a damaged or hostile file. */
const MOST_NODES = 2 ** 17;

/**
 * A graph that a description of layers is written into. Types are not known yet: `specialise` finds them, and names the
 * node that does not fit. Nodes are named by the way to them, `/layer1/0/conv1/Conv`, which makes them modules.
 */
export class Draft {
  readonly #nodes: Node[] = [];
  readonly #constants = new Map<string, Tensor>();
  readonly #taken = new Set<string>();

  /** Keeps a name, such as that of an input, for whoever asks first. @returns the name, or a similar one */
  reserve(name: string): string {
    return unusedName(name, this.#taken);
  }

  /** Adds a node. @param name wanted, as a way through modules. @returns its outputs, the first of its name */
  addMany(
    op: string,
    name: string,
    inputs: readonly string[],
    attributes: Attributes,
    count: number,
  ): string[] {
    if (this.#nodes.length >= MOST_NODES) {
      throw new GraphError('too-large', 'The model has more layers than any classifier needs.');
    }
    const unique = this.reserve(name);
    const more = Array.from({ length: count - 1 }, (_, i) => this.reserve(`${unique}:${i + 1}`));
    this.#nodes.push({ name: unique, op, inputs, outputs: [unique, ...more], attributes });
    return [unique, ...more];
  }

  /** Adds a node with one output and returns its name. */
  add(op: string, name: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.addMany(op, name, inputs, attributes, 1)[0];
  }

  /** Adds a constant. @returns its name, that is `name` where it is free */
  constant(name: string, value: Tensor): string {
    const unique = this.reserve(name);
    this.#constants.set(unique, value);
    return unique;
  }

  /** An int64 vector constant, as shapes and axes are given. */
  shape(name: string, values: readonly number[]): string {
    return this.constant(name, ints([values.length], values));
  }

  graph(name: string, inputs: readonly GraphInput[], outputs: readonly string[]): Graph {
    return { name, inputs, outputs, nodes: this.#nodes, constants: this.#constants };
  }
}
