import { attr } from '../attributes.ts';
import { Draft } from '../draft.ts';
import type { Attributes, GraphInput, Tensor } from '../ir.ts';
import { floats, ints } from '../tensor.ts';
import { unsupportedForm } from './errors.ts';

/**
 * A value of the network as Keras sees it, and how it lies in memory. Convolutions want their channels in the second
 * place; Keras has them in the last. So a value is turned when a layer needs it, and stays like that until another layer
 * needs it otherwise.
 */
export interface Value {
  readonly name: string;
  /** Number of dimensions, the batch included. */
  readonly rank: number;
  /** Whether Keras's last axis lies in the second place. Never of a value of less than three dimensions. */
  readonly isTurned: boolean;
}

/** The graph that a Keras model is written into. */
export class KerasNetwork {
  readonly draft = new Draft();
  readonly inputs: GraphInput[] = [];
  /** Whether the network scales pixels itself: then it takes them from 0 to 255. */
  isScaling = false;

  input(name: string, dims: GraphInput['dims']): Value {
    const input = { name: this.draft.reserve(name), dtype: 'float32' as const, dims };
    this.inputs.push(input);
    return { name: input.name, rank: dims.length, isTurned: false };
  }

  /** Adds an operator that keeps rank and layout of its first value. @param module way to the layer, with slashes */
  map(
    op: string,
    module: string,
    value: Value,
    more: readonly string[] = [],
    attributes: Attributes = {},
  ): Value {
    return { ...value, name: this.op(op, module, [value.name, ...more], attributes) };
  }

  /** Adds any operator. */
  op(op: string, module: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.draft.add(op, `${module}/${op}`, inputs, attributes);
  }

  /** The value with Keras's last axis in the second place. */
  turned(module: string, value: Value): Value {
    if (value.isTurned || value.rank < 3) return value;
    const perm = [0, value.rank - 1, ...upTo(1, value.rank - 1)];
    return { ...value, name: this.transpose(module, value.name, perm), isTurned: true };
  }

  /** The value as Keras sees it. */
  plain(module: string, value: Value): Value {
    if (!value.isTurned) return value;
    const perm = [0, ...upTo(2, value.rank), 1];
    return { ...value, name: this.transpose(module, value.name, perm), isTurned: false };
  }

  /** Values that lie alike, as elementwise operators need them. @throws GraphError when their ranks differ */
  alike(module: string, values: readonly Value[]): Value[] {
    const [first] = values;
    if (values.some(({ rank }) => rank !== first.rank)) {
      throw unsupportedForm(module, 'joins values of different ranks');
    }
    return values.map((value) =>
      values.every(({ isTurned }) => isTurned) ? value : this.plain(module, value),
    );
  }

  transpose(module: string, value: string, perm: readonly number[]): string {
    return this.op('Transpose', module, [value], { perm: attr.ints(perm) });
  }

  scalar(module: string, value: number): string {
    return this.draft.constant(`${module}/value`, floats([], [value]));
  }

  vector(module: string, values: readonly number[]): string {
    return this.draft.constant(`${module}/numbers`, ints([values.length], values));
  }

  constant(module: string, role: string, value: Tensor): string {
    return this.draft.constant(`${module}/${role}`, value);
  }
}

/** Where an axis of Keras lies. @throws GraphError when there is no such axis */
export function physicalAxis(layer: string, { rank, isTurned }: Value, axis: number): number {
  const at = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(at) || at < 0 || at >= rank) {
    throw unsupportedForm(layer, `works along axis ${axis} of ${rank}`);
  }
  if (!isTurned || at === 0) return at;
  return at === rank - 1 ? 1 : at + 1;
}

export const upTo = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
