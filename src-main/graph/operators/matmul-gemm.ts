import { attr, floatAttr, intAttr } from '../attributes.ts';
import { broadcastDims } from '../broadcast.ts';
import type { Builder } from '../builder.ts';
import { sameDims, type Node, type ValueType } from '../ir.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';
import { algebra } from '../algebra.ts';

/** alpha · A′ · B′ + beta · C, where ′ may transpose: https://onnx.ai/onnx/operators/onnx__Gemm.html */
interface Form {
  readonly alpha: number;
  readonly beta: number;
  readonly transA: boolean;
  readonly transB: boolean;
}

function formOf(node: Node): Form {
  return {
    alpha: floatAttr(node, 'alpha', 1),
    beta: floatAttr(node, 'beta', 1),
    transA: intAttr(node, 'transA', 0) !== 0,
    transB: intAttr(node, 'transB', 0) !== 0,
  };
}

function infer({ node, inputs: [a, b, c] }: InferContext): ValueType[] {
  if (!a || !b) throw new Error('2 inputs are needed');
  if (a.dims.length !== 2 || b.dims.length !== 2) throw new Error('A and B must be matrices');
  const { transA, transB } = formOf(node);
  const [m, k] = transA ? [a.dims[1], a.dims[0]] : a.dims;
  const [l, n] = transB ? [b.dims[1], b.dims[0]] : b.dims;
  if (k !== l) throw new Error(`A has ${k} columns and B ${l} rows`);
  const dims = [m, n];
  if (c && !sameDims(broadcastDims([dims, c.dims]), dims)) {
    throw new Error(`C of shape [${c.dims.join(', ')}] does not stretch to [${m}, ${n}]`);
  }
  return [{ dtype: a.dtype, dims }];
}

function product(build: Builder, a: string, b: string, form: Omit<Form, 'beta'>): string {
  return build.add('Gemm', [a, b], {
    ...(form.alpha !== 1 && { alpha: attr.float(form.alpha) }),
    ...(form.transA && { transA: attr.int(1) }),
    ...(form.transB && { transB: attr.int(1) }),
  });
}

/** d/dA: g B′ᵀ, and its transpose B′ gᵀ where A is read transposed. The flags do it: no weight is copied. */
function leftGradient(
  build: Builder,
  g: string,
  b: string,
  { alpha, transA, transB }: Form,
): string {
  return transA
    ? product(build, b, g, { alpha, transA: transB, transB: true })
    : product(build, g, b, { alpha, transA: false, transB: !transB });
}

/** d/dB: A′ᵀ g, and its transpose gᵀ A′ where B is read transposed. */
function rightGradient(
  build: Builder,
  g: string,
  a: string,
  { alpha, transA, transB }: Form,
): string {
  return transB
    ? product(build, g, a, { alpha, transA: true, transB: transA })
    : product(build, a, g, { alpha, transA: !transA, transB: false });
}

function gradient(context: GradientContext): (string | null)[] {
  const { build, node, inputs, inputTypes, cotangents } = context;
  const form = formOf(node);
  const g = cotangents[0]!;
  const bias = (): string => algebra(build).mul(build.sumTo(g, inputTypes[2]!.dims), form.beta);
  return [
    context.wants(0) ? leftGradient(build, g, inputs[1], form) : null,
    context.wants(1) ? rightGradient(build, g, inputs[0], form) : null,
    context.wants(2) ? bias() : null,
  ];
}

export const generalProducts: readonly Operator[] = [{ name: 'Gemm', infer, gradient }];
