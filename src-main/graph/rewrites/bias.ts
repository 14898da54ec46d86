import { sizeOf, type Tensor } from '../ir.ts';
import type { Rewrite, Site } from '../rewrite.ts';
import { floats, numbersOf } from '../tensor.ts';

/** A convolution that this node alone reads, with its constants, and the other operand by channel. */
interface Found {
  readonly inputs: readonly string[];
  readonly attributes: Parameters<Site['build']['add']>[2];
  readonly weights: Tensor;
  readonly bias: ArrayLike<number> | undefined;
  readonly operand: ArrayLike<number>;
}

function find({ node, build, producer, isSole }: Site): Found | null {
  const at = node.inputs.findIndex((input) => producer(input)?.op === 'Conv' && isSole(input));
  if (at < 0 || node.inputs.length !== 2) return null;
  const { inputs, attributes } = producer(node.inputs[at])!;
  const weights = build.constants.get(inputs[1]);
  const bias = inputs[2] ? build.constants.get(inputs[2]) : undefined;
  const operand = build.constants.get(node.inputs[1 - at]);
  if (!weights || (inputs[2] && !bias) || !operand) return null;
  const values = byChannel(operand, weights.dims);
  return values && { inputs, attributes, weights, bias: bias && numbersOf(bias), operand: values };
}

/** A constant of one number, or one for each channel: [C, 1, 1], [1, C, 1, 1]. */
function byChannel(operand: Tensor, { length, 0: channels }: readonly number[]) {
  const count = sizeOf(operand.dims);
  const values = numbersOf(operand);
  if (operand.dtype !== 'float32' || operand.dims.length > length) return null;
  if (count === 1) return new Float32Array(channels).fill(values[0]);
  const axis = operand.dims.length - length + 1;
  return operand.dims[axis] === channels && count === channels ? values : null;
}

/** Conv(x) + b is a convolution with another bias, as TensorFlow writes biases. */
export const mergeBiasIntoConvolution: Rewrite = (site) => {
  const found = find(site);
  if (!found) return null;
  const { inputs, attributes, weights, bias, operand } = found;
  const sums = Float32Array.from(
    { length: weights.dims[0] },
    (_, c) => operand[c] + (bias?.[c] ?? 0),
  );
  const moved = site.build.constant(floats([sums.length], sums), 'bias');
  return site.build.add('Conv', [inputs[0], inputs[1], moved], attributes);
};

/** Conv(x) · s is a convolution with other weights: normalisation that TensorFlow writes as product and sum. */
export const mergeScaleIntoConvolution: Rewrite = (site) => {
  const found = find(site);
  if (!found) return null;
  const { inputs, attributes, weights, bias, operand } = found;
  const row = sizeOf(weights.dims.slice(1));
  const data = Float32Array.from(numbersOf(weights), (w, i) => w * operand[Math.floor(i / row)]);
  const scaled = site.build.constant({ ...weights, data }, 'weights');
  const shifted = bias && Float32Array.from(bias, (b, c) => b * operand[c]);
  const rest = shifted ? [site.build.constant(floats([shifted.length], shifted), 'bias')] : [];
  return site.build.add('Conv', [inputs[0], scaled, ...rest], attributes);
};
