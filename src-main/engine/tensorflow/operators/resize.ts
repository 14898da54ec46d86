import { sizeOf } from '../../../graph/ir.ts';
import type { AxisMap } from '../../../graph/operators/axis-map.ts';
import { resamplingMap } from '../../../graph/operators/resampling.ts';
import { resamplingOf, targetOf } from '../../../graph/operators/resize.ts';
import { axisIn, common } from '../layout.ts';
import type { Handle, Operation, Operations, Site } from '../operation.ts';
import { firstOnly } from './shape.ts';

/**
 * Resize, with every mode and coordinate transformation of ONNX, of which TensorFlow has few: it is separable, so each
 * axis is a product with a matrix, or a choice of elements where each result is one of them.
 */
const resize: Operation = (site) => {
  const { node, inputs } = site;
  const { dims } = inputs[0]!;
  const layout = common(site);
  const target = targetOf(node, dims, site.constant);
  const how = resamplingOf(node);
  const steps = dims.flatMap((from, axis) => {
    const [to, scale] = [target.dims[axis], target.scales[axis]];
    if (from === to && scale === 1) return [];
    return [stepOf(site, resamplingMap(how, from, to, scale), axisIn(layout, axis))];
  });
  const run = (x: Handle): Handle => steps.reduce((value, step) => step(value), x.clone());
  return { reads: firstOnly(site, layout), gives: layout, run: ([x]) => run(x) };
};

function stepOf(site: Site, map: AxisMap, axis: number): (value: Handle) => Handle {
  const { tf } = site;
  const chosen = choiceOf(map);
  if (chosen) {
    const indices = site.keep(chosen, [chosen.length], 'int32');
    return (value) => tf.gather(value, indices, axis);
  }
  const matrix = site.keep(map.weights, [map.to, map.from], 'float32');
  return (value) => {
    const { shape } = value;
    const [outer, inner] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
    const turned = tf.transpose(tf.reshape(value, [outer, map.from, inner]), [0, 2, 1]);
    const rows = tf.reshape(turned, [outer * inner, map.from]);
    const product = tf.reshape(tf.matMul(rows, matrix, false, true), [outer, inner, map.to]);
    return tf.reshape(tf.transpose(product, [0, 2, 1]), shape.with(axis, map.to));
  };
}

/** For a map whose every row is a single 1: where they stand. */
function choiceOf({ to, from, weights }: AxisMap): Int32Array | undefined {
  const rows = Array.from({ length: to }, (_, row) =>
    weights.subarray(row * from, (row + 1) * from),
  );
  const single = rows.every((row) => row.every((weight) => weight === 0 || weight === 1));
  if (!single || rows.some((row) => row.reduce((sum, weight) => sum + weight, 0) !== 1))
    return undefined;
  return Int32Array.from(rows, (row) => row.indexOf(1));
}

export const resizing: Operations = { Resize: resize };
