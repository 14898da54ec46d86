import { attr, intsAttr } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';
import type { Node, ValueType } from '../ir.ts';
import { interleaveParts, phasesOf } from './phases.ts';
import { fit, pad } from './spatial.ts';
import { windowsOf, type Windows } from './window.ts';

/** Smaller than every number that a network computes. */
const LOWEST = -3.4028234663852886e38;
/** ONNX's number of the type float32. */
const FLOAT = 1;

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
  const elements = phasesOf(build, padded, windows.strides);
  const pool: Pool = {
    build,
    windows,
    taps: windows.kernel.map((_, axis) => tapsOf(windows, axis)),
  };
  const level = { elements, maximum: context.outputs[0] };
  const parts = route(pool, 0, level, context.cotangents[0]!);
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
}

/** Some phases of the input, and the maximum over the axes that are not taken apart yet. */
interface Level {
  /** In row-major order of the phases of those axes. */
  readonly elements: readonly string[];
  readonly maximum: string;
}

function tapsOf({ kernel, strides, dilations, begin }: Windows, axis: number): Tap[] {
  const stride = strides[axis];
  return Array.from({ length: kernel[axis] }, (_, tap) => {
    const position = tap * dilations[axis] - begin[axis];
    const shift = Math.floor(position / stride);
    return { phase: position - shift * stride, shift };
  });
}

/** The cotangent of every element of a level, from that of its maximum; `null` where no window looks. */
function route(
  pool: Pool,
  axis: number,
  { elements, maximum }: Level,
  cotangent: string,
): (string | null)[] {
  if (axis === pool.taps.length) return [cotangent];
  const stride = pool.windows.strides[axis];
  const size = elements.length / stride;
  const inner = Array.from({ length: stride }, (_, phase) =>
    elements.slice(phase * size, (phase + 1) * size),
  );
  const maxima = inner.map((part, phase) =>
    pool.taps[axis].some((tap) => tap.phase === phase) ? maximumOf(pool, axis + 1, part) : null,
  );
  const cotangents = routeAlong(pool, axis, maxima, { maximum, cotangent });
  return inner.flatMap((part, phase) => {
    const [top, share] = [maxima[phase], cotangents[phase]];
    if (top === null || share === null) return part.map(() => null);
    return route(pool, axis + 1, { elements: part, maximum: top }, share);
  });
}

/** The maximum of phases over the windows along the axes from `axis` on. */
function maximumOf(pool: Pool, axis: number, elements: readonly string[]): string {
  if (axis === pool.taps.length) return elements[0];
  const size = elements.length / pool.windows.strides[axis];
  const inner = new Map<number, string>();
  const seen = pool.taps[axis].map(({ phase, shift }) => {
    const part = elements.slice(phase * size, (phase + 1) * size);
    const value = inner.get(phase) ?? maximumOf(pool, axis + 1, part);
    inner.set(phase, value);
    return look(pool, axis, value, shift);
  });
  return seen.length === 1 ? seen[0] : pool.build.add('Max', seen);
}

/** What a tap sees: element i + shift for every window i. */
function look({ build, windows }: Pool, spatial: number, phase: string, shift: number): string {
  const dims = build.dims(phase);
  const axis = spatial + 2;
  const zeros = dims.map(() => 0);
  const end = windows.output[spatial] + shift - dims[axis];
  return pad(build, phase, zeros.with(axis, -shift), zeros.with(axis, end), LOWEST);
}

/** Sends the cotangent of a maximum along one axis to the first tap that reached it, and sums it for each phase. */
function routeAlong(
  pool: Pool,
  spatial: number,
  phases: readonly (string | null)[],
  level: { readonly maximum: string; readonly cotangent: string },
): (string | null)[] {
  const { build } = pool;
  const axis = spatial + 2;
  const taps = pool.taps[spatial];
  const shares = share(build, level, taps.length, (tap) =>
    look(pool, spatial, phases[taps[tap].phase]!, taps[tap].shift),
  );
  return phases.map((phase, index) => {
    if (phase === null) return null;
    const length = build.dims(phase)[axis];
    const parts = shares.flatMap((value, tap) => {
      if (taps[tap].phase !== index) return [];
      const zeros = build.dims(value).map(() => 0);
      const end = length - taps[tap].shift - build.dims(value)[axis];
      return [pad(build, value, zeros.with(axis, taps[tap].shift), zeros.with(axis, end))];
    });
    return parts.length === 1 ? parts[0] : build.add('Sum', parts);
  });
}

/** Splits a cotangent among the taps: all of it goes to the first tap that equals the maximum. */
function share(
  build: Builder,
  { maximum, cotangent }: { readonly maximum: string; readonly cotangent: string },
  count: number,
  seen: (tap: number) => string,
): string[] {
  const shares: string[] = [];
  let rest = cotangent;
  for (let tap = 0; tap < count - 1; tap++) {
    // 0 or 1 times the cotangent is exact, and faster than a choice.
    const wins = build.add('Cast', [build.add('Equal', [seen(tap), maximum])], {
      to: attr.int(FLOAT),
    });
    shares.push(build.add('Mul', [wins, rest]));
    rest = build.add('Sub', [rest, shares[tap]]);
  }
  return [...shares, rest];
}

/** ONNX operator MaxPool. Ties: PyTorch, torch.nn.functional.max_pool2d. */
export const maxPoolings: readonly Operator[] = [{ name: 'MaxPool', infer, gradient }];
