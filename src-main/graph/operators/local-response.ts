import { algebra, type Algebra } from '../algebra.ts';
import { floatAttr, intAttr } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { sizeOf, type Node, type ValueType } from '../ir.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';
import { applyMaps, axisMap, type AxisMap } from './axis-map.ts';

function infer({ node, inputs }: InferContext): ValueType[] {
  const x = inputs[0];
  if (!x || x.dims.length < 2) throw new Error('LRN needs an input [N, C, …]');
  // onnxruntime computes no other, and no exporter writes one.
  if (intAttr(node, 'size', 0) % 2 !== 1) throw new Error('LRN needs an odd size');
  return [{ dtype: x.dtype, dims: x.dims }];
}

/** Sums over the neighbouring channels that LRN looks at: [C, C], ones in a band. */
function band(channels: number, size: number): AxisMap {
  const map = axisMap(channels, channels);
  for (let c = 0; c < channels; c++) {
    const first = Math.max(0, c - (size - 1) / 2);
    const last = Math.min(channels - 1, c + (size - 1) / 2);
    for (let other = first; other <= last; other++) map.weights[c * channels + other] = 1;
  }
  return map;
}

/** Sums a value [N, C, …] over neighbouring channels. */
function sumAcross(build: Builder, value: string, size: number): string {
  const dims = build.dims(value);
  const flat = build.reshape(value, [dims[0], dims[1], sizeOf(dims.slice(2))]);
  return build.reshape(applyMaps(build, flat, [null, band(dims[1], size), null]), dims);
}

/** s = k + α/n · B x², where B sums over n neighbouring channels, and s^−β: LRN(x) = x · s^−β. */
export function inverseResponse(
  build: Builder,
  node: Node,
  x: string,
): { s: string; power: string } {
  const e = algebra(build);
  const size = intAttr(node, 'size', 1);
  const energy = sumAcross(build, e.square(x), size);
  const share = floatAttr(node, 'alpha', 1e-4) / size;
  const s = e.add(e.mul(energy, share), floatAttr(node, 'bias', 1));
  return { s, power: inversePower(e, s, floatAttr(node, 'beta', 0.75)) };
}

/**
 * The cotangent of x is g · s^−β − 2αβ/n · x · B (g · x · s^(−β−1)), for B is symmetric: every channel also answers
 * for what it does to its neighbours.
 */
function gradient(context: GradientContext): (string | null)[] {
  const { node, build } = context;
  const [g, x] = [context.cotangents[0]!, context.inputs[0]];
  const e = algebra(build);
  const size = intAttr(node, 'size', 1);
  const { s, power } = inverseResponse(build, node, x);
  const direct = e.mul(g, power);
  const neighbours = sumAcross(build, e.div(e.mul(direct, x), s), size);
  const factor = (2 * floatAttr(node, 'alpha', 1e-4) * floatAttr(node, 'beta', 0.75)) / size;
  return [e.sub(direct, e.mul(e.mul(neighbours, x), factor))];
}

/** s^−β for s > 0; the usual 0.75 without Pow, which engines compute slowly. */
function inversePower(e: Algebra, s: string, beta: number): string {
  if (beta !== 0.75) return e.pow(s, -beta);
  const root = e.apply('Sqrt', s);
  return e.apply('Reciprocal', e.mul(root, e.apply('Sqrt', root)));
}

/** ONNX operator LRN. Source: Krizhevsky et al. 2012, "ImageNet classification with deep convolutional neural networks". */
export const localResponses: readonly Operator[] = [{ name: 'LRN', infer, gradient }];
