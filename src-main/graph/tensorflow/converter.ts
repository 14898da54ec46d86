import { attr } from '../attributes.ts';
import { GraphError } from '../errors.ts';
import { sizeOf, type Attribute, type Node, type Tensor } from '../ir.ts';
import { unusedName } from '../onnx/names.ts';
import { printable } from '../onnx/wording.ts';
import { operatorOf } from '../operators/index.ts';
import { ints, numbersOf } from '../tensor.ts';
import { permuted } from '../view.ts';
import { attributesOf, type NodeDef } from './graph-def.ts';
import {
  partName,
  TO_PLAIN,
  TO_PLANAR,
  type BatchSpace,
  type Conversion,
  type Result,
} from './operation.ts';
import { convertersOf } from './operators/index.ts';

const INT64 = 7;
/** A larger constant is left to the engine (elements). */
const MAX_FOLDED = 2 ** 24;

/**
 * Turns TensorFlow's operations into nodes, one after the other. Image tensors (NHWC) are kept planar (NCHW) from the
 * first convolution on; they are only transposed back for operations that need TensorFlow's order of axes, so that the
 * graph is as short as one that was planar from the start. A tensor has the name that TensorFlow gives it (`node` or
 * `node:2`); its planar form has `:planar` behind it.
 */
export class GraphConverter {
  readonly nodes: Node[] = [];
  readonly constants = new Map<string, Tensor>();
  readonly notes = new Set<string>();
  readonly #made = new Set<string>();
  readonly #planar = new Map<string, string>();
  readonly #ranks = new Map<string, number>();
  readonly #channels = new Map<string, number>();
  readonly #spaces = new Map<string, BatchSpace>();
  readonly #taken: Set<string>;

  /** @param names of all nodes, which new values must not have */
  constructor(names: Iterable<string>) {
    this.#taken = new Set(names);
  }

  /** Makes a constant known under a tensor's name. */
  define(name: string, value: Tensor): void {
    this.constants.set(name, value);
    this.#made.add(name);
    this.#ranks.set(name, value.dims.length);
  }

  /** Makes an input of the graph known. Images are made planar at once, so that all that follows is. */
  input(name: string, dims: readonly (number | string)[]): void {
    this.#made.add(name);
    this.#ranks.set(name, dims.length);
    if (dims.length !== 4 || (dims[3] !== 1 && dims[3] !== 3)) return;
    this.#channels.set(this.#toPlanar(name, name), dims[3]);
  }

  /** Adds the steps of an operation. @throws GraphError that names the node and its operation */
  convert(def: NodeDef): void {
    try {
      const convert = convertersOf(def.op);
      if (convert) convert(this.#conversion(def));
      else this.#unknown(def);
    } catch (error) {
      if (error instanceof GraphError) throw error;
      throw new GraphError(
        'unsupported-operator',
        `Node ${printable(def.name)} (${printable(def.op)}) cannot be read: ${printable((error as Error).message)}.`,
        { cause: error },
      );
    }
  }

  /** Whether a tensor has been made. */
  has(name: string): boolean {
    return this.#made.has(name);
  }

  /** Name of a tensor with TensorFlow's order of axes; made of its planar form where it has no other. */
  plain(name: string, reader: string): string {
    if (!this.#made.has(name)) {
      throw new GraphError(
        'bad-graph',
        `Node ${printable(reader)} reads ${printable(name)}, which nothing in the model makes; the file is damaged.`,
      );
    }
    const planar = this.#planar.get(name);
    if (this.#spaces.get(name)?.source === undefined && this.#spaces.has(name)) {
      throw new Error('it reads an image that SpaceToBatchND took apart');
    }
    if (planar === undefined || this.#plainMade.has(name)) return name;
    this.#plainMade.add(name);
    this.#push('Transpose', [planar], [name], partName(reader, 'plain'), {
      perm: attr.ints(TO_PLAIN),
    });
    return name;
  }

  /** Tensors whose plain form exists beside the planar one. */
  readonly #plainMade = new Set<string>();

