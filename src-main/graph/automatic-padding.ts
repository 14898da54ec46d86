import { attr, intsAttr, stringAttr } from './attributes.ts';
import type { Node, ValueType } from './ir.ts';
import { windowsOf } from './operators/window.ts';
import { without } from './upgrade/rule.ts';

const WINDOWS = new Set(['Conv', 'MaxPool', 'AveragePool']);

/**
 * A node that pads by a rule (`auto_pad`), with the widths that the rule gives for its input. onnxruntime refuses the
 * rule beside dilations, and what merges padding into convolutions wants widths.
 * @param typeOf the type of a value, which must be known
 */
export function withWidths(node: Node, typeOf: (value: string) => ValueType): Node {
  if (!WINDOWS.has(node.op) || stringAttr(node, 'auto_pad', 'NOTSET') === 'NOTSET') return node;
  const kernel = intsAttr(node, 'kernel_shape') ?? typeOf(node.inputs[1]).dims.slice(2);
  const { begin, end } = windowsOf(node, typeOf(node.inputs[0]).dims.slice(2), kernel);
  const attributes = {
    ...without(node.attributes, 'auto_pad'),
    pads: attr.ints([...begin, ...end]),
  };
  return { ...node, attributes };
}
