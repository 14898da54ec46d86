import { readFileSync } from 'node:fs';
import { attr } from '../../src-main/graph/attributes.ts';
import type { Attribute, DType, Tensor } from '../../src-main/graph/ir.ts';
import { floats, tensor } from '../../src-main/graph/tensor.ts';
import { expectClose, vectorJacobian, type OperatorCase } from './gradient.ts';

interface Stored {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

/** One application of an operator and what another program says about it. */
export interface GoldenCase {
  readonly name: string;
  readonly op: string;
  readonly attributes: Readonly<Record<string, number | string | readonly number[]>>;
  /** Differentiable inputs; `null` where an optional one is omitted or given by `fixed`. */
  readonly inputs: readonly (Stored | null)[];
  readonly fixed: readonly (readonly [index: number, dtype: DType, values: readonly number[]])[];
  readonly cotangent: Stored;
  readonly output: Stored;
  readonly gradients: readonly (Stored | null)[];
}

/** The cases of a golden file. */
export function goldenCases(url: URL): GoldenCase[] {
  return JSON.parse(readFileSync(url, 'utf8')) as GoldenCase[];
}

const FLOATS = new Set(['epsilon', 'alpha', 'beta', 'bias', 'cubic_coeff_a']);
/** A tensor as golden files hold it. */
export const stored = ({ dims, data }: Stored): Tensor => floats(dims, data);

function attribute(name: string, value: number | string | readonly number[]): Attribute {
  if (typeof value === 'string') return attr.string(value);
  if (typeof value === 'number') return FLOATS.has(name) ? attr.float(value) : attr.int(value);
  return attr.ints(value);
}

/** The operator of a case. @param wrt inputs that vary */
export function operatorCaseOf(golden: GoldenCase, wrt: readonly number[]): OperatorCase {
  const inputs: (Tensor | undefined)[] = golden.inputs.map((input) =>
    input ? stored(input) : undefined,
  );
  for (const [index, dtype, values] of golden.fixed) {
    inputs[index] = tensor(dtype, [values.length], values);
  }
  const attributes = Object.fromEntries(
    Object.entries(golden.attributes).map(([name, value]) => [name, attribute(name, value)]),
  );
  return { op: golden.op, inputs, attributes, wrt };
}

/**
 * Runs a case on onnxruntime, forward and backward, and compares with the golden figures.
 * @param tolerance relative to the largest value of each array; figures are single precision
 */
export async function checkGolden(golden: GoldenCase, tolerance = 2e-6): Promise<void> {
  const wrt = golden.gradients.flatMap((gradient, index) => (gradient ? [index] : []));
  for (const set of new Set([wrt, wrt.slice(0, 1)])) await checkInputs(golden, set, tolerance);
}

/** With every differentiable input varying, and (as in a classifier) with all but the first constant. */
async function checkInputs(
  golden: GoldenCase,
  wrt: readonly number[],
  tolerance: number,
): Promise<void> {
  const given = operatorCaseOf(golden, wrt);
  const found = await vectorJacobian(given, [stored(golden.cotangent)]);
  expectClose(found.outputs[0], stored(golden.output), tolerance, `${golden.name}, output`);
  for (const index of wrt) {
    const what = `${golden.name}, gradient ${index}`;
    expectClose(found.gradients[index]!, stored(golden.gradients[index]!), tolerance, what);
  }
}
