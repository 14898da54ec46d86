import { GraphError } from '../errors.ts';
import type { Tensor } from '../ir.ts';
import { printable } from '../onnx/wording.ts';

/** Modules lie in one another less deeply than this. */
const DEEPEST = 16;

/** Named tensors of a file, read one at a time and remembered as used. */
export interface TensorSource {
  /** Names and shapes, without any data. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** The tensor as float32. @throws GraphError when it cannot be read */
  read(name: string): Tensor;
}

/** The weights of one network, as a PyTorch state dictionary names them. */
export class Weights {
  readonly #source: TensorSource;
  readonly #used = new Set<string>();
  readonly #modules = new Set<string>();

  constructor(source: TensorSource) {
    this.#source = source;
    for (const name of source.shapes.keys()) {
      const parts = name.split('.', DEEPEST);
      parts.forEach((_, i) => this.#modules.add(parts.slice(0, i).join('.')));
    }
  }

  has(name: string): boolean {
    return this.#source.shapes.has(name);
  }

  /** Shape of a tensor. @throws GraphError `bad-graph` when the file lacks it */
  dims(name: string): readonly number[] {
    const dims = this.#source.shapes.get(name);
    if (!dims) {
      throw new GraphError(
        'bad-graph',
        `The file lacks the tensor ${printable(name)}, which its network needs; save all weights again.`,
      );
    }
    return dims;
  }

  /** Shape of a tensor of a known number of dimensions. @throws GraphError `bad-shape` where it has another */
  ranked(name: string, rank: number): readonly number[] {
    const dims = this.dims(name);
    if (dims.length === rank && !dims.includes(0)) return dims;
    throw new GraphError(
      'bad-shape',
      `The tensor ${printable(name)} has the shape [${dims.join(', ')}], which does not fit its place in the network.`,
    );
  }

  read(name: string): Tensor {
    this.dims(name);
    this.#used.add(name);
    return this.#source.read(name);
  }

  /** How many of the modules `prefix0`, `prefix1`, … follow one another. */
  count(prefix: string): number {
    let count = 0;
    while (this.#modules.has(`${prefix}${count}`)) count++;
    return count;
  }

  /** Tensors that no part of the network took. */
  get unused(): string[] {
    return [...this.#source.shapes.keys()].filter((name) => !this.#used.has(name));
  }
}
