import { attr, stringAttr } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import type { Node } from '../ir.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';
import { parseEquation, sizesOf, type Equation } from './einsum-equation.ts';

/** ONNX operator Einsum: https://onnx.ai/onnx/operators/onnx__Einsum.html */
function equationOf(node: Node, shapes: readonly (readonly number[])[]): Equation {
  const ranks = shapes.map((dims) => dims.length);
  return parseEquation(stringAttr(node, 'equation', ''), ranks);
}

function infer({ node, inputs }: InferContext) {
  const types = inputs.map((input) => input!);
  const shapes = types.map(({ dims }) => dims);
  const equation = equationOf(node, shapes);
  const sizes = sizesOf(equation, shapes);
  return [
    {
      dtype: types[0].dtype,
      dims: Array.from(equation.result).map((letter) => sizes.get(letter)!),
    },
  ];
}

/**
 * Another summation: the cotangent takes the operand's place and the operand's term the result's. Indices that only
 * this operand has were summed away; along them the gradient is constant.
 */
function operandGradient(
  context: GradientContext,
  { terms, result }: Equation,
  index: number,
): string {
  const { build, inputs, inputTypes, cotangents } = context;
  const sizes = sizesOf(
    { terms, result },
    inputTypes.map((type) => type!.dims),
  );
  const others = inputs.filter((_, i) => i !== index);
  const from = [result, ...terms.filter((_, i) => i !== index)];
  const found = Array.from(terms[index])
    .filter((letter) => from.join('').includes(letter))
    .join('');
  const operands = [cotangents[0]!, ...others];
  const summed = summation(build, operands, from, found);
  const full = Array.from(terms[index]).map((letter) => sizes.get(letter)!);
  const opened = Array.from(terms[index]).map((letter, i) =>
    found.includes(letter) ? full[i] : 1,
  );
  const kept = build.reshape(summed, opened);
  const stretched = found === terms[index] ? kept : build.add('Expand', [kept, build.shape(full)]);
  return build.sumTo(stretched, inputTypes[index]!.dims);
}

function summation(
  build: Builder,
  operands: readonly string[],
  terms: readonly string[],
  result: string,
): string {
  if (operands.length === 1 && terms[0] === result) return operands[0];
  const equation = attr.string(`${terms.join(',')}->${result}`);
  return build.add('Einsum', operands, { equation });
}

function gradient(context: GradientContext): (string | null)[] {
  const shapes = context.inputTypes.map((type) => type!.dims);
  const equation = equationOf(context.node, shapes);
  return context.inputs.map((_, i) =>
    context.wants(i) ? operandGradient(context, equation, i) : null,
  );
}

export const summations: readonly Operator[] = [{ name: 'Einsum', infer, gradient }];
