import { intAttr } from '../attributes.ts';
import { axisOf, sizeOf, type Tensor, type ValueType } from '../ir.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';
import { filled } from '../view.ts';
import { known, numbersAt, optionalNumbersAt, typeAt } from './known.ts';

/**
 * Operators that leave every element where it is and change the shape alone, the identity among them. The gradient
 * has the elements of the cotangent in the shape of the input. ONNX 1.16, opset 21.
 */
function reshaping(name: string, dimsOf: (context: InferContext) => readonly number[]): Operator {
  const infer = (context: InferContext): ValueType[] => {
    const { dtype, dims } = typeAt(context, 0);
    const after = dimsOf(context);
    if (sizeOf(after) !== sizeOf(dims)) {
      throw new Error(`[${dims.join(', ')}] does not fit into [${after.join(', ')}]`);
    }
    return [{ dtype, dims: after }];
  };
  return {
    name,
    infer,
    gradient: reshapeBack,
    evaluate: (node, inputs) => [
      { ...(inputs[0] as Tensor), dims: infer(known(node, inputs))[0].dims },
    ],
  };
}

function reshapeBack({ build, cotangents, inputTypes, wants }: GradientContext): (string | null)[] {
  return [wants(0) ? build.reshape(cotangents[0]!, inputTypes[0]!.dims) : null];
}

/** 0 copies the input's dimension (unless `allowzero`), one −1 takes what is left. */
function reshapeDims(context: InferContext): number[] {
  const { dims } = typeAt(context, 0);
  const allowZero = intAttr(context.node, 'allowzero', 0) === 1;
  const wanted = numbersAt(context, 1, 'dimensions').map((dim, axis) =>
    dim === 0 && !allowZero ? dims[axis] : dim,
  );
  const free = wanted.indexOf(-1);
  if (free < 0) return wanted;
  const rest = sizeOf(wanted.toSpliced(free, 1));
  const left = rest === 0 ? 0 : sizeOf(dims) / rest;
  return Number.isInteger(left) ? wanted.with(free, left) : wanted;
}

function flattenDims(context: InferContext): number[] {
  const { dims } = typeAt(context, 0);
  const axis = intAttr(context.node, 'axis', 1);
  const at = axis < 0 ? axis + dims.length : axis;
  return [sizeOf(dims.slice(0, at)), sizeOf(dims.slice(at))];
}

/** Without axes every dimension of 1 goes. */
function squeezeDims(context: InferContext): number[] {
  const { dims } = typeAt(context, 0);
  const axes = optionalNumbersAt(context, 1, 'axes')?.map((axis) => axisOf(axis, dims.length));
  return dims.filter((dim, axis) => (axes ? !axes.includes(axis) : dim !== 1));
}

function unsqueezeDims(context: InferContext): number[] {
  const { dims } = typeAt(context, 0);
  const axes = numbersAt(context, 1, 'axes');
  const rank = dims.length + axes.length;
  const places = axes.map((axis) => axisOf(axis, rank)).sort((a, b) => a - b);
  return places.reduce((result, place) => result.toSpliced(place, 0, 1), [...dims]);
}

/** At inference dropout passes its input on; its second output is a mask that keeps everything. */
const dropout: Operator = {
  name: 'Dropout',
  infer: (context) => {
    const type = typeAt(context, 0);
    return [type, { dtype: 'bool' as const, dims: type.dims }].slice(
      0,
      context.node.outputs.length,
    );
  },
  gradient: ({ cotangents, wants }) => [wants(0) ? cotangents[0] : null],
  evaluate: (node, [data]) => {
    const one: Tensor = { dtype: 'bool', dims: [], data: Uint8Array.of(1) };
    const mask = filled({ dtype: 'bool', dims: data!.dims }, one);
    return [data!, mask].slice(0, node.outputs.length);
  },
};

export const reshapes: readonly Operator[] = [
  reshaping('Identity', (context) => typeAt(context, 0).dims),
  reshaping('Reshape', reshapeDims),
  reshaping('Flatten', flattenDims),
  reshaping('Squeeze', squeezeDims),
  reshaping('Unsqueeze', unsqueezeDims),
  dropout,
];
