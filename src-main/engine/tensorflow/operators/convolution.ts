import { intAttr } from '../../../graph/attributes.ts';
import { sizeOf } from '../../../graph/ir.ts';
import { adjointWindows } from '../../../graph/operators/transposed-convolution.ts';
import { spanOf, windowsOf, type Windows } from '../../../graph/operators/window.ts';
import { arrangeWeights, convolve, spread, type Convolution } from '../convolve.ts';
import type { Handle, Kernel, Operations, Prepared, Site, TF } from '../operation.ts';
import { frame } from './sections.ts';
import { volume } from './volume.ts';
import { asImage } from './windows.ts';

/** Convolutions of rows, images and volumes. https://onnx.ai/onnx/operators/onnx__Conv.html */

/** Images with channels last, and how to get there and back. */
interface Setting {
  readonly how: Convolution;
  readonly weights: Prepared;
  readonly bias: Prepared | undefined;
  /** From what is read to images, and before them whatever the operator needs. */
  readonly open: (x: Handle) => Handle;
}

function conv(site: Site): Kernel {
  const { tf, node, inputs } = site;
  const [x, w] = [inputs[0]!.dims, inputs[1]!.dims];
  const windows = windowsOf(node, x.slice(2), w.slice(2));
  const groups = intAttr(node, 'group', 1);
  if (windows.input.length === 3) {
    const same = (value: Handle): Handle => value;
    return volume(site, { windows, groups, weights: same, open: same, bias: biasOf(site) });
  }
  const image = windows.input.length === 1 ? asImage(windows) : windows;
  const how = { windows: image, groups, channels: x[1] };
  const weights = site.prepared(1, (value) =>
    arrangeWeights(tf, tf.reshape(value, [w[0], w[1], ...image.kernel]), how),
  );
  return kernelOf(site, { how, weights, bias: biasOf(site), open: (value) => value });
}

function biasOf(site: Site): Prepared | undefined {
  return site.inputs[2] && site.prepared(2, (bias) => bias.clone());
}

function kernelOf(site: Site, { how, weights, bias, open }: Setting): Kernel {
  const { tf, inputs, outputs } = site;
  const compute = (images: Handle, given: readonly Handle[]): Handle => {
    const product = convolve(tf, open(images), weights.of(given), how);
    return bias ? tf.add(product, bias.of(given)) : product;
  };
  const reads = [weights.reads, ...(bias ? [bias.reads] : [])];
  if (outputs[0].dims.length === 4) {
    return { reads: ['last', ...reads], gives: 'last', run: (given) => compute(given[0], given) };
  }
  const [batch, channels, length] = inputs[0]!.dims;
  const run = (given: readonly Handle[]): Handle => {
    const rows = tf.reshape(tf.transpose(given[0], [0, 2, 1]), [batch, 1, length, channels]);
    const result = compute(rows, given);
    const flat = tf.reshape(result, [batch, result.shape[2]!, result.shape[3]!]);
    return tf.transpose(flat, [0, 2, 1]);
  };
  return { reads: ['first', ...reads], run };
}

/**
 * The adjoint of a convolution is a convolution with the kernel turned round, of the input with zeros between its
 * elements: Dumoulin & Visin 2016, arXiv 1603.07285, section 4.
 */
function convTranspose(site: Site): Kernel {
  const { tf, node, inputs } = site;
  const [x, w] = [inputs[0]!.dims, inputs[1]!.dims];
  const groups = intAttr(node, 'group', 1);
  const given = adjointWindows(node, x.slice(2), w.slice(2));
  const adjoint = given.input.length === 1 ? asImage(given) : given;
  const margins = marginsOf(adjoint);
  const flipped = (value: Handle): Handle => turned(tf, value, groups, adjoint.kernel);
  const open = (images: Handle): Handle => {
    const apart = spread(tf, images, 1, adjoint.strides);
    return frame(tf, apart, [0, ...margins.before, 0], [0, ...margins.after, 0], 0);
  };
  const bias = biasOf(site);
  if (given.input.length === 3) {
    return volume(site, { windows: margins.windows, groups, weights: flipped, open, bias });
  }
  const how = { windows: margins.windows, groups, channels: x[1] };
  const weights = site.prepared(1, (value) => arrangeWeights(tf, flipped(value), how));
  return kernelOf(site, { how, weights, bias, open });
}

/** Weights [C, M / groups, kernel…] as those of the convolution: [M, C / groups, kernel turned round]. */
function turned(tf: TF, weights: Handle, groups: number, kernel: readonly number[]): Handle {
  const [inputs, outputs] = weights.shape;
  const split = tf.reshape(weights, [groups, inputs / groups, outputs, sizeOf(kernel)]);
  const order = tf.transpose(tf.reverse(split, 3), [0, 2, 1, 3]);
  return tf.reshape(order, [groups * outputs, inputs / groups, ...kernel]);
}

/** What surrounds the spread input, so that a convolution without padding gives the adjoint's output. */
function marginsOf(adjoint: Windows): { windows: Windows; before: number[]; after: number[] } {
  const { input: large, output: small, kernel, strides, dilations, begin } = adjoint;
  const spans = kernel.map((size, i) => spanOf(size, dilations[i]));
  const lengths = small.map((size, i) => (size - 1) * strides[i] + 1);
  const before = spans.map((span, i) => span - 1 - begin[i]);
  const after = large.map((size, i) => size + spans[i] - 1 - lengths[i] - before[i]);
  const zeros = kernel.map(() => 0);
  const windows: Windows = {
    input: lengths.map((length, i) => length + before[i] + after[i]),
    kernel,
    strides: kernel.map(() => 1),
    dilations,
    begin: zeros,
    end: zeros,
    output: large,
  };
  return { windows, before, after };
}

export const convolutions: Operations = { Conv: conv, ConvTranspose: convTranspose };
