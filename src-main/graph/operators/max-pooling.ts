import { attr, intsAttr } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';
import type { Node, ValueType } from '../ir.ts';
import { crop, fit, pad, slice } from './spatial.ts';
import { spanOf, windowsOf, type Windows } from './window.ts';

/** Smaller than every number that a network computes. */
const LOWEST = -3.4028234663852886e38;

function infer({ node, inputs }: InferContext): ValueType[] {
  const x = inputs[0];
  if (!x || x.dims.length < 3) throw new Error('pooling needs an input [N, C, spatial…]');
  if (node.outputs.length > 1 && node.outputs[1] !== '') {
    throw new Error('the indices of the maxima are not supported');
  }
  const windows = windowsOf(node, x.dims.slice(2), kernelOf(node));
  return [{ dtype: x.dtype, dims: [...x.dims.slice(0, 2), ...windows.output] }];
}

function kernelOf(node: Node): readonly number[] {
  const kernel = intsAttr(node, 'kernel_shape');
  if (!kernel) throw new Error('kernel_shape is missing');
  return kernel;
}

/**
 * Where several elements tie for the maximum the first in row-major order gets the whole cotangent, as in PyTorch.
 * That element lies in the first row that holds the maximum, and is the first of its row: so the axes can be taken
 * one after the other, the outermost first.
 */
function gradient(context: GradientContext): (string | null)[] {
  const { node, build } = context;
  const dims = context.inputTypes[0]!.dims;
  const windows = windowsOf(node, dims.slice(2), kernelOf(node));
  let pooled = context.outputs[0];
  let cotangent = context.cotangents[0]!;
  for (let axis = 0; axis < windows.kernel.length; axis++) {
    const before = poolFrom(context, windows, axis + 1);
    cotangent = routeAlong(build, windows, axis, { before, pooled, cotangent });
    pooled = before;
  }
  return [cotangent];
}

/** The maximum over the axes from `first` on. */
function poolFrom(context: GradientContext, windows: Windows, first: number): string {
  const { kernel, strides, dilations, begin, end } = windows;
  const x = context.inputs[0];
  const open = (axis: number) => axis >= first && !isTrivial(windows, axis);
  if (!kernel.some((_, axis) => open(axis))) return x;
  const only = (values: readonly number[], rest: number) =>
    values.map((value, axis) => (open(axis) ? value : rest));
  return context.build.add('MaxPool', [x], {
    ...context.node.attributes,
    auto_pad: attr.string('NOTSET'),
    kernel_shape: attr.ints(only(kernel, 1)),
    strides: attr.ints(only(strides, 1)),
    dilations: attr.ints(only(dilations, 1)),
    pads: attr.ints([...only(begin, 0), ...only(end, 0)]),
  });
}

function isTrivial({ kernel, strides, begin, end }: Windows, axis: number): boolean {
  return kernel[axis] === 1 && strides[axis] === 1 && begin[axis] === 0 && end[axis] === 0;
}

/** The values on both sides of the maximum over one axis, and the cotangent that comes back. */
interface Route {
  readonly before: string;
  readonly pooled: string;
  readonly cotangent: string;
}

/** Sends the cotangent of a maximum over one axis to the elements that were the first to reach it. */
function routeAlong(build: Builder, windows: Windows, spatial: number, route: Route): string {
  if (isTrivial(windows, spatial)) return route.cotangent;
  const axis = spatial + 2;
  const stride = windows.strides[spatial];
  const count = windows.output[spatial];
  const kernel = windows.kernel[spatial];
  const dilation = windows.dilations[spatial];
  const before = build.dims(route.before);
  const begin = windows.begin[spatial];
  const length =
    stride *
    Math.ceil(
      Math.max(before[axis] + begin, stride * (count - 1) + spanOf(kernel, dilation)) / stride,
    );
  const zeros = before.map(() => 0);
  const padded = pad(
    build,
    route.before,
    zeros.with(axis, begin),
    zeros.with(axis, length - begin - before[axis]),
    LOWEST,
  );
  const shares = share(build, route, kernel, (tap) =>
    slice(build, padded, axis, tap * dilation, tap * dilation + stride * (count - 1) + 1, stride),
  );
  const spread = scatter(build, shares, { axis, stride, dilation, length });
  const back = crop(build, spread, zeros.with(axis, begin), zeros);
  return fit(build, back, before);
}

/** Splits the cotangent among the taps: all of it goes to the first tap that equals the maximum. */
function share(
  build: Builder,
  { pooled, cotangent }: Route,
  kernel: number,
  elements: (tap: number) => string,
): string[] {
  const none = build.scalar(0);
  const shares: string[] = [];
  let rest = cotangent;
  for (let tap = 0; tap < kernel - 1; tap++) {
    const wins = build.add('Equal', [elements(tap), pooled]);
    shares.push(build.add('Where', [wins, rest, none]));
    rest = build.add('Where', [wins, none, rest]);
  }
  return [...shares, rest];
}

/** Adds share `tap` of window i to element stride·i + dilation·tap. */
function scatter(
  build: Builder,
  shares: readonly string[],
  {
    axis,
    stride,
    dilation,
    length,
  }: { axis: number; stride: number; dilation: number; length: number },
): string {
  const dims = build.dims(shares[0]);
  const zeros = dims.map(() => 0);
  const rows = length / stride;
  const phases = Array.from({ length: stride }, (_, phase) => {
    const parts = shares.flatMap((value, tap) => {
      if ((tap * dilation) % stride !== phase) return [];
      const shift = (tap * dilation - phase) / stride;
      return [
        pad(build, value, zeros.with(axis, shift), zeros.with(axis, rows - shift - dims[axis])),
      ];
    });
    if (parts.length === 0) return build.zeros(dims.with(axis, rows));
    return parts.length === 1 ? parts[0] : build.add('Sum', parts);
  });
  const apart = dims.with(axis, rows).toSpliced(axis + 1, 0, 1);
  const stacked = build.add(
    'Concat',
    phases.map((phase) => build.reshape(phase, apart)),
    { axis: attr.int(axis + 1) },
  );
  return build.reshape(stacked, dims.with(axis, length));
}

/** ONNX operator MaxPool. Ties: PyTorch, torch.nn.functional.max_pool2d. */
export const maxPoolings: readonly Operator[] = [{ name: 'MaxPool', infer, gradient }];
