import { intAttr, stringAttr } from '../../../graph/attributes.ts';
import { marginsOf, sources } from '../../../graph/operators/padding.ts';
import { sectionsOf } from '../../../graph/operators/slice.ts';
import { depthToSpace, spaceToDepth } from '../../../graph/operators/transposition.ts';
import { numbersOf } from '../../../graph/tensor.ts';
import { axisIn, common, lastDims, listIn } from '../layout.ts';
import type { Handle, Operation, Operations, TF } from '../operation.ts';
import { firstOnly } from './shape.ts';

/** Operators that cut, frame or rearrange images. https://onnx.ai/onnx/operators/ */

/** What is taken from an axis, in memory's order. */
interface Cut {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/** Elements start, start + step, …; an axis that is read backwards is turned round first. */
export function cutOut(tf: TF, value: Handle, cuts: readonly Cut[]): Handle {
  const back = cuts.flatMap((cut, axis) => (cut.step < 0 && cut.length > 1 ? [axis] : []));
  const forwards = cuts.map(({ start, step, length }, axis) => {
    if (step > 0) return { start, step, length };
    const first = back.includes(axis) ? value.shape[axis] - 1 - start : start;
    return { start: first, step: -step, length };
  });
  const turned = back.length === 0 ? value : tf.reverse(value, back);
  const begin = forwards.map(({ start }) => start);
  if (forwards.every(({ step, length }) => step === 1 || length <= 1)) {
    return tf.slice(
      turned,
      begin,
      forwards.map(({ length }) => length),
    );
  }
  const end = forwards.map(({ start, step, length }) => start + (length - 1) * step + 1);
  return tf.stridedSlice(
    turned,
    begin,
    end,
    forwards.map(({ step }) => step),
  );
}

const slice: Operation = (site) => {
  const { tf, inputs, outputs } = site;
  const layout = common(site);
  const sections = listIn(layout, sectionsOf(site, inputs[0]!.dims));
  const empty = sections.some(({ length }) => length === 0);
  const run = (x: Handle): Handle =>
    empty ? tf.tensor([], [...outputs[0].dims], x.dtype) : cutOut(tf, x, sections);
  return {
    reads: firstOnly(site, empty ? 'first' : layout),
    gives: empty ? 'first' : layout,
    run: ([x]) => run(x),
  };
};

/** Pads with a number, and cuts off where a width is negative. */
export function frame(
  tf: TF,
  value: Handle,
  before: readonly number[],
  after: readonly number[],
  fill: number,
): Handle {
  const lost = (width: number): number => Math.max(0, -width);
  const cuts = value.shape.map((dim, axis) => ({
    start: lost(before[axis]),
    step: 1,
    length: dim - lost(before[axis]) - lost(after[axis]),
  }));
  const kept = [...before, ...after].some((width) => width < 0) ? cutOut(tf, value, cuts) : value;
  const widths = before.map((width, axis): [number, number] => [
    Math.max(0, width),
    Math.max(0, after[axis]),
  ]);
  return widths.flat().some((width) => width > 0) ? tf.pad(kept, widths, fill) : kept.clone();
}

const pad: Operation = (site) => {
  const { tf, node, inputs } = site;
  const layout = common(site);
  const { dims } = inputs[0]!;
  const { before, after } = marginsOf(site, dims.length);
  const mode = stringAttr(node, 'mode', 'constant');
  const fill = fillOf(site.inputs[2] === undefined ? undefined : site.constant(2));
  const [lead, tail] = [listIn(layout, before), listIn(layout, after)];
  const moved = dims.flatMap((dim, axis) => {
    if (mode === 'constant' || (before[axis] === 0 && after[axis] === 0)) return [];
    const indices = Int32Array.from(sources(mode, dim, before[axis], after[axis]));
    return [{ axis: axisIn(layout, axis), at: site.keep(indices, [indices.length], 'int32') }];
  });
  const run = (x: Handle): Handle => {
    if (mode === 'constant') return frame(tf, x, lead, tail, fill);
    return moved.reduce((value, { axis, at }) => tf.gather(value, at, axis), x.clone());
  };
  return { reads: firstOnly(site, layout), gives: layout, run: ([x]) => run(x) };
};

const fillOf = (value: Parameters<typeof numbersOf>[0] | undefined): number =>
  value ? numbersOf(value)[0] : 0;

/** Blocks of channels become blocks of pixels: on images with channels last one kernel, in the order DCR. */
const toSpace: Operation = (site) => {
  const { tf, node, inputs, outputs } = site;
  const layout = common(site);
  const { dims } = inputs[0]!;
  if (layout === 'last' && stringAttr(node, 'mode', 'DCR') === 'DCR') {
    const block = intAttr(node, 'blocksize', 1);
    const run = (x: Handle): Handle => tf.depthToSpace(x as never, block, 'NHWC');
    return { reads: ['last'], gives: 'last', run: ([x]) => (block === 1 ? x.clone() : run(x)) };
  }
  const { split, perm } = depthToSpace(node, dims);
  if (layout === 'first') return rearranging(tf, layout, split, perm, outputs[0].dims);
  // [N, H, W, depth, b, b] is what [N, depth, b, b, H, W] is in ONNX's order.
  const moved = [split[0], split[4], split[5], ...split.slice(1, 4)];
  return rearranging(tf, layout, moved, [0, 1, 4, 2, 5, 3], lastDims(outputs[0].dims));
};

const toDepth: Operation = (site) => {
  const { tf, node, inputs, outputs } = site;
  const layout = common(site);
  const { split, perm } = spaceToDepth(node, inputs[0]!.dims);
  if (layout === 'first') return rearranging(tf, layout, split, perm, outputs[0].dims);
  const moved = [split[0], ...split.slice(2), split[1]];
  return rearranging(tf, layout, moved, [0, 1, 3, 2, 4, 5], lastDims(outputs[0].dims));
};

/** A permutation of a value that is taken apart into more axes. Shapes are as in memory. */
function rearranging(
  tf: TF,
  layout: 'first' | 'last',
  split: readonly number[],
  perm: readonly number[],
  dims: readonly number[],
) {
  const run = (x: Handle): Handle =>
    tf.reshape(tf.transpose(tf.reshape(x, [...split]), [...perm]), [...dims]);
  return { reads: [layout], gives: layout, run: ([x]: readonly Handle[]) => run(x) };
}

export const sections: Operations = {
  Slice: slice,
  Pad: pad,
  DepthToSpace: toSpace,
  SpaceToDepth: toDepth,
};
