import { stringAttr } from '../attributes.ts';
import { axisOf, sizeOf, stridesOf, type Node, type Tensor } from '../ir.ts';
import { cut, gatherAdjoint, pad } from '../moves.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';
import { filled, offsetsOf, put, view } from '../view.ts';
import { known, numbersAt, optionalNumbersAt, typeAt, type Inputs } from './known.ts';

/** How many elements come before and behind each axis; negative ones are cut off. */
export interface Margins {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

export function marginsOf(context: Inputs, rank: number): Margins {
  const pads = numbersAt(context, 1, 'widths');
  const axes =
    optionalNumbersAt(context, 3, 'axes')?.map((axis) => axisOf(axis, rank)) ??
    Array.from({ length: rank }, (_, axis) => axis);
  if (pads.length !== 2 * axes.length) throw new Error('it has not two widths for each axis');
  const before = new Array<number>(rank).fill(0);
  const after = new Array<number>(rank).fill(0);
  axes.forEach((axis, i) => {
    before[axis] = pads[i];
    after[axis] = pads[i + axes.length];
  });
  return { before, after };
}

const positive = (widths: readonly number[]): number[] => widths.map((width) => Math.max(0, width));
const negated = (widths: readonly number[]): number[] => widths.map((width) => -width);

/**
 * Where each element of a padded axis comes from, for the modes that repeat elements of the input. What negative widths
 * name is cut off first, as onnxruntime does, and what is left is repeated, as often as the widths want (as NumPy does).
 */
export function sources(mode: string, dim: number, before: number, after: number): number[] {
  const start = Math.max(0, -before);
  const left = dim - start - Math.max(0, -after);
  return Array.from({ length: before + dim + after }, (_, i) => {
    return start + repeated(mode, left, i - Math.max(0, before));
  });
}

/** Which of `dim` elements stands at a place before, among or behind them. */
function repeated(mode: string, dim: number, at: number): number {
  if (mode === 'edge') return Math.min(Math.max(at, 0), dim - 1);
  if (mode === 'wrap') return modulo(at, dim);
  const period = Math.max(1, 2 * (dim - 1));
  const folded = modulo(at, period);
  return folded < dim ? folded : period - folded;
}

const modulo = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor;

function modeOf(node: Node): string {
  const mode = stringAttr(node, 'mode', 'constant');
  if (!['constant', 'reflect', 'edge', 'wrap'].includes(mode)) {
    throw new Error(`the mode ${mode} is not supported`);
  }
  return mode;
}

/** Cuts off what negative widths name and pads the rest, or the other way round for the adjoint. */
function gradient(context: GradientContext): (string | null)[] {
  const { node, build, inputTypes, wants } = context;
  if (wants(2)) throw new Error('its value must not depend on the input image');
  if (!wants(0)) return [null];
  const { dims } = inputTypes[0]!;
  const { before, after } = marginsOf(context, dims.length);
  const cotangent = context.cotangents[0]!;
  if (modeOf(node) !== 'constant') {
    return [
      dims.reduce((value, dim, axis) => {
        if (before[axis] === 0 && after[axis] === 0) return value;
        const indices = sources(modeOf(node), dim, before[axis], after[axis]);
        return gatherAdjoint(build, value, axis, indices, dim);
      }, cotangent),
    ];
  }
  const padded = build.dims(cotangent);
  const [lead, tail] = [positive(before), positive(after)];
  const ends = padded.map((length, axis) => length - tail[axis]);
  const inside = cut(
    build,
    cotangent,
    lead,
    ends,
    dims.map((_, axis) => axis),
  );
  return [pad(build, inside, positive(negated(before)), positive(negated(after)))];
}

function infer(context: InferContext): { dtype: Tensor['dtype']; dims: number[] }[] {
  const { dtype, dims } = typeAt(context, 0);
  const { before, after } = marginsOf(context, dims.length);
  const padded = dims.map((dim, axis) => before[axis] + dim + after[axis]);
  if (padded.some((dim) => dim < 0)) throw new Error('it cuts off more than there is');
  const repeats = modeOf(context.node) !== 'constant';
  const lost = (axis: number): number => Math.max(0, -before[axis]) + Math.max(0, -after[axis]);
  if (repeats && padded.some((dim, axis) => dim > 0 && lost(axis) >= dims[axis])) {
    throw new Error('it repeats an axis of which nothing is left');
  }
  return [{ dtype, dims: padded }];
}

function evaluate(node: Node, inputs: readonly (Tensor | undefined)[]): Tensor[] {
  const data = inputs[0]!;
  const [type] = infer(known(node, inputs));
  const { before, after } = marginsOf(known(node, inputs), data.dims.length);
  if (modeOf(node) === 'constant') return [framed(data, filled(type, inputs[2]), before, after)];
  return [
    data.dims.reduce((value: Tensor, dim, axis) => {
      const indices = sources(modeOf(node), dim, before[axis], after[axis]);
      return chosen(value, axis, indices);
    }, data),
  ];
}

/** The part of `data` that lies inside, written into `frame`. */
function framed(
  data: Tensor,
  frame: Tensor,
  before: readonly number[],
  after: readonly number[],
): Tensor {
  const from = positive(negated(before));
  const to = positive(negated(after));
  const dims = data.dims.map((dim, axis) => Math.max(0, dim - from[axis] - to[axis]));
  const strides = stridesOf(data.dims);
  const start = from.reduce((sum, count, axis) => sum + count * strides[axis], 0);
  const target = stridesOf(frame.dims);
  const offset = positive(before).reduce((sum, count, axis) => sum + count * target[axis], 0);
  put(frame, view(data, dims, strides, start), offsetsOf(dims, target, offset));
  return frame;
}

/** The elements that `indices` name along an axis. */
function chosen(source: Tensor, axis: number, indices: readonly number[]): Tensor {
  const dims = source.dims.with(axis, indices.length);
  const inner = sizeOf(dims.slice(axis + 1));
  const strides = stridesOf(source.dims);
  const offsets = offsetsOf(dims, strides.with(axis, 0));
  const result = filled({ dtype: source.dtype, dims });
  for (let i = 0; i < offsets.length; i++) {
    const index = indices[Math.floor(i / inner) % indices.length];
    result.data[i] = source.data[offsets[i] + index * strides[axis]];
  }
  return result;
}

/**
 * Pad-21. The adjoint of padding with a constant is cutting; that of a mode that repeats elements sums what was
 * repeated, exactly.
 */
export const paddings: readonly Operator[] = [{ name: 'Pad', infer, gradient, evaluate }];
