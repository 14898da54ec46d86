import { intAttr } from '../../../graph/attributes.ts';
import { axisOf } from '../../../graph/ir.ts';
import { axesOf } from '../../../graph/operators/reduction-axes.ts';
import { numbersOf } from '../../../graph/tensor.ts';
import { axisIn, common } from '../layout.ts';
import type { Handle, Kernel, Operation, Operations, Site, TF } from '../operation.ts';

/** Reductions over axes, and running sums. https://onnx.ai/onnx/operators/ */

/** The axes lie as in memory; they stay as 1. */
type Fold = (tf: TF, x: Handle, axes: number[]) => Handle;

/** log Σ eˣ without overflow. */
const logSumExp: Fold = (tf, x, axes) => {
  const highest = tf.max(x, axes, true);
  return tf.add(tf.log(tf.sum(tf.exp(tf.sub(x, highest)), axes, true)), highest);
};

/** TensorFlow sums booleans and integers as int32, and means only floats. */
function reducing(fold: Fold): Operation {
  return (site) => {
    const { tf, node, inputs, outputs } = site;
    const axes = axesOf(node, inputs[0]!.dims, site.constant(1));
    const keep = intAttr(node, 'keepdims', 1) === 1;
    const layout = keep || inOrder(axes) ? common(site) : 'first';
    const places = axes.map((axis) => axisIn(layout, axis)).sort((a, b) => a - b);
    const run = (x: Handle): Handle => {
      const folded = fold(tf, x, places);
      return keep ? folded : tf.reshape(folded, [...outputs[0].dims]);
    };
    return { reads: [layout, 'unread'], gives: layout, run: ([x]) => run(x) };
  };
}

/** Whether what is left of [N, H, W, C] without the axes has ONNX's order. */
function inOrder(axes: readonly number[]): boolean {
  return axes.includes(1) || (axes.includes(2) && axes.includes(3));
}

function cumSum(site: Site): Kernel {
  const { tf, node, inputs } = site;
  const axis = axisOf(numbersOf(site.constant(1)!)[0], inputs[0]!.dims.length);
  const layout = common(site);
  const [exclusive, reverse] = ['exclusive', 'reverse'].map((name) => intAttr(node, name, 0) === 1);
  return {
    reads: [layout, 'unread'],
    gives: layout,
    run: ([x]) => tf.cumsum(x, axisIn(layout, axis), exclusive, reverse),
  };
}

export const reduction: Operations = {
  ReduceSum: reducing((tf, x, axes) => tf.sum(x, axes, true)),
  ReduceMean: reducing((tf, x, axes) => tf.mean(x, axes, true)),
  ReduceMax: reducing((tf, x, axes) => tf.max(x, axes, true)),
  ReduceMin: reducing((tf, x, axes) => tf.min(x, axes, true)),
  ReduceProd: reducing((tf, x, axes) => tf.prod(x, axes, true)),
  ReduceL1: reducing((tf, x, axes) => tf.sum(tf.abs(x), axes, true)),
  ReduceL2: reducing((tf, x, axes) => tf.sqrt(tf.sum(tf.square(x), axes, true))),
  ReduceSumSquare: reducing((tf, x, axes) => tf.sum(tf.square(x), axes, true)),
  ReduceLogSum: reducing((tf, x, axes) => tf.log(tf.sum(x, axes, true))),
  ReduceLogSumExp: reducing(logSumExp),
  CumSum: cumSum,
};
