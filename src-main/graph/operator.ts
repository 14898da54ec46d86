import type { Builder } from './builder.ts';
import type { Node, Tensor, ValueType } from './ir.ts';

/** What a shape rule may look at: the node, the types of its inputs, and the inputs whose value is known. */
export interface InferContext {
  readonly node: Node;
  /** Type of each input; `undefined` where the optional input is omitted. */
  readonly inputs: readonly (ValueType | undefined)[];
  /** Value of input `index` where it is a constant, else `undefined`. */
  readonly constant: (index: number) => Tensor | undefined;
}

/** What a gradient rule may look at and use. */
export interface GradientContext {
  readonly node: Node;
  /** Names of the node's inputs and outputs, with their types. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly inputTypes: readonly (ValueType | undefined)[];
  readonly outputTypes: readonly ValueType[];
  /** Cotangent (dL/d output) of each output, `null` where the objective does not depend on it. At least one is set. */
  readonly cotangents: readonly (string | null)[];
  /** Whether the gradient of input `index` is asked for: a rule must not build what nobody wants. */
  readonly wants: (index: number) => boolean;
  readonly constant: (index: number) => Tensor | undefined;
  /** The forward node that makes a value; `undefined` for inputs and constants. */
  readonly producer: (value: string) => Node | undefined;
  /** Adds nodes to the graph under construction. */
  readonly build: Builder;
}

/**
 * An operator of the canonical opset. Each family of operators is one small file that holds, for each of its members,
 * the shape rule, the gradient and the citation.
 */
export interface Operator {
  readonly name: string;
  /** Whether the outputs follow from the types of the inputs alone (Shape, Size): `evaluate` then gets empty data. */
  readonly ofTypes?: boolean;
  /** Types of the outputs. @throws Error with a reason (no node name: the caller adds it) when the inputs do not fit. */
  infer(context: InferContext): ValueType[];
  /**
   * Vector-Jacobian product: for each input the name of dL/d input (same shape as the input), or `null` where none
   * flows (integer inputs, inputs that are not wanted, functions that are constant almost everywhere).
   * Absent for an operator with no useful derivative at all, such as Shape.
   */
  gradient?(context: GradientContext): (string | null)[];
  /**
   * Value of the outputs when every input is constant (`undefined` where an optional one is omitted). Needed for what
   * exporters compute shapes and weights with; absent where no exporter does.
   */
  evaluate?(node: Node, inputs: readonly (Tensor | undefined)[]): Tensor[];
}
