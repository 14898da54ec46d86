import { GraphError, unsupported } from '../errors.ts';
import type { Graph, GraphInput, Tensor } from '../ir.ts';
import { badGraph, printable } from '../onnx/wording.ts';
import { live, MAX_ELEMENTS } from '../specialise.ts';
import { GraphConverter } from './converter.ts';
import type { FlatGraph } from './functions.ts';
import { attributesOf, graphTypeOf, referenceOf, type NodeDef, type Shape } from './graph-def.ts';

/** What the file says around the graph. */
export interface Surroundings {
  /** Value of a constant or variable that the graph itself does not hold, by the name of its node. */
  readonly weight: (node: NodeDef) => Tensor | undefined;
  /** Tensors that the model takes, with the shape that is stated; the placeholders where it is not known. */
  readonly inputs?: ReadonlyMap<string, Shape>;
  /** Tensors that the model gives; those that nothing reads where it is not known. */
  readonly outputs?: readonly string[];
}

/**
 * Turns TensorFlow's nodes into a graph: in order, operations as ours, image tensors
 * planar. Operations that are not known stay as `tf.NAME`, for `specialise` to refuse where they are needed.
 * @throws GraphError `bad-graph`, `too-large` or `unsupported-operator`, naming the node
 */
export function graphOf(
  flat: FlatGraph,
  around: Surroundings,
): { graph: Graph; notes: readonly string[] } {
  try {
    return new GraphReader(flat, around).read();
  } catch (error) {
    // A chain of calls that is longer than any model's exhausts the stack.
    if (error instanceof RangeError && !(error instanceof GraphError)) {
      throw new GraphError('too-large', 'The model is nested too deeply; it is damaged.', {
        cause: error,
      });
    }
    throw error;
  }
}

const INPUTS = new Set(['Placeholder', 'PlaceholderV2']);
const WEIGHTS = new Set(['Const', 'VarHandleOp', 'VariableV2', 'Variable']);

class GraphReader {
  readonly #around: Surroundings;
  readonly #nodes: ReadonlyMap<string, NodeDef>;
  readonly #order: readonly NodeDef[];
  readonly #resolve: (input: string) => string;
  readonly #converter: GraphConverter;
  readonly #inputs: GraphInput[] = [];

  constructor({ nodes, resolve }: FlatGraph, around: Surroundings) {
    this.#around = around;
    this.#order = nodes;
    this.#resolve = resolve;
    this.#nodes = uniquely(nodes);
    this.#converter = new GraphConverter(this.#nodes.keys());
  }

  read(): { graph: Graph; notes: readonly string[] } {
    const outputs = this.#outputs();
    for (const node of sorted(this.#nodes, outputs.map(producerOf))) this.#add(node);
    for (const output of outputs) this.#converter.plain(output, 'output');
    const { nodes, constants, notes } = this.#converter;
    return {
      graph: { name: '', inputs: this.#inputs, outputs, nodes: live(nodes, outputs), constants },
      notes: [...notes],
    };
  }

  #outputs(): string[] {
    const stated = this.#around.outputs;
    const outputs = stated?.length ? stated.map((name) => this.#resolve(name)) : this.#ends();
    if (outputs.length === 0) throw badGraph('The model has no outputs; convert it again.');
    for (const output of outputs) {
      if (!this.#nodes.has(producerOf(output))) {
        throw badGraph(
          `The model names the output ${printable(output)}, which nothing in it makes; convert it again.`,
        );
      }
    }
    return [...new Set(outputs)];
  }

  /** Nodes that no other reads. */
  #ends(): string[] {
    const read = new Set(this.#order.flatMap(({ inputs }) => inputs.map(producerOf)));
    const silent = new Set(['NoOp', 'Assert', 'Const', 'Placeholder', 'SaveV2', 'RestoreV2']);
    return this.#order
      .filter(({ name, op }) => !read.has(name) && !silent.has(op))
      .map(({ name }) => name);
  }

  #add(node: NodeDef): void {
    const { name, op } = node;
    const stated = this.#around.inputs;
    if (INPUTS.has(op) || stated?.has(name)) return this.#input(node, stated?.get(name));
    if (!WEIGHTS.has(op)) return this.#converter.convert(node);
    const value = attributesOf(node).tensor('value') ?? this.#around.weight(node);
    if (value) this.#converter.define(name, value);
    else if (op === 'Const') this.#converter.convert({ ...node, op: 'Const of text' });
    else
      throw badGraph(
        `The model holds no value of the variable ${printable(name)}; give the whole folder of the SavedModel, or freeze the graph with its variables.`,
      );
  }

  #input(node: NodeDef, stated: Shape): void {
    const attributes = attributesOf(node);
    const dtype = graphTypeOf(attributes.type('dtype') ?? attributes.type('T') ?? 'DT_FLOAT');
    if (!dtype) {
      throw new GraphError(
        'not-a-classifier',
        `The input ${printable(node.name)} holds no numbers; export the model with a float32 image as its input.`,
      );
    }
    const shape = stated ?? attributes.shape('shape') ?? [];
    const dims = shape.map((size, axis) => dimension(size, axis, node.name));
    this.#inputs.push({ name: node.name, dtype, dims });
    this.#converter.input(node.name, dims);
  }
}

function dimension(size: number, axis: number, input: string): number | string {
  if (!Number.isInteger(size) || size > MAX_ELEMENTS) {
    throw new GraphError(
      'bad-shape',
      `The input ${printable(input)} claims a dimension of ${size}; the file is damaged.`,
    );
  }
  if (size > 0) return size;
  return axis === 0 ? 'batch' : '?';
}

function uniquely(nodes: readonly NodeDef[]): Map<string, NodeDef> {
  const found = new Map<string, NodeDef>();
  for (const node of nodes) {
    if (found.has(node.name)) {
      throw badGraph(`Two nodes of the model are called ${printable(node.name)}; it is damaged.`);
    }
    found.set(node.name, node);
  }
  return found;
}

const producerOf = (value: string): string => referenceOf(value).node;

/** The nodes that `wanted` need, each behind those that it reads. @throws GraphError where they form a circle */
function sorted(nodes: ReadonlyMap<string, NodeDef>, wanted: readonly string[]): NodeDef[] {
  const state = new Map<string, 'open' | 'done'>();
  const result: NodeDef[] = [];
  const stack = [...wanted].reverse();
  while (stack.length > 0) {
    const name = stack[stack.length - 1];
    const node = nodes.get(name);
    if (!node || state.get(name) === 'done') {
      stack.pop();
    } else if (state.get(name) === 'open') {
      stack.pop();
      state.set(name, 'done');
      result.push(node);
    } else {
      state.set(name, 'open');
      const needs = node.inputs.map(producerOf).filter((need) => state.get(need) !== 'done');
      const circle = needs.find((need) => state.get(need) === 'open');
      if (circle !== undefined) {
        const loop = [...nodes.values()].find(({ op }) => op === 'NextIteration');
        if (loop) throw unsupported('tf.NextIteration', printable(loop.name));
        throw badGraph(`Node ${printable(name)} depends on its own output; the file is damaged.`);
      }
      stack.push(...needs.reverse());
    }
  }
  return result;
}
