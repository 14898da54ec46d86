import { algebra, type Algebra } from '../algebra.ts';
import { broadcastDims, mapElements, type Element } from '../broadcast.ts';
import type { DType, Node, Tensor, ValueType } from '../ir.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';

/** What the derivative of an elementwise operator is written with. */
export interface Pull {
  readonly e: Algebra;
  /** The cotangent, with the output's shape. */
  readonly g: string;
  /** The inputs by name; `x` is the first. */
  readonly inputs: readonly string[];
  readonly x: string;
  readonly y: string;
  readonly context: GradientContext;
}

/** dL/d input before broadcasting is undone, or `null` where the function is constant almost everywhere. */
export type Rule = (pull: Pull) => string | null;

interface Arithmetic {
  readonly name: string;
  /** Value on floats. Absent where no exporter computes constants with it. */
  readonly float?: (...values: number[]) => number;
  /** Value on integers, of any width: results wrap around as in C. Absent where only floats are allowed. */
  readonly integer?: (...values: bigint[]) => bigint;
}

export interface UnarySpec extends Arithmetic {
  readonly pull: Rule;
  /** Value on floats where it depends on attributes. */
  readonly floatOf?: (node: Node) => (x: number) => number;
}

export interface BinarySpec extends Arithmetic {
  /** One rule for each input. */
  readonly pull: readonly [Rule, Rule];
}

export interface VariadicSpec extends Required<Arithmetic> {
  /** dL/d input `index` before broadcasting is undone, for all inputs that are wanted. */
  readonly pull: (pull: Pull) => (index: number) => string;
}

/** An operator of one input that keeps type and shape. */
export function unary(spec: UnarySpec): Operator {
  const known = spec.float !== undefined || spec.floatOf !== undefined;
  return {
    name: spec.name,
    infer: (context) => [sameType(context, 1)],
    gradient: (context) => [spec.pull(pullOf(context))],
    ...(known && {
      evaluate: (node, inputs) => [
        calculate({ ...spec, float: spec.floatOf?.(node) ?? spec.float }, inputs),
      ],
    }),
  };
}

/** An operator of two inputs of one type, broadcast together. */
export function binary(spec: BinarySpec): Operator {
  return {
    name: spec.name,
    infer: (context) => [sameType(context, 2)],
    gradient: (context) => {
      const pull = pullOf(context);
      return spec.pull.map((rule, index) =>
        context.wants(index) ? reduced(pull, rule(pull), index) : null,
      );
    },
    evaluate: (_, inputs) => [calculate(spec, inputs)],
  };
}

/** An operator of one or more inputs of one type, broadcast together. A single input is returned as it is. */
export function variadic(spec: VariadicSpec): Operator {
  return {
    name: spec.name,
    infer: (context) => [sameType(context, 1)],
    gradient: (context) => {
      const pull = pullOf(context);
      if (context.inputs.length === 1) return [pull.g];
      const part = spec.pull(pull);
      return context.inputs.map((_, i) => (context.wants(i) ? reduced(pull, part(i), i) : null));
    },
    evaluate: (_, inputs) => [calculate(spec, inputs)],
  };
}

/** Type of an elementwise result. @param least how many inputs there must be @throws Error when they do not fit */
export function sameType({ inputs }: InferContext, least: number): ValueType {
  const given = inputs.filter((input) => input !== undefined);
  if (given.length < least) throw new Error(`${least} inputs are needed, not ${given.length}`);
  const odd = given.find((input) => input.dtype !== given[0].dtype);
  if (odd) throw new Error(`the inputs are ${given[0].dtype} and ${odd.dtype}, not of one type`);
  return { dtype: given[0].dtype, dims: broadcastDims(given.map((input) => input.dims)) };
}

export function pullOf(context: GradientContext): Pull {
  const { inputs, outputs, cotangents } = context;
  return {
    e: algebra(context.build),
    g: cotangents[0]!,
    inputs,
    x: inputs[0],
    y: outputs[0],
    context,
  };
}

function reduced({ context }: Pull, value: string | null, index: number): string | null {
  return value && context.build.sumTo(value, context.inputTypes[index]!.dims);
}

/** Computes constants: integers as 64-bit integers, so that division and overflow are right. */
function calculate(spec: Arithmetic, inputs: readonly (Tensor | undefined)[]): Tensor {
  const given = inputs.filter((input) => input !== undefined);
  const { dtype } = given[0];
  const { float, integer } = spec;
  if (dtype === 'float32') {
    if (!float) throw new Error(`${spec.name} cannot be computed on constants`);
    return mapElements(dtype, given, float as (...values: Element[]) => number);
  }
  if (!integer) throw new Error(`${spec.name} takes no ${dtype}`);
  return mapElements(dtype, given, onIntegers(dtype, integer));
}

function onIntegers(
  dtype: DType,
  integer: (...values: bigint[]) => bigint,
): (...values: Element[]) => Element {
  if (dtype === 'int64') return integer as (...values: Element[]) => bigint;
  return (...values) => Number(integer(...values.map(BigInt)));
}
