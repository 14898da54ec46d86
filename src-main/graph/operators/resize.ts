import { floatAttr, intAttr, intsAttr, stringAttr } from '../attributes.ts';
import { axisOf, type Node, type Tensor, type ValueType } from '../ir.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';
import { numbersOf } from '../tensor.ts';
import { applyMaps, transposed, type AxisMap } from './axis-map.ts';
import { resamplingMap, type Resampling } from './resampling.ts';

interface Target {
  readonly dims: readonly number[];
  readonly scales: readonly number[];
}

/** Output shape and scale of every axis. */
export function targetOf(
  node: Node,
  dims: readonly number[],
  constant: (i: number) => Tensor | undefined,
): Target {
  const axes = (intsAttr(node, 'axes') ?? dims.map((_, axis) => axis)).map((axis) =>
    axisOf(axis, dims.length),
  );
  const given = (index: number): number[] => {
    const values = constant(index);
    const list = values ? Array.from(numbersOf(values)) : [];
    if (list.length !== 0 && list.length !== axes.length) {
      throw new Error(`${list.length} scales or sizes do not fit ${axes.length} axes`);
    }
    return list;
  };
  const [scales, sizes] = [given(2), given(3)];
  if ((scales.length === 0) === (sizes.length === 0)) {
    throw new Error('Resize needs either scales or sizes, known without running the model');
  }
  const result = { dims: [...dims], scales: dims.map(() => 1) };
  axes.forEach((axis, i) => {
    const size = sizes[i] ?? Math.floor(Math.fround(dims[axis] * scales[i]));
    result.dims[axis] = size;
    result.scales[axis] = scales[i] ?? Math.fround(size / dims[axis]);
  });
  return result;
}

function infer({ node, inputs, constant }: InferContext): ValueType[] {
  const x = inputs[0];
  if (!x) throw new Error('Resize needs an input');
  if (intAttr(node, 'antialias', 0) !== 0) {
    throw new Error('antialiased Resize is not supported; export the model without antialias');
  }
  if (stringAttr(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch') {
    throw new Error('Resize that keeps the aspect ratio is not supported; export fixed sizes');
  }
  return [{ dtype: x.dtype, dims: targetOf(node, x.dims, constant).dims }];
}

export const resamplingOf = (node: Node): Resampling => ({
  mode: stringAttr(node, 'mode', 'nearest'),
  coordinates: stringAttr(node, 'coordinate_transformation_mode', 'half_pixel'),
  nearest: stringAttr(node, 'nearest_mode', 'round_prefer_floor'),
  cubic: floatAttr(node, 'cubic_coeff_a', -0.75),
  excludeOutside: intAttr(node, 'exclude_outside', 0) === 1,
});

/** Resizing is linear in the image and separable, so its adjoint is a product with one matrix per axis. */
function gradient({
  node,
  inputTypes,
  cotangents,
  constant,
  build,
  inputs,
}: GradientContext): (string | null)[] {
  const { dims } = inputTypes[0]!;
  const target = targetOf(node, dims, constant);
  const how = resamplingOf(node);
  const maps = dims.map((from, axis): AxisMap | null => {
    const [to, scale] = [target.dims[axis], target.scales[axis]];
    return from === to && scale === 1 ? null : transposed(resamplingMap(how, from, to, scale));
  });
  return [applyMaps(build, cotangents[0]!, maps), null, null, null].slice(0, inputs.length);
}

/** ONNX operator Resize. */
export const resizes: readonly Operator[] = [{ name: 'Resize', infer, gradient }];
