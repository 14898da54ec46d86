import { intAttr, intsAttr, stringAttr } from '../attributes.ts';
import type { Node } from '../ir.ts';

/**
 * How a window slides along the spatial axes of a tensor [N, C, spatial…]. Every list has one entry per spatial axis.
 * Source: ONNX operators Conv, MaxPool and AveragePool, "Output shape".
 */
export interface Windows {
  readonly input: readonly number[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Padding before and after the data, as the node states it; `ceil_mode` may let windows reach beyond `end`. */
  readonly begin: readonly number[];
  readonly end: readonly number[];
  /** Number of windows. */
  readonly output: readonly number[];
}

/** Elements that a dilated kernel spans. */
export const spanOf = (kernel: number, dilation: number): number => dilation * (kernel - 1) + 1;

/**
 * The windows of a convolution or pooling node.
 * @param input spatial dimensions of its input
 * @param kernel spatial dimensions of its kernel
 * @throws Error when an attribute does not fit the rank or the kernel does not fit the padded input
 */
export function windowsOf(
  node: Node,
  input: readonly number[],
  kernel: readonly number[],
): Windows {
  const rank = input.length;
  if (kernel.length !== rank) {
    throw new Error(`a kernel of ${kernel.length} axes does not fit ${rank} spatial axes`);
  }
  const strides = positive(node, 'strides', rank);
  const dilations = positive(node, 'dilations', rank);
  const padding = input.map((dim, axis) =>
    paddingOf(node, axis, dim, strides[axis], spanOf(kernel[axis], dilations[axis])),
  );
  const begin = padding.map((pair) => pair[0]);
  const end = padding.map((pair) => pair[1]);
  const ceil = intAttr(node, 'ceil_mode', 0) === 1;
  const output = input.map((dim, axis) => {
    const span = spanOf(kernel[axis], dilations[axis]);
    return countOf(dim, span, strides[axis], begin[axis], end[axis], ceil);
  });
  return { input, kernel, strides, dilations, begin, end, output };
}

/** A list attribute of integers ≥ 1, all ones by default. */
export function positive(node: Node, name: string, rank: number): readonly number[] {
  const values = intsAttr(node, name) ?? new Array<number>(rank).fill(1);
  if (values.length !== rank || values.some((value) => !(value >= 1))) {
    throw new Error(`${name} [${values.join(', ')}] do not fit ${rank} spatial axes`);
  }
  return values;
}

function paddingOf(
  node: Node,
  axis: number,
  dim: number,
  stride: number,
  span: number,
): [number, number] {
  const mode = stringAttr(node, 'auto_pad', 'NOTSET');
  if (mode === 'VALID') return [0, 0];
  if (mode === 'SAME_UPPER' || mode === 'SAME_LOWER') {
    const total = Math.max(0, (Math.ceil(dim / stride) - 1) * stride + span - dim);
    const small = Math.floor(total / 2);
    return mode === 'SAME_UPPER' ? [small, total - small] : [total - small, small];
  }
  const pads = intsAttr(node, 'pads');
  if (!pads) return [0, 0];
  const [begin, end] = [pads[axis], pads[axis + pads.length / 2]];
  if (!(begin >= 0 && end >= 0)) throw new Error(`pads [${pads.join(', ')}] do not fit`);
  return [begin, end];
}

function countOf(
  dim: number,
  span: number,
  stride: number,
  begin: number,
  end: number,
  ceil: boolean,
): number {
  const room = dim + begin + end - span;
  if (room < 0) throw new Error(`a kernel that spans ${span} does not fit ${dim} elements`);
  if (!ceil) return Math.floor(room / stride) + 1;
  const count = Math.ceil(room / stride) + 1;
  // A window must start inside the data or its leading padding, as PyTorch and onnxruntime demand.
  return (count - 1) * stride >= dim + begin ? count - 1 : count;
}
