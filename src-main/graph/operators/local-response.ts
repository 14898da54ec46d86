import { floatAttr, intAttr } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { sizeOf, type ValueType } from '../ir.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';
import { applyMaps, axisMap, transposed, type AxisMap } from './axis-map.ts';

function infer({ node, inputs }: InferContext): ValueType[] {
  const x = inputs[0];
  if (!x || x.dims.length < 2) throw new Error('LRN needs an input [N, C, …]');
  if (!(intAttr(node, 'size', 0) >= 1)) throw new Error('LRN needs a size of at least 1');
  return [{ dtype: x.dtype, dims: x.dims }];
}

/** Sums over the neighbouring channels that LRN looks at: [C, C], ones in a band. */
function band(channels: number, size: number): AxisMap {
  const map = axisMap(channels, channels);
  for (let c = 0; c < channels; c++) {
    const first = Math.max(0, c - Math.floor((size - 1) / 2));
    const last = Math.min(channels - 1, c + Math.ceil((size - 1) / 2));
    for (let other = first; other <= last; other++) map.weights[c * channels + other] = 1;
  }
  return map;
}

/**
 * With s = k + α/n · B x² (B sums over neighbouring channels) and y = x · s^−β, the cotangent of x is
 * g · s^−β − 2αβ/n · x · Bᵀ(g · x · s^(−β−1)): every channel also answers for what it does to its neighbours.
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
  const times = (a: string, b: string): string => build.add('Mul', [a, b]);
  const energy = across(times(x, x), sums);
  const bias = build.scalar(floatAttr(node, 'bias', 1));
  const s = build.add('Add', [times(energy, build.scalar(share)), bias]);
  const direct = times(g, inversePower(build, s, beta));
  const neighbours = across(build.add('Div', [times(direct, x), s]), transposed(sums));
  const indirect = times(times(neighbours, x), build.scalar(2 * share * beta));
  return [build.add('Sub', [direct, indirect])];
}

/** s^−β for s > 0; the usual 0.75 without Pow, which engines compute slowly. */
function inversePower(build: Builder, s: string, beta: number): string {
  if (beta !== 0.75) return build.add('Pow', [s, build.scalar(-beta)]);
  const root = build.add('Sqrt', [s]);
  const quarter = build.add('Sqrt', [root]);
  return build.add('Reciprocal', [build.add('Mul', [root, quarter])]);
}

/** ONNX operator LRN. Source: Krizhevsky et al. 2012, "ImageNet classification with deep convolutional neural networks". */
export const localResponses: readonly Operator[] = [{ name: 'LRN', infer, gradient }];
