import { algebra } from '../algebra.ts';
import { attr, intsAttr } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';
import { sizeOf, type Node, type ValueType } from '../ir.ts';
import { interleaveParts, phasesOf } from './phases.ts';
import { move } from './movement.ts';
import { fit } from './spatial.ts';
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
 * one after the other, the outermost first. The input is taken apart into the phases of the stride (position
 * stride·i + r is element i of phase r), so that the elements that a tap of all windows sees are one phase, shifted.
 */
function gradient(context: GradientContext): (string | null)[] {
  const { node, build, inputs } = context;
  const { dims } = context.inputTypes[0]!;
  const windows = windowsOf(node, dims.slice(2), kernelOf(node));
  const whole = dims.map((dim, axis) => (axis < 2 ? dim : roundUp(dim, windows.strides[axis - 2])));
  const padded = fit(build, inputs[0], whole, LOWEST);
  const pool: Pool = {
    build,
    windows,
    taps: windows.kernel.map((_, axis) => tapsOf(windows, axis)),
    levels: windows.kernel.map((_, axis) => levelOf(build, padded, windows, axis)),
  };
  const parts = route(pool, 0, 0, context.outputs[0], context.cotangents[0]!);
  return [fit(build, interleaveParts(build, parts, windows.strides), dims)];
}

const roundUp = (dim: number, stride: number): number => stride * Math.ceil(dim / stride);

/** A tap of the window sees, in window i, element i + shift of a phase. */
interface Tap {
  readonly phase: number;
  readonly shift: number;
}

interface Pool {
  readonly build: Builder;
  readonly windows: Windows;
  /** For each spatial axis, in order. */
  readonly taps: readonly (readonly Tap[])[];
  /** For each spatial axis the phases along it and all before it, of the maxima along all behind it; row-major. */
  readonly levels: readonly (readonly string[])[];
}

function tapsOf({ kernel, strides, dilations, begin }: Windows, axis: number): Tap[] {
  const stride = strides[axis];
  return Array.from({ length: kernel[axis] }, (_, tap) => {
    const position = tap * dilations[axis] - begin[axis];
    const shift = Math.floor(position / stride);
    return { phase: position - shift * stride, shift };
  });
}

function levelOf(build: Builder, value: string, windows: Windows, axis: number): string[] {
  const { kernel, strides } = windows;
  const maxima = axis === kernel.length - 1 ? value : maximaBehind(build, value, windows, axis);
  const apart = strides.map((stride, i) => (i > axis ? 1 : stride));
  return phasesOf(build, maxima, apart);
}

/** The maxima over the windows along the axes behind `axis`. */
function maximaBehind(build: Builder, value: string, windows: Windows, axis: number): string {
  const { kernel, strides, dilations, begin, output } = windows;
  const dims = build.dims(value);
  const end = output.map((count, i) => {
    const reach = (count - 1) * strides[i] + spanOf(kernel[i], dilations[i]);
    return Math.max(0, reach - begin[i] - dims[i + 2]);
  });
  const behind = (values: readonly number[], before: number): number[] =>
    values.map((each, i) => (i > axis ? each : before));
  const pooled = build.add('MaxPool', [value], {
    kernel_shape: attr.ints(behind(kernel, 1)),
    strides: attr.ints(behind(strides, 1)),
    dilations: attr.ints(behind(dilations, 1)),
    pads: attr.ints([...behind(begin, 0), ...behind(end, 0)]),
  });
  // Rounding the input up to whole strides may have made room for a window more.
  return fit(
    build,
    pooled,
    dims.map((dim, i) => (i > axis + 2 ? output[i - 2] : dim)),
  );
}

/**
 * The cotangents of the phases along an axis and all behind it, from that of the maximum along them.
 * @param phase which phase along the axes before it, row-major
 * @returns row-major; `null` where no window looks
 */
function route(
  pool: Pool,
  axis: number,
  phase: number,
  maximum: string,
  cotangent: string,
): (string | null)[] {
  if (axis === pool.taps.length) return [cotangent];
  const stride = pool.windows.strides[axis];
  const maxima = pool.levels[axis].slice(phase * stride, (phase + 1) * stride);
  const cotangents = routeAlong(pool, axis, maxima, { maximum, cotangent });
  const count = sizeOf(pool.windows.strides.slice(axis + 1));
  return maxima.flatMap((value, i) => {
    const share = cotangents[i];
    if (share === null) return new Array<null>(count).fill(null);
    return route(pool, axis + 1, phase * stride + i, value, share);
  });
}

/**
 * Sends the cotangent of a maximum along one axis to the first tap that reached it, and sums it for each phase.
 *
 * Windows come to the elements and not the other way round: what lies outside then gets a cotangent of 0, whatever it
 * is compared with. All steps are such that onnxruntime takes them in the layout of its convolutions.
 */
function routeAlong(
  { build, windows, taps }: Pool,
  spatial: number,
  phases: readonly string[],
  { maximum, cotangent }: { readonly maximum: string; readonly cotangent: string },
): (string | null)[] {
  const e = algebra(build);
  const axis = spatial + 2;
  const last = taps[spatial].length - 1;
  const parts: string[][] = phases.map(() => []);
  let rest = cotangent;
  taps[spatial].forEach(({ phase, shift }, tap) => {
    const elements = phases[phase];
    const length = build.dims(elements)[axis];
    const arrived = move(build, rest, { axis, by: shift, length, factor: 1 });
    if (tap === last) return parts[phase].push(arrived);
    const minusMaximum = move(build, maximum, { axis, by: shift, length, factor: -1 });
    // 0 or 1 times the cotangent is exact, and faster than a choice. No tap is above its maximum.
    const won = e.mul(e.reaches(elements, minusMaximum), arrived);
    parts[phase].push(won);
    const back = { axis, by: -shift, length: windows.output[spatial], factor: -1 } as const;
    rest = e.add(rest, move(build, won, back));
  });
  // The last is a convolution, which takes what it is added to along.
  return parts.map((each) =>
    each.reduceRight<string | null>((sum, part) => (sum === null ? part : e.add(part, sum)), null),
  );
}

/** ONNX operator MaxPool. Ties: PyTorch, torch.nn.functional.max_pool2d. */
export const maxPoolings: readonly Operator[] = [{ name: 'MaxPool', infer, gradient }];
