import { attr, intAttr, intsAttr } from '../attributes.ts';
import { sameDims } from '../ir.ts';
import { windowsOf } from '../operators/window.ts';
import type { Rewrite } from '../rewrite.ts';

/**
 * Where rounding the number of windows up gives none that rounding down does not, the node rounds down. onnxruntime
 * 1.30 counts a last window that starts behind the data when it infers shapes, leaves it out when it computes, as
 * PyTorch does, and so refuses a graph that reads such a value elementwise, as the gradient of MaxPool does.
 */
export const roundDown: Rewrite = ({ node, build }) => {
  if (intAttr(node, 'ceil_mode', 0) === 0) return null;
  const attributes = { ...node.attributes, ceil_mode: attr.int(0) };
  const input = build.dims(node.inputs[0]).slice(2);
  const kernel = intsAttr(node, 'kernel_shape')!;
  const [up, down] = [node, { ...node, attributes }].map((each) => windowsOf(each, input, kernel));
  return sameDims(up.output, down.output) ? build.add(node.op, node.inputs, attributes) : null;
};
