import type { Node, Tensor, TensorData, TypedGraph, ValueType } from '../../graph/ir.ts';
import { convert } from './layout.ts';
import type { Handle, Kernel, Layout, Operand, Prepared, Site, TF } from './operation.ts';
import { operationOf } from './operators/index.ts';
import { download, upload } from './values.ts';

/** One kernel, with the places of what it reads and writes. */
interface Step {
  readonly kernel: Kernel;
  /** Place of each input; `undefined` where it is not read. */
  readonly reads: readonly (number | undefined)[];
  /** Place of each output; `undefined` where nobody names it. */
  readonly writes: readonly (number | undefined)[];
  /** Places that nobody reads after this step. */
  frees: readonly number[];
}

/** A run that was told to stop. */
export class Stopped extends Error {}

/**
 * A graph as a list of kernels. Every value has a place for each layout that somebody reads it in; what is constant is
 * computed at once and stays, everything else is disposed as soon as its last reader ran.
 */
export class Program {
  readonly #tf: TF;
  readonly #graph: TypedGraph;
  readonly #steps: Step[] = [];
  /** By place: handles that stay, and `undefined` where a run writes. */
  readonly #fixed: (Handle | undefined)[] = [];
  readonly #places = new Map<string, number>();
  /** How each value that a run computes lies when it is made. */
  readonly #layouts = new Map<string, Layout>();
  readonly #kept: Handle[] = [];
  readonly #inputs: readonly number[];
  readonly #outputs: readonly number[];

  /** @throws Error with a reason, that names the node, when TensorFlow cannot compute it */
  constructor(tf: TF, graph: TypedGraph) {
    this.#tf = tf;
    this.#graph = graph;
    try {
      this.#inputs = graph.inputs.map(({ name }) => this.#made(name, 'first'));
      for (const node of graph.nodes) this.#add(node);
      this.#outputs = graph.outputs.map((name) => this.#place(name, 'first'));
    } catch (error) {
      this.release();
      throw error;
    }
    this.#free();
  }

  /**
   * @param feeds one for each input
   * @param into arrays to write outputs into
   * @param stopped is asked before every kernel
   * @throws Stopped when it says so
   */
  run(
    feeds: readonly TensorData[],
    into: readonly (TensorData | undefined)[],
    stopped: () => boolean,
  ): TensorData[] {
    const values = [...this.#fixed];
    try {
      this.#inputs.forEach((place, i) => {
        values[place] = upload(this.#tf, this.#type(this.#graph.inputs[i].name), feeds[i]);
      });
      for (const step of this.#steps) {
        if (stopped()) throw new Stopped();
        this.#step(step, values);
      }
      return this.#outputs.map((place, i) =>
        download(this.#type(this.#graph.outputs[i]), values[place]!, into[i]),
      );
    } finally {
      values.forEach((value, place) => {
        if (this.#fixed[place] === undefined) value?.dispose();
      });
    }
  }

  /** Frees all native memory. */
  release(): void {
    for (const handle of [...this.#kept, ...this.#fixed]) handle?.dispose();
  }

  #step({ kernel, reads, writes, frees }: Step, values: (Handle | undefined)[]): void {
    const inputs = reads.map((place) => (place === undefined ? undefined : values[place]));
    const results = this.#compute(kernel, inputs as Handle[]);
    results.forEach((result, i) => {
      const place = writes[i];
      if (place === undefined) result.dispose();
      else values[place] = result;
    });
    for (const place of frees) {
      values[place]?.dispose();
      values[place] = undefined;
    }
  }

  #compute(kernel: Kernel, inputs: readonly Handle[]): readonly Handle[] {
    const found: Handle[] = this.#tf.tidy(() => [kernel.run(inputs)].flat());
    // What a kernel hands through unchanged is owned twice.
    return found.map((result) => (inputs.includes(result) ? result.clone() : result));
  }

  #type(name: string): ValueType {
    const type = this.#graph.types.get(name);
    if (!type) throw new Error(`the value ${name} has no type`);
    return type;
  }

