import { attr, intAttr } from '../attributes.ts';
import { axisOf, sizeOf, stridesOf, type Node, type Tensor } from '../ir.ts';
import type { GradientContext, Operator } from '../operator.ts';
import { numbersOf, tensor } from '../tensor.ts';

interface Direction {
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

function directionOf(node: Node): Direction {
  return {
    exclusive: intAttr(node, 'exclusive', 0) === 1,
    reverse: intAttr(node, 'reverse', 0) === 1,
  };
}

/** The adjoint of a running sum is the running sum from the other end. */
function gradient({ node, inputs, cotangents, build }: GradientContext): (string | null)[] {
  const { exclusive, reverse } = directionOf(node);
  const flags = { exclusive: attr.int(exclusive ? 1 : 0), reverse: attr.int(reverse ? 0 : 1) };
  return [build.add('CumSum', [cotangents[0]!, inputs[1]], flags), null];
}

function evaluate(value: Tensor, axis: number, { exclusive, reverse }: Direction): Tensor {
  const numbers = numbersOf(value);
  const length = value.dims[axis];
  const stride = stridesOf(value.dims)[axis];
  const results = new Float64Array(sizeOf(value.dims));
  for (let i = 0; i < results.length; i++) {
    if (Math.floor(i / stride) % length !== 0) continue;
    for (let step = 0, total = 0; step < length; step++) {
      const at = i + stride * (reverse ? length - 1 - step : step);
      results[at] = exclusive ? total : total + numbers[at];
      total += numbers[at];
    }
  }
  return tensor(value.dtype, value.dims, results);
}

/** ONNX operator CumSum, with which exporters number positions: https://onnx.ai/onnx/operators/onnx__CumSum.html */
const cumSum: Operator = {
  name: 'CumSum',
  infer: ({ inputs: [value, axis] }) => {
    if (!value || !axis) throw new Error('2 inputs are needed');
    return [value];
  },
  gradient,
  evaluate: (node, [value, axis]) => [
    evaluate(value!, axisOf(Number(axis!.data[0]), value!.dims.length), directionOf(node)),
  ],
};

export const cumulations: readonly Operator[] = [cumSum];
