import { algebra, type Algebra } from '../algebra.ts';
import { floatAttr, intAttr } from '../attributes.ts';
import { sizeOf, type ValueType } from '../ir.ts';
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

/**
 * With s = k + α/n · B x² (B sums over neighbouring channels) and y = x · s^−β, the cotangent of x is
 * g · s^−β − 2αβ/n · x · B (g · x · s^(−β−1)), for B is symmetric: every channel also answers for what it does to its neighbours.
 */
function gradient(context: GradientContext): (string | null)[] {
  const { node, build } = context;
  const { dims } = context.inputTypes[0]!;
  const g = context.cotangents[0]!;
  const x = context.inputs[0];
  const beta = floatAttr(node, 'beta', 0.75);
  const size = intAttr(node, 'size', 1);
  const share = floatAttr(node, 'alpha', 1e-4) / size;
  const sums = band(dims[1], size);
  const across = (value: string, map: AxisMap): string => {
    const flat = build.reshape(value, [dims[0], dims[1], sizeOf(dims.slice(2))]);
    return build.reshape(applyMaps(build, flat, [null, map, null]), dims);
  };
  const e = algebra(build);
  const energy = across(e.square(x), sums);
  const s = e.add(e.mul(energy, share), floatAttr(node, 'bias', 1));
  const direct = e.mul(g, inversePower(e, s, beta));
  const neighbours = across(e.div(e.mul(direct, x), s), sums);
  return [e.sub(direct, e.mul(e.mul(neighbours, x), 2 * share * beta))];
}

/** s^−β for s > 0; the usual 0.75 without Pow, which engines compute slowly. */
function inversePower(e: Algebra, s: string, beta: number): string {
  if (beta !== 0.75) return e.pow(s, -beta);
  const root = e.apply('Sqrt', s);
  return e.apply('Reciprocal', e.mul(root, e.apply('Sqrt', root)));
}

/** ONNX operator LRN. Source: Krizhevsky et al. 2012, "ImageNet classification with deep convolutional neural networks". */
export const localResponses: readonly Operator[] = [{ name: 'LRN', infer, gradient }];
