import { attr, intAttr, intsAttr, stringAttr } from '../attributes.ts';
import type { Node } from '../ir.ts';
import { numbersOf } from '../tensor.ts';
import type { Rewrite, Site } from '../rewrite.ts';

/** Zeros that a Pad node puts around the spatial axes of `value`: begins, then ends. */
function zerosAround({ producer, isSole, build }: Site, value: string): number[] | null {
  const node = producer(value);
  if (node?.op !== 'Pad' || !isSole(value) || stringAttr(node, 'mode', 'constant') !== 'constant') {
    return null;
  }
  const [, pads, fill, axes] = node.inputs.map((input) => build.constants.get(input));
  const filled = node.inputs[2] ? fill && numbersOf(fill)[0] === 0 : true;
  if (!pads || !filled || axes || node.inputs[3]) return null;
  const sizes = Array.from(numbersOf(pads));
  const rank = sizes.length / 2;
  const outer = [0, 1, rank, rank + 1];
  if (sizes.some((size) => size < 0) || outer.some((i) => sizes[i] !== 0)) return null;
  return sizes.filter((_, i) => !outer.includes(i));
}

/** The node's own padding, widened by `zeros`; `null` where it pads by a rule. */
function widened(node: Node, zeros: readonly number[]): number[] | null {
  if (stringAttr(node, 'auto_pad', 'NOTSET') !== 'NOTSET') return null;
  const own = intsAttr(node, 'pads') ?? zeros.map(() => 0);
  return zeros.map((size, i) => size + own[i]);
}

/** Conv(Pad(x)) is a convolution with more padding. */
export const mergePaddingIntoConvolution: Rewrite = (site) => {
  const { node, build, producer } = site;
  const zeros = zerosAround(site, node.inputs[0]);
  const pads = zeros && widened(node, zeros);
  if (!pads) return null;
  const inputs = [producer(node.inputs[0])!.inputs[0], ...node.inputs.slice(1)];
  return build.add('Conv', inputs, { ...node.attributes, pads: attr.ints(pads) });
};

/** AveragePool(Pad(x)) counts the zeros, so it is an average pool that counts its padding. */
export const mergePaddingIntoAverage: Rewrite = (site) => {
  const { node, build, producer } = site;
  const zeros = zerosAround(site, node.inputs[0]);
  const pads = zeros && widened(node, zeros);
  const kernel = intsAttr(node, 'kernel_shape');
  if (!pads || !kernel || intAttr(node, 'ceil_mode', 0) !== 0) return null;
  const owns = intsAttr(node, 'pads')?.some((size) => size > 0) ?? false;
  if (owns && intAttr(node, 'count_include_pad', 0) === 0) return null;
  // Engines refuse a window that lies in the padding alone.
  if (pads.some((size, i) => size >= kernel[i % kernel.length])) return null;
  const attributes = { pads: attr.ints(pads), count_include_pad: attr.int(1) };
  const input = producer(node.inputs[0])!.inputs[0];
  return build.add('AveragePool', [input], { ...node.attributes, ...attributes });
};
