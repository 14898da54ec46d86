import { attr, stringAttr } from '../attributes.ts';
import { marginsOf, sources } from '../operators/padding.ts';
import type { Rewrite } from '../rewrite.ts';
import { ints } from '../tensor.ts';

/**
 * Padding that repeats more than there is, or cuts as well, as choosing elements: onnxruntime 1.30 refuses to mirror
 * more than an axis has, reads zeros where it wraps around more than once, and its WebGPU provider does not cut first.
 */
export const spellOutRepetition: Rewrite = ({ node, build, constant }) => {
  const mode = stringAttr(node, 'mode', 'constant');
  const [input] = node.inputs;
  const dims = build.dims(input);
  if (mode === 'constant') return null;
  const { before, after } = marginsOf({ inputs: node.inputs, constant }, dims.length);
  const most = mode === 'reflect' ? -1 : mode === 'wrap' ? 0 : Infinity;
  const isPlain = (width: number, axis: number): boolean =>
    width >= 0 && width <= dims[axis] + most;
  if (before.every(isPlain) && after.every(isPlain)) return null;
  return dims.reduce((value, dim, axis) => {
    if (before[axis] === 0 && after[axis] === 0) return value;
    const indices = sources(mode, dim, before[axis], after[axis]);
    const list = build.constant(ints([indices.length], indices));
    return build.add('Gather', [value, list], { axis: attr.int(axis) });
  }, input);
};
