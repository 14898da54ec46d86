import { intAttr } from '../../../graph/attributes.ts';
import { axisOf } from '../../../graph/ir.ts';
import { axisIn, common } from '../layout.ts';
import type { Handle, Kernel, Operation, Operations, Site, TF } from '../operation.ts';

/** TensorFlow.js normalises over the last axis only; for another the two trade places. */
function overAxis(compute: (tf: TF, x: Handle) => Handle): Operation {
  return (site: Site): Kernel => {
    const { tf, node, inputs } = site;
    const rank = inputs[0]!.dims.length;
    const layout = common(site);
    const axis = axisIn(layout, axisOf(intAttr(node, 'axis', -1), rank));
    const order = Array.from({ length: rank }, (_, i) => i);
    const swap = order.with(axis, rank - 1).with(rank - 1, axis);
    const run = (x: Handle): Handle =>
      axis === rank - 1 ? compute(tf, x) : tf.transpose(compute(tf, tf.transpose(x, swap)), swap);
    return { reads: [layout], gives: layout, run: ([x]) => run(x) };
  };
}

export const softmax: Operations = {
  Softmax: overAxis((tf, x) => tf.softmax(x)),
  LogSoftmax: overAxis((tf, x) => tf.logSoftmax(x)),
};
