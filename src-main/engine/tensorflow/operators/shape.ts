import { intAttr } from '../../../graph/attributes.ts';
import { axisOf, sizeOf, type ValueType } from '../../../graph/ir.ts';
import { permOf } from '../../../graph/operators/transposition.ts';
import { numbersOf } from '../../../graph/tensor.ts';
import { axisIn, common, dimsIn, listIn, permutationTo } from '../layout.ts';
import type { Handle, Kernel, Operation, Operations, Site } from '../operation.ts';

/** Operators that keep, repeat, join, part or permute elements. https://onnx.ai/onnx/operators/ */

/** All but the first input are read when the graph is made ready. */
export const firstOnly = (site: Site, layout: 'first' | 'last' = 'first') => [
  layout,
  ...site.inputs.slice(1).map(() => 'unread' as const),
];

/** Elements stay in their order, so the channels must lie as in ONNX. */
const reshape: Operation = (site) => {
  const dims = [...site.outputs[0].dims];
  return { reads: firstOnly(site), run: ([x]) => site.tf.reshape(x, dims) };
};

const identity: Operation = (site) => {
  const layout = common(site);
  return { reads: firstOnly(site, layout), gives: layout, run: ([x]) => x.clone() };
};

/** At inference dropout passes its input on; its second output is a mask that keeps everything. */
const dropout: Operation = (site) => {
  const { outputs } = site;
  const mask =
    outputs[1] &&
    site.keep(new Uint8Array(sizeOf(outputs[1].dims)).fill(1), outputs[1].dims, 'bool');
  return { reads: firstOnly(site), run: ([x]) => [x.clone(), ...(mask ? [mask.clone()] : [])] };
};

const expand: Operation = (site) => {
  const [input] = site.inputs;
  const { dims } = site.outputs[0];
  const layout = input!.dims.length === 4 && dims.length === 4 ? common(site) : 'first';
  const whole = dimsIn(layout, dims);
  return {
    reads: firstOnly(site, layout),
    gives: layout,
    run: ([x]) => site.tf.broadcastTo(x, whole),
  };
};

const tile: Operation = (site) => {
  const layout = common(site);
  const repeats = listIn(layout, Array.from(numbersOf(site.constant(1)!)));
  return {
    reads: firstOnly(site, layout),
    gives: layout,
    run: ([x]) => site.tf.tile(x, repeats),
  };
};

const concat: Operation = (site) => {
  const { tf, node, inputs, outputs } = site;
  const layout = common(site);
  const axis = axisIn(layout, axisOf(intAttr(node, 'axis', 0), outputs[0].dims.length));
  const full = inputs.flatMap((input, i) => (sizeOf(input!.dims) > 0 ? [i] : []));
  return {
    reads: inputs.map(() => layout),
    gives: layout,
    // TensorFlow.js takes a join of empty tensors for one of nothing.
    run: (values) =>
      full.length === 0
        ? values[0].clone()
        : tf.concat(
            full.map((i) => values[i]),
            axis,
          ),
  };
};

const split: Operation = (site) => {
  const { tf, node, inputs, outputs } = site;
  const layout = common(site);
  const axis = axisOf(intAttr(node, 'axis', 0), inputs[0]!.dims.length);
  const lengths = outputs.map((output: ValueType) => output.dims[axis]);
  return {
    reads: firstOnly(site, layout),
    gives: layout,
    run: ([x]) => tf.split(x, lengths, axisIn(layout, axis)),
  };
};

/** Reads the input as it lies: the permutation takes the layout into account. */
const transpose: Operation = (site) => {
  const { tf, node, inputs } = site;
  const layout = common(site);
  const lies = layout === 'last' ? permutationTo('last') : inputs[0]!.dims.map((_, axis) => axis);
  const perm = permOf(node, inputs[0]!.dims.length).map((axis) => lies.indexOf(axis));
  const kept = perm.every((axis, i) => axis === i);
  return { reads: [layout], run: ([x]) => (kept ? x.clone() : tf.transpose(x, perm)) };
};

const oneHot: Operation = (site): Kernel => {
  const { tf, node, inputs, outputs } = site;
  const rank = outputs[0].dims.length;
  const axis = axisOf(intAttr(node, 'axis', -1), rank);
  const depth = outputs[0].dims[axis];
  const order = Array.from({ length: rank - 1 }, (_, i) => i).toSpliced(axis, 0, rank - 1);
  return {
    reads: ['first', 'unread', 'first'],
    run: ([indices, , offOn]) => {
      const at = tf.cast(indices, 'int32');
      const inside = tf.where(
        tf.less(at, tf.scalar(0, 'int32')),
        tf.add(at, tf.scalar(depth, 'int32')),
        at,
      );
      const hot = tf.transpose(
        tf.oneHot(tf.reshape(inside, inputs[0]!.dims as number[]) as never, depth),
        order,
      );
      const [off, on] = tf.split<Handle>(offOn, 2);
      return tf.where(tf.cast(hot, 'bool'), on, off);
    },
  };
};

/** The upper or lower triangle of matrices, from diagonal k on: what lies outside may be infinite. */
const trilu: Operation = (site) => {
  const { tf, node, inputs } = site;
  const [rows, columns] = inputs[0]!.dims.slice(-2);
  const k = site.constant(1) ? numbersOf(site.constant(1)!)[0] : 0;
  const upper = intAttr(node, 'upper', 1) === 1;
  const mask = Uint8Array.from({ length: rows * columns }, (_, i) => {
    const diagonal = (i % columns) - Math.floor(i / columns);
    return Number(upper ? diagonal >= k : diagonal <= k);
  });
  const kept = site.keep(mask, [rows, columns], 'bool');
  return { reads: firstOnly(site), run: ([x]) => tf.where(kept, x, tf.zerosLike(x)) };
};

export const shape: Operations = {
  Reshape: reshape,
  Flatten: reshape,
  Squeeze: reshape,
  Unsqueeze: reshape,
  Identity: identity,
  Dropout: dropout,
  Expand: expand,
  Tile: tile,
  Concat: concat,
  Split: split,
  Transpose: transpose,
  OneHot: oneHot,
  Trilu: trilu,
};
