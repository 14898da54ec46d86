import type { Node, Tensor } from '../ir.ts';

/** Operators whose output has the rank of their first input. */
const KEEPING = new Set([
  ...['Relu', 'LeakyRelu', 'PRelu', 'Elu', 'Selu', 'Sigmoid', 'Tanh', 'Clip', 'Softplus', 'Cast'],
  ...['Identity', 'Dropout', 'BatchNormalization', 'InstanceNormalization', 'LRN', 'Softmax'],
  ...['LogSoftmax', 'Conv', 'ConvTranspose', 'MaxPool', 'AveragePool', 'GlobalAveragePool'],
  ...['GlobalMaxPool', 'Pad', 'Transpose', 'Concat', 'Upsample', 'Resize', 'Slice', 'Split', 'Sum'],
]);

/**
 * Number of dimensions of values, from what the file states and from operators that plainly tell. Needed before shapes
 * are known, only for operators that once meant "from this axis on".
 */
export class Ranks {
  readonly #known: Map<string, number>;

  constructor(stated: ReadonlyMap<string, number>) {
    this.#known = new Map(stated);
  }

  get(value: string): number | undefined {
    return this.#known.get(value);
  }

  set(value: string, rank: number): void {
    this.#known.set(value, rank);
  }

  /** Derives the rank of a node's outputs. @param constant looks up a value that is constant */
  follow(node: Node, constant: (name: string) => Tensor | undefined): void {
    const rank = this.#rankOf(node, constant);
    if (rank === undefined) return;
    for (const output of node.outputs) this.#known.set(output, rank);
  }

  #rankOf(node: Node, constant: (name: string) => Tensor | undefined): number | undefined {
    const [first, second] = node.inputs;
    if (node.op === 'Gemm' || node.op === 'Flatten') return 2;
    if (node.op === 'Reshape') return constant(second)?.dims[0];
    return KEEPING.has(node.op) ? this.#known.get(first) : undefined;
  }
}
