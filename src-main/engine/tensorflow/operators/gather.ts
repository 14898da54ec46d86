import { intAttr, stringAttr } from '../../../graph/attributes.ts';
import { axisOf, sizeOf, stridesOf } from '../../../graph/ir.ts';
import { offsetsOf } from '../../../graph/view.ts';
import { axisIn, common } from '../layout.ts';
import type { Handle, Kernel, Operation, Operations, Site, TF } from '../operation.ts';

/** Choosing elements by index and putting them back, by their place in the flattened value. */

/** Indices may count from the end. */
function resolved(tf: TF, indices: Handle, size: number): Handle {
  const at = tf.cast(indices, 'int32');
  return tf.where(tf.less(at, tf.scalar(0, 'int32')), tf.add(at, tf.scalar(size, 'int32')), at);
}

const gather: Operation = (site): Kernel => {
  const { tf, node, inputs, outputs } = site;
  const { dims } = inputs[0]!;
  const axis = axisOf(intAttr(node, 'axis', 0), dims.length);
  // Only a vector of indices keeps the rank, and so the layout.
  const layout = inputs[1]!.dims.length === 1 ? common(site) : 'first';
  return {
    reads: [layout, 'first'],
    gives: layout,
    run: ([x, indices]) => {
      const list = tf.reshape(resolved(tf, indices, dims[axis]), [sizeOf(inputs[1]!.dims)]);
      const rows = tf.gather(x, list, axisIn(layout, axis));
      return layout === 'last' ? rows : tf.reshape(rows, [...outputs[0].dims]);
    },
  };
};

/** Where the elements that an index tensor of the same rank names along an axis lie in the flattened value. */
function elementPlaces(site: Site): (indices: Handle) => Handle {
  const { tf, node, inputs } = site;
  const [{ dims }, index] = [inputs[0]!, inputs[1]!];
  const axis = axisOf(intAttr(node, 'axis', 0), dims.length);
  const strides = stridesOf(dims);
  const offsets = Int32Array.from(offsetsOf(index.dims, strides.with(axis, 0)));
  const base = site.keep(offsets, [offsets.length], 'int32');
  const stride = site.keep(Int32Array.of(strides[axis]), [], 'int32');
  return (indices) =>
    tf.add(base, tf.mul(tf.reshape(resolved(tf, indices, dims[axis]), [offsets.length]), stride));
}

/** Where the slices that an index tensor [..., k] names begin, in slices. */
function slicePlaces(site: Site): (indices: Handle) => Handle {
  const { tf, inputs } = site;
  const [{ dims }, index] = [inputs[0]!, inputs[1]!];
  const depth = index.dims[index.dims.length - 1];
  const strides = site.keep(Int32Array.from(stridesOf(dims.slice(0, depth))), [depth], 'int32');
  const sizes = site.keep(Int32Array.from(dims.slice(0, depth)), [depth], 'int32');
  const rows = sizeOf(index.dims.slice(0, -1));
  return (indices) => {
    const at = tf.reshape(tf.cast(indices, 'int32'), [rows, depth]);
    const inside = tf.where(tf.less(at, tf.scalar(0, 'int32')), tf.add(at, sizes), at);
    return tf.sum(tf.mul(inside, strides), 1);
  };
}

interface Places {
  readonly of: (indices: Handle) => Handle;
  /** The value as a list of what is chosen. */
  readonly rows: number[];
}

function elements(site: Site): Places {
  return { of: elementPlaces(site), rows: [sizeOf(site.inputs[0]!.dims), 1] };
}

function slices(site: Site): Places {
  const [{ dims }, index] = [site.inputs[0]!, site.inputs[1]!];
  const depth = index.dims[index.dims.length - 1];
  return { of: slicePlaces(site), rows: [sizeOf(dims.slice(0, depth)), sizeOf(dims.slice(depth))] };
}

const gathering =
  (placesOf: (site: Site) => Places): Operation =>
  (site) => {
    const { tf, outputs } = site;
    const { of, rows } = placesOf(site);
    const run = (x: Handle, indices: Handle): Handle =>
      tf.reshape(tf.gather(tf.reshape(x, rows), of(indices) as never, 0), [...outputs[0].dims]);
    return { run: ([x, indices]) => run(x, indices) };
  };

/** What is scattered is summed where an index occurs more than once. ONNX demands distinct ones where it replaces. */
const scattering =
  (placesOf: (site: Site) => Places): Operation =>
  (site) => {
    const { tf, node, inputs } = site;
    const { of, rows } = placesOf(site);
    const adds = stringAttr(node, 'reduction', 'none') === 'add';
    const count = sizeOf(inputs[2]!.dims) / rows[1];
    const run = (x: Handle, indices: Handle, updates: Handle): Handle => {
      const at = tf.reshape(of(indices), [count, 1]);
      const list = tf.reshape(updates, [count, rows[1]]);
      const spread = tf.scatterND(at, list, rows);
      const data = tf.reshape(x, rows);
      if (adds) return tf.add(data, spread);
      const hit = tf.scatterND(at, tf.onesLike(list), rows);
      return tf.where(tf.greater(hit, 0), spread, data);
    };
    return {
      run: ([x, indices, updates]) => tf.reshape(run(x, indices, updates), [...inputs[0]!.dims]),
    };
  };

export const gathers: Operations = {
  Gather: gather,
  GatherElements: gathering(elements),
  GatherND: gathering(slices),
  ScatterElements: scattering(elements),
  ScatterND: scattering(slices),
};
