import { broadcastDims, mapElements } from '../broadcast.ts';
import type { Operator } from '../operator.ts';
import { pullOf } from './elementwise.ts';

/**
 * Elementwise choice: y = condition ? a : b, all three broadcast together.
 * ONNX operator Where: https://onnx.ai/onnx/operators/onnx__Where.html
 */
const where: Operator = {
  name: 'Where',
  infer: ({ inputs: [condition, a, b] }) => {
    if (condition?.dtype !== 'bool') throw new Error('the condition is not boolean');
    if (!a || !b || a.dtype !== b.dtype) throw new Error('the two choices are not of one type');
    return [{ dtype: a.dtype, dims: broadcastDims([condition.dims, a.dims, b.dims]) }];
  },
  gradient: (context) => {
    const { e, g, inputs } = pullOf(context);
    const { build, inputTypes } = context;
    return [
      null,
      context.wants(1) ? build.sumTo(e.where(inputs[0], g, 0), inputTypes[1]!.dims) : null,
      context.wants(2) ? build.sumTo(e.where(inputs[0], 0, g), inputTypes[2]!.dims) : null,
    ];
  },
  evaluate: (_, [condition, a, b]) => [
    mapElements(a!.dtype, [condition!, a!, b!], (holds, x, y) => (holds === 1 ? x : y)),
  ],
};

export const choices: readonly Operator[] = [where];
