import { attr } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import type { Attributes } from '../ir.ts';
import { planAxis, scatterKernel } from './scatter-kernel.ts';
import { crop, fit, interleave, slice } from './spatial.ts';
import { spanOf, type Windows } from './window.ts';

/** A convolution of x [N, C, spatial…] with weights [M, C/groups, kernel…]. */
export interface Convolution {
  readonly windows: Windows;
  readonly groups: number;
  readonly input: readonly number[];
  readonly weights: readonly number[];
}

/** Attributes of a convolution with explicit padding. */
export function convolutionAttributes(
  groups: number,
  strides: readonly number[],
  dilations: readonly number[],
  begin: readonly number[],
  end: readonly number[],
): Attributes {
  return {
    group: attr.int(groups),
    strides: attr.ints(strides),
    dilations: attr.ints(dilations),
    pads: attr.ints([...begin, ...end]),
  };
}

/** dL/dx from the cotangent [N, M, output…]: a convolution where the weights are constant. */
export function inputGradient(
  build: Builder,
  convolution: Convolution,
  cotangent: string,
  weights: string,
): string {
  return build.constants.has(weights)
    ? asConvolution(build, convolution, cotangent, weights)
    : asTransposedConvolution(build, convolution, cotangent, weights);
}

function asConvolution(
  build: Builder,
  { windows, groups, input }: Convolution,
  cotangent: string,
  weights: string,
): string {
  const plans = windows.input.map((_, axis) => planAxis(windows, axis));
  const kernel = build.constant(scatterKernel(build.constants.get(weights)!, groups, plans));
  const [begin, end] = [plans.map((plan) => plan.begin), plans.map((plan) => plan.end)];
  const beyond = (sizes: readonly number[]) => [0, 0, ...sizes.map((size) => Math.max(0, -size))];
  const cropped = crop(build, cotangent, beyond(begin), beyond(end));
  const phases = build.add(
    'Conv',
    [cropped, kernel],
    convolutionAttributes(
      groups,
      plans.map(() => 1),
      plans.map((plan) => plan.dilation),
      begin.map((size) => Math.max(0, size)),
      end.map((size) => Math.max(0, size)),
    ),
  );
  const strides = plans.map((plan) => plan.stride);
  const spread = interleave(
    build,
    phases,
    strides,
    plans.map((plan) => plan.phases),
  );
  return fit(build, spread, input);
}

function asTransposedConvolution(
  build: Builder,
  { windows, groups }: Convolution,
  cotangent: string,
  weights: string,
): string {
  const { input, kernel, strides, dilations, begin, end, output } = windows;
  // What the last window left over: rows of the input that no window reached.
  const rest = input.map((dim, axis) => {
    const reached = strides[axis] * (output[axis] - 1) + spanOf(kernel[axis], dilations[axis]);
    return dim + begin[axis] + end[axis] - reached;
  });
  return build.add('ConvTranspose', [cotangent, weights], {
    ...convolutionAttributes(groups, strides, dilations, begin, end),
    output_padding: attr.ints(rest),
  });
}

/**
 * dL/dW: every tap of the kernel is the correlation of the input with the cotangent, which is a convolution where
 * batch and channels trade places, and stride and dilation too.
 */
export function weightGradient(
  build: Builder,
  { windows, groups }: Convolution,
  x: string,
  cotangent: string,
): string {
  const [batch, channels, ...spatial] = build.dims(x);
  const axes = spatial.map((_, axis) => axis + 3);
  const grouped = build.reshape(x, [batch, groups, channels / groups, ...spatial]);
  const turned = build.transpose(grouped, [2, 1, 0, ...axes]);
  const data = build.reshape(turned, [channels / groups, groups * batch, ...spatial]);
  const kernel = build.transpose(cotangent, [1, 0, ...axes.map((axis) => axis - 1)]);
  const { strides, dilations, begin, end } = windows;
  const attributes = convolutionAttributes(groups, dilations, strides, begin, end);
  const product = build.add('Conv', [data, kernel], attributes);
  const taps = windows.kernel.reduce(
    (value, size, axis) => slice(build, value, axis + 2, 0, size),
    product,
  );
  return build.transpose(taps, [1, 0, ...spatial.map((_, axis) => axis + 2)]);
}

/** dL/db: the cotangent summed over all but the channels. */
export function biasGradient(build: Builder, cotangent: string): string {
  const axes = build.dims(cotangent).flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  return build.sum(cotangent, axes, false);
}
