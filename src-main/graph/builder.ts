import { attr } from './attributes.ts';
import { sameDims, type Attributes, type Node, type Tensor, type ValueType } from './ir.ts';
import { operatorOf } from './operators/index.ts';
import { floats, ints } from './tensor.ts';

/**
 * A graph under construction. Every node that is added has its type inferred at once by the operator's own shape
 * rule, so a gradient that does not fit fails where it was written and not in an engine.
 */
export class Builder {
  readonly nodes: Node[] = [];
  readonly constants = new Map<string, Tensor>();
  readonly types = new Map<string, ValueType>();
  #serial = 0;
  readonly #prefix: string;

  /** @param prefix starts the names of all values made here; it must not occur in the graph that is extended. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Type of a value. @throws Error when no value has that name. */
  type(name: string): ValueType {
    const found = this.types.get(name);
    if (!found) throw new Error(`the value ${name} is not known`);
    return found;
  }

  dims(name: string): readonly number[] {
    return this.type(name).dims;
  }

  /** Adds a node with `count` outputs and returns their names. */
  addMany(op: string, inputs: readonly string[], attributes: Attributes, count: number): string[] {
    const name = this.#fresh(op);
    const outputs = Array.from({ length: count }, (_, i) => (count === 1 ? name : `${name}:${i}`));
    const node: Node = { name, op, inputs, outputs, attributes };
    const types = operatorOf(op).infer({
      node,
      inputs: inputs.map((input) => (input === '' ? undefined : this.type(input))),
      constant: (index) => this.constants.get(inputs[index] ?? ''),
    });
    outputs.forEach((output, i) => this.types.set(output, types[i]));
    this.nodes.push(node);
    return outputs;
  }

  /** Adds a node with one output and returns its name. */
  add(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.addMany(op, inputs, attributes, 1)[0];
  }

  /** Adds a constant and returns its name. */
  constant(value: Tensor, hint = 'const'): string {
    const name = this.#fresh(hint);
    this.constants.set(name, value);
    this.types.set(name, { dtype: value.dtype, dims: value.dims });
    return name;
  }

  /** A float32 scalar constant. */
  scalar(value: number): string {
    return this.constant(floats([], [value]));
  }

  /** An int64 vector constant, as shapes and axes are given. */
  shape(values: readonly number[]): string {
    return this.constant(ints([values.length], values));
  }

  /** Reshapes to static dimensions; returns `value` itself where nothing changes. */
  reshape(value: string, dims: readonly number[]): string {
    if (sameDims(this.dims(value), dims)) return value;
    // allowzero: a dimension of 0 means 0, as everywhere in a typed graph.
    return this.add(
      'Reshape',
      [value, this.shape(dims)],
      dims.includes(0) ? { allowzero: attr.int(1) } : {},
    );
  }

  transpose(value: string, perm: readonly number[]): string {
    if (perm.every((axis, i) => axis === i)) return value;
    return this.add('Transpose', [value], { perm: attr.ints(perm) });
  }

  /** Sums over axes. @param keep whether the summed axes stay as 1. */
  sum(value: string, axes: readonly number[], keep: boolean): string {
    if (axes.length === 0) return value;
    return this.add('ReduceSum', [value, this.shape(axes)], { keepdims: attr.int(keep ? 1 : 0) });
  }

  /**
   * The adjoint of numpy broadcasting: sums `value` over the axes along which a tensor of shape `dims` was stretched.
   * @returns a value of shape `dims`.
   */
  sumTo(value: string, dims: readonly number[]): string {
    const from = this.dims(value);
    if (sameDims(from, dims)) return value;
    const lead = from.length - dims.length;
    const stretched = from.flatMap((dim, axis) =>
      axis < lead || (dims[axis - lead] === 1 && dim !== 1) ? [axis] : [],
    );
    return this.reshape(this.sum(value, stretched, true), dims);
  }

  /** A tensor of zeros of a float type. */
  zeros(dims: readonly number[]): string {
    return this.add('Expand', [this.scalar(0), this.shape(dims)]);
  }

  #fresh(hint: string): string {
    return `${this.#prefix}${hint}_${this.#serial++}`;
  }
}
