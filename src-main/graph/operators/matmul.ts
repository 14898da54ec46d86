import { attr } from '../attributes.ts';
import { broadcastDims, broadcastIndices } from '../broadcast.ts';
import type { Builder } from '../builder.ts';
import { sizeOf, type Tensor, type ValueType } from '../ir.ts';
import type { GradientContext, Operator } from '../operator.ts';
import { numbersOf, tensor } from '../tensor.ts';
import { swapLast, transposedLast } from './matmul-transpose.ts';

/**
 * The matrix product of numpy.matmul, for all ranks: https://onnx.ai/onnx/operators/onnx__MatMul.html
 * Gradients: Giles 2008, "An extended collection of matrix derivative results", 2.2.2.
 */

/** The two operands as matrices: a vector on the left is a row, on the right a column. */
interface Matrices {
  readonly a: readonly number[];
  readonly b: readonly number[];
  /** Shape of the product of the two. */
  readonly product: readonly number[];
}

function matricesOf(a: readonly number[], b: readonly number[]): Matrices {
  if (a.length === 0 || b.length === 0) throw new Error('a scalar has no matrix product');
  const left = a.length === 1 ? [1, a[0]] : a;
  const right = b.length === 1 ? [b[0], 1] : b;
  if (left.at(-1) !== right.at(-2)) {
    throw new Error(`the shapes [${a.join(', ')}] and [${b.join(', ')}] have no matrix product`);
  }
  const batch = broadcastDims([left.slice(0, -2), right.slice(0, -2)]);
  return { a: left, b: right, product: [...batch, left.at(-2)!, right.at(-1)!] };
}

/** Shape of the result: the axes that were put to vectors are taken away again. */
function resultDims(a: readonly number[], b: readonly number[]): number[] {
  const { product } = matricesOf(a, b);
  const batch = product.slice(0, -2);
  const rows = a.length === 1 ? [] : [product.at(-2)!];
  return [...batch, ...rows, ...(b.length === 1 ? [] : [product.at(-1)!])];
}

function infer(a: ValueType | undefined, b: ValueType | undefined): ValueType[] {
  if (!a || !b) throw new Error('2 inputs are needed');
  if (a.dtype !== b.dtype) throw new Error(`the inputs are ${a.dtype} and ${b.dtype}`);
  return [{ dtype: a.dtype, dims: resultDims(a.dims, b.dims) }];
}

/** All rows of a batch of matrices as one matrix. */
function rows(build: Builder, value: string): string {
  const dims = build.dims(value);
  return build.reshape(value, [sizeOf(dims.slice(0, -1)), dims.at(-1)!]);
}

/** g · bᵀ. A single b takes all rows at once, and Gemm reads it transposed: nothing is copied. */
function leftGradient(build: Builder, g: string, b: string, left: readonly number[]): string {
  if (build.dims(b).length === 2) {
    const flat = build.add('Gemm', [rows(build, g), b], { transB: attr.int(1) });
    return build.reshape(flat, left);
  }
  return build.sumTo(build.add('MatMul', [g, transposedLast(build, b)]), left);
}

/** aᵀ · g, summed over the batch in the same product where b is a single matrix. */
function rightGradient(build: Builder, g: string, a: string, right: readonly number[]): string {
  if (right.length === 2) {
    return build.add('Gemm', [rows(build, a), rows(build, g)], { transA: attr.int(1) });
  }
  return build.sumTo(build.add('MatMul', [transposedLast(build, a), g]), right);
}

function gradient(context: GradientContext): (string | null)[] {
  const { build, inputs, inputTypes, cotangents } = context;
  const [left, right] = inputTypes.map((type) => type!.dims);
  const shapes = matricesOf(left, right);
  const g = build.reshape(cotangents[0]!, shapes.product);
  const a = build.reshape(inputs[0], shapes.a);
  const b = build.reshape(inputs[1], shapes.b);
  return [
    context.wants(0) ? build.reshape(leftGradient(build, g, b, shapes.a), left) : null,
    context.wants(1) ? build.reshape(rightGradient(build, g, a, shapes.b), right) : null,
  ];
}

/** Only for what exporters leave constant, such as tables of relative positions: three plain loops. */
function evaluate(a: Tensor, b: Tensor): Tensor {
  const { a: left, b: right, product } = matricesOf(a.dims, b.dims);
  const [m, n] = product.slice(-2);
  const k = left.at(-1)!;
  const batch = product.slice(0, -2);
  const fromA = broadcastIndices(left.slice(0, -2), batch);
  const fromB = broadcastIndices(right.slice(0, -2), batch);
  const x = numbersOf(a);
  const y = numbersOf(swapLast({ ...b, dims: right }));
  const results = new Float64Array(sizeOf(product));
  for (let i = 0; i < results.length; i++) {
    const matrix = Math.floor(i / (m * n));
    const row = (fromA[matrix] * m + (Math.floor(i / n) % m)) * k;
    const column = (fromB[matrix] * n + (i % n)) * k;
    for (let j = 0; j < k; j++) results[i] += x[row + j] * y[column + j];
  }
  return tensor(a.dtype, resultDims(a.dims, b.dims), results);
}

const matmul: Operator = {
  name: 'MatMul',
  infer: ({ inputs: [a, b] }) => infer(a, b),
  gradient,
  evaluate: (_, [a, b]) => [evaluate(a!, b!)],
};

export const products: readonly Operator[] = [matmul];