  /** An operation without a converter stays, under a name that no operator has: it is refused where it is needed. */
  #unknown(def: NodeDef): void {
    const inputs = def.inputs.filter((input) => this.has(input));
    const outputs = Array.from({ length: MOST_OUTPUTS }, (_, i) => outputName(def.name, i));
    for (const output of outputs) this.#made.add(output);
    const op = `tf.${def.op}`;
    this.nodes.push({ name: def.name, op, inputs, outputs, attributes: {} });
  }

  #toPlanar(name: string, reader: string): string {
    const found = this.#planar.get(name);
    if (found !== undefined) return found;
    const constant = this.constants.get(name);
    if (constant) return this.#planarConstant(name, constant);
    const planar = this.#fresh(name, 'planar');
    this.plain(name, reader);
    this.#plainMade.add(name);
    this.#push('Transpose', [name], [planar], partName(reader, 'planar'), {
      perm: attr.ints(TO_PLANAR),
    });
    this.#planar.set(name, planar);
    this.#ranks.set(name, 4);
    return planar;
  }

  /** A constant that is broadcast against image tensors, in planar order and without leading axes of 1. */
  #planarConstant(name: string, { dims, dtype, data }: Tensor): string {
    if (dims.length === 0) return name;
    if (dims.length > 4) throw new Error('it mixes an image with a tensor of more axes');
    const four = [1, 1, 1, 1, ...dims].slice(-4);
    const moved = permuted({ dims: four, dtype, data }, TO_PLANAR);
    const lead = moved.dims.findIndex((dim) => dim !== 1);
    const kept = lead < 0 ? 3 : lead;
    return this.#put({ ...moved, dims: moved.dims.slice(kept) }, name, 'planar');
  }

  #put(value: Tensor, node: string, hint: string): string {
    const name = this.#fresh(node, hint);
    this.constants.set(name, value);
    return name;
  }

  #fresh(node: string, hint: string): string {
    return unusedName(partName(node, hint), this.#taken);
  }

  #push(
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    name: string,
    attributes: Record<string, Attribute>,
  ): void {
    const node: Node = { name, op, inputs, outputs, attributes };
    if (!this.#fold(node)) this.nodes.push(node);
  }

  /** Computes a step on constants at once, so that weights reach their convolution as constants. */
  #fold(node: Node): boolean {
    const operator = operatorOf(node.op);
    const inputs = node.inputs.map((input) => this.constants.get(input));
    const known = node.inputs.every((input, i) => input === '' || inputs[i]);
    if (!operator.evaluate || operator.ofTypes || inputs.length === 0 || !known) return false;
    const constant = (index: number): Tensor | undefined => inputs[index];
    const types = operator.infer({ node, inputs, constant });
    if (types.some(({ dims }) => !(sizeOf(dims) <= MAX_FOLDED))) return false;
    operator.evaluate(node, inputs).forEach((value, i) => this.define(node.outputs[i], value));
    return true;
  }

  #conversion(def: NodeDef): Conversion {
    const at = (index: number): string => {
      const input = def.inputs[index];
      if (input === undefined) throw new Error(`its input ${index} is missing`);
      return input;
    };
    const plain = (index: number): string => this.plain(at(index), def.name);
    const constant = (index: number): Tensor | undefined =>
      this.constants.get(def.inputs[index] ?? '');
    const step: Conversion['step'] = (op, inputs, attributes = {}) => {
      const name = this.#fresh(def.name, op);
      this.#push(op, inputs, [name], name, attributes);
      return name;
    };
    return {
      def,
      attributes: attributesOf(def),
      count: def.inputs.length,
      plain,
      planar: (index) => this.#planarInput(at(index), def.name),
      isPlanar: (index) => this.#planar.has(def.inputs[index] ?? ''),
      constant,
      numbers: (index, what) => {
        const value = constant(index);
        if (!value) throw new Error(`its ${what} depend on the image`);
        return Array.from(numbersOf(value));
      },
      rank: (index) => this.#ranks.get(def.inputs[index] ?? ''),
      channels: (index) => this.#channels.get(this.#planar.get(def.inputs[index] ?? '') ?? ''),
      put: (value, hint) => this.#put(value, def.name, hint),
      step,
      plainResult: (result) => this.#plainResult(def, result),
      planarResult: (result) => this.#planarResult(def, result),
      alias: (value, index = 0, rank) => this.#alias(def, value, index, rank),
      refuse: () => this.#unknown(def),
      spaces: this.#spaces,
      integers: (index) => {
        const value = constant(index);
        if (!value) return step('Cast', [plain(index)], { to: attr.int(INT64) });
        return this.#put(ints(value.dims, numbersOf(value)), def.name, 'integers');
      },
    };
  }

  /** A planar form must not be asked of what is known to have another number of axes. */
  #planarInput(name: string, reader: string): string {
    const rank = this.#ranks.get(name);
    if (rank !== undefined && rank !== 4 && !this.constants.has(name)) {
      throw new Error(`it takes images [N, H, W, C], not a tensor of ${rank} axes`);
    }
    return this.#toPlanar(name, reader);
  }

  #plainResult(def: NodeDef, { op, inputs, attributes = {}, rank, outputs = 1 }: Result): void {
    const names = Array.from({ length: outputs }, (_, i) => outputName(def.name, i));
    for (const name of names) {
      this.#made.add(name);
      if (rank !== undefined) this.#ranks.set(name, rank);
    }
    this.#push(op, inputs, names, def.name, attributes);
  }

  #planarResult(def: NodeDef, result: Result & { readonly channels?: number }): void {
    const { op, inputs, attributes = {}, outputs = 1, channels } = result;
    const names = Array.from({ length: outputs }, (_, i) => outputName(def.name, i));
    const planar = names.map((name) => this.#fresh(name, 'planar'));
    const space = def.inputs.map((input) => this.#spaces.get(input)).find((each) => each);
    if (space && !space.source) this.#spaces.set(def.name, space);
    names.forEach((name, i) => {
      this.#made.add(name);
      this.#planar.set(name, planar[i]);
      this.#ranks.set(name, 4);
      if (channels !== undefined) this.#channels.set(planar[i], channels);
    });
    this.#push(op, inputs, planar, def.name, attributes);
  }

  #alias(def: NodeDef, value: string, index: number, rank: number | undefined): void {
    const name = outputName(def.name, index);
    this.#made.add(name);
    if (rank !== undefined) this.#ranks.set(name, rank);
    this.#push('Identity', [value], [name], index === 0 ? def.name : name, {});
  }
}

/** No operation that is refused has more outputs that are read. */
const MOST_OUTPUTS = 64;

const outputName = (node: string, index: number): string =>
  index === 0 ? node : `${node}:${index}`;