  /** A new place for a value that is made in a layout. */
  #made(name: string, layout: Layout): number {
    const own = this.#type(name).dims.length === 4 ? layout : 'first';
    this.#layouts.set(name, own);
    const place = this.#fixed.push(undefined) - 1;
    this.#places.set(`${own} ${name}`, place);
    return place;
  }

  /** The place of a value in a layout, where it is brought if it lies otherwise. */
  #place(name: string, wanted: Layout): number {
    const type = this.#type(name);
    const layout = type.dims.length === 4 ? wanted : 'first';
    const key = `${layout} ${name}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const constant = this.#graph.constants.get(name);
    if (constant && layout === 'first') {
      const place = this.#fixed.push(upload(this.#tf, constant, constant.data.slice())) - 1;
      this.#places.set(key, place);
      return place;
    }
    const from = this.#place(name, layout === 'first' ? 'last' : 'first');
    const kernel: Kernel = { run: ([x]) => convert(this.#tf, x, type.dims, layout) };
    const place = this.#fixed.push(undefined) - 1;
    this.#places.set(key, place);
    this.#append({ kernel, reads: [from], writes: [place], frees: [] });
    return place;
  }

  /** Adds a step, or takes it at once where all that it reads is constant. */
  #append(step: Step): void {
    const constant = step.reads.every((place) => place === undefined || this.#fixed[place]);
    if (constant) this.#step(step, this.#fixed);
    else this.#steps.push(step);
  }

  #add(node: Node): void {
    const operation = operationOf(node.op);
    if (!operation) throw new Error(`it has no operator ${node.op} (node ${node.name})`);
    try {
      const kernel = operation(this.#site(node));
      const reads = node.inputs.map((name, i) => {
        const layout = kernel.reads?.[i] ?? 'first';
        return name === '' || layout === 'unread' ? undefined : this.#place(name, layout);
      });
      const writes = node.outputs.map((name) =>
        name === '' ? undefined : this.#made(name, kernel.gives ?? 'first'),
      );
      this.#append({ kernel, reads, writes, frees: [] });
    } catch (error) {
      throw new Error(`node ${node.name} (${node.op}): ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  #site(node: Node): Site {
    const inputs = node.inputs.map((name) => (name === '' ? undefined : this.#operand(name)));
    const constant = (index: number): Tensor | undefined => inputs[index]?.constant;
    return {
      tf: this.#tf,
      node,
      inputs,
      outputs: node.outputs.map((name) =>
        name === '' ? { dtype: 'float32', dims: [] } : this.#type(name),
      ),
      constant,
      keep: (data, dims, dtype) => this.#keep(this.#tf.tensor(data, [...dims], dtype)),
      prepared: (index, change) => this.#prepared(index, constant(index), change),
    };
  }

  #operand(name: string): Operand {
    const layout = this.#layouts.get(name) ?? 'first';
    return { ...this.#type(name), layout, constant: this.#graph.constants.get(name) };
  }

  #keep(handle: Handle): Handle {
    this.#kept.push(handle);
    return handle;
  }

  #prepared(
    index: number,
    constant: Tensor | undefined,
    change: (value: Handle) => Handle,
  ): Prepared {
    if (!constant) return { reads: 'first', of: (inputs) => change(inputs[index]) };
    const made = this.#tf.tidy(() => change(upload(this.#tf, constant, constant.data.slice())));
    const kept = this.#keep(made);
    return { reads: 'unread', of: () => kept };
  }

  /** Notes for every step which places it reads last, or writes for nobody. */
  #free(): void {
    const needed = new Set(this.#outputs);
    for (const step of this.#steps.toReversed()) {
      const touched = new Set([...step.reads, ...step.writes]);
      step.frees = [...touched].filter(
        (place): place is number =>
          place !== undefined && !needed.has(place) && this.#fixed[place] === undefined,
      );
      for (const place of step.frees) needed.add(place);
    }
  }
}
