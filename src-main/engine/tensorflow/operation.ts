import type * as TensorFlow from '@tensorflow/tfjs-core';
import type { Node, Tensor, ValueType } from '../../graph/ir.ts';

/** The functions of TensorFlow.js. They are handed in, for the package may only load in the engine's thread. */
export type TF = typeof TensorFlow;

/** A tensor in the memory of TensorFlow's backend. */
export type Handle = TensorFlow.Tensor;

/**
 * Where the channels of a value of rank 4 lie: after the batch, as ONNX has them, or last, as TensorFlow's
 * convolutions want them. Values of other ranks always lie as in ONNX.
 */
export type Layout = 'first' | 'last';

/** An input of a node, as the compiler knows it. Its dimensions are those of ONNX, whatever the layout. */
export interface Operand extends ValueType {
  /** How it lies in memory; a constant lies as it is asked for. */
  readonly layout: Layout;
  readonly constant: Tensor | undefined;
}

/** What an operator may look at and use when it is made ready. */
export interface Site {
  readonly tf: TF;
  readonly node: Node;
  /** `undefined` where an optional input is omitted. */
  readonly inputs: readonly (Operand | undefined)[];
  readonly outputs: readonly ValueType[];
  readonly constant: (index: number) => Tensor | undefined;
  /** Puts numbers into native memory, where they stay until the graph is released. */
  readonly keep: (
    data: Float32Array | Int32Array | Uint8Array,
    dims: readonly number[],
    dtype: 'float32' | 'int32' | 'bool',
  ) => Handle;
  /**
   * An input in another form: computed once where it is constant, and in every run where it is not.
   * @param change may make intermediate tensors
   */
  readonly prepared: (index: number, change: (value: Handle) => Handle) => Prepared;
}

/** How an operator reads an input that it brings into a form of its own. */
export interface Prepared {
  readonly reads: Layout | 'unread';
  /** @param inputs those of the run */
  of(inputs: readonly Handle[]): Handle;
}

/** A node made ready: what it reads, and how it is computed. */
export interface Kernel {
  /** The layout in which each input is read; `first` by default. An input that is `unread` is not handed over. */
  readonly reads?: readonly (Layout | 'unread')[];
  /** The layout of all outputs of rank 4; `first` by default. */
  readonly gives?: Layout;
  /**
   * @param inputs one for each of the node's, absent where it is omitted or unread
   * @returns one for each output; intermediate tensors are disposed by the caller
   */
  run(inputs: readonly Handle[]): Handle | readonly Handle[];
}

/** How an ONNX operator is computed with TensorFlow.js. @throws Error with a reason where a form of it cannot be. */
export type Operation = (site: Site) => Kernel;

export type Operations = Readonly<Record<string, Operation>>;
