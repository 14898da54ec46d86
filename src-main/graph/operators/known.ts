import type { InferContext } from '../operator.ts';
import type { Node, Tensor, ValueType } from '../ir.ts';
import { numbersOf } from '../tensor.ts';

/** What the readers below need: the shape rule's context and the gradient's both have it. */
export interface Inputs {
  readonly inputs: readonly unknown[];
  readonly constant: (index: number) => Tensor | undefined;
}

/** The numbers of an input, such as axes or a shape. @throws Error when it is omitted or not constant. */
export function numbersAt(context: Inputs, index: number, what: string): number[] {
  const found = optionalNumbersAt(context, index, what);
  if (!found) throw new Error(`its ${what} are missing`);
  return found;
}

/** The same, but `undefined` where the input is omitted. @throws Error when it is not constant. */
export function optionalNumbersAt(
  context: Inputs,
  index: number,
  what: string,
): number[] | undefined {
  if (!context.inputs[index]) return undefined;
  const value = context.constant(index);
  if (!value) throw new Error(`its ${what} are computed from the image and not constant`);
  return Array.from(numbersOf(value));
}

/** The type of an input. @throws Error when it is omitted. */
export function typeAt(context: InferContext, index: number): ValueType {
  const type = context.inputs[index];
  if (!type) throw new Error(`input ${index} is missing`);
  return type;
}

/** What a shape rule looks at when every input is known. */
export function known(node: Node, inputs: readonly (Tensor | undefined)[]): InferContext {
  return { node, inputs, constant: (index) => inputs[index] };
}
