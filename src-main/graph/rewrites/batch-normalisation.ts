import { floatAttr } from '../attributes.ts';
import { sizeOf, type Tensor } from '../ir.ts';
import { floats, numbersOf } from '../tensor.ts';
import type { Rewrite } from '../rewrite.ts';

/**
 * Batch normalisation with fixed statistics, behind a convolution that nobody else reads, is that convolution with
 * other weights: W · s / √(v + ε) and (b − m) · s / √(v + ε) + β, channel by channel.
 * Source: Ioffe & Szegedy 2015, arXiv 1502.03167, algorithm 2.
 */
export const foldBatchNormalisation: Rewrite = ({ node, build, producer, isSole, constant }) => {
  const convolution = producer(node.inputs[0]);
  if (convolution?.op !== 'Conv' || !isSole(node.inputs[0])) return null;
  const [x, w, b] = convolution.inputs;
  const [weights, bias] = [build.constants.get(w), b ? build.constants.get(b) : undefined];
  const parameters = [1, 2, 3, 4].map((index) => constant(index));
  if (!weights || (b && !bias) || parameters.includes(undefined)) return null;
  const [scale, shift, mean, variance] = (parameters as Tensor[]).map(numbersOf);
  const epsilon = floatAttr(node, 'epsilon', 1e-5);
  const slopes = Float64Array.from(scale, (s, c) => s / Math.sqrt(variance[c] + epsilon));
  const offsets = bias ? numbersOf(bias) : new Float32Array(slopes.length);
  const shifted = slopes.map((slope, c) => (offsets[c] - mean[c]) * slope + shift[c]);
  const scaled = build.constant(scaleRows(weights, slopes), 'weights');
  const moved = build.constant(floats([slopes.length], shifted), 'bias');
  return build.add('Conv', [x, scaled, moved], convolution.attributes);
};

function scaleRows(weights: Tensor, slopes: Float64Array): Tensor {
  const row = sizeOf(weights.dims.slice(1));
  const data = Float32Array.from(
    numbersOf(weights),
    (value, i) => value * slopes[Math.floor(i / row)],
  );
  return { dtype: 'float32', dims: weights.dims, data };
}
