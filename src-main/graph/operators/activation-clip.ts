import { mapElements, type Element } from '../broadcast.ts';
import type { Tensor } from '../ir.ts';
import type { GradientContext, Operator } from '../operator.ts';
import { constantNumber } from './constant.ts';
import { pullOf } from './elementwise.ts';

/**
 * ONNX operator Clip: https://onnx.ai/onnx/operators/onnx__Clip.html
 * The derivative is 1 strictly between the bounds and 0 elsewhere, as hardtanh, relu6 and Keras have it.
 * Bounds get no gradient: they are constants wherever a classifier clips.
 */
const clip: Operator = {
  name: 'Clip',
  infer: ({ inputs: [value, ...bounds] }) => {
    if (!value) throw new Error('the value is missing');
    for (const bound of bounds) {
      if (bound && bound.dtype !== value.dtype) throw new Error('a bound is of another type');
    }
    return [value];
  },
  gradient: (context) => {
    const { e, g, y } = pullOf(context);
    const [low, high] = [boundOf(context, 1), boundOf(context, 2)];
    const raised = low === undefined ? g : e.mul(g, e.above(y, low));
    return [high === undefined ? raised : e.mul(raised, e.below(y, high)), null, null];
  },
  evaluate: (_, [value, low, high]) => [
    mapElements(value!.dtype, [value!], (x) => {
      const raised = atLeast(x, low);
      return high && high.data[0] < raised ? high.data[0] : raised;
    }),
  ],
};

/** A bound, `undefined` where there is none: some exporters write the largest float for that. */
function boundOf(context: GradientContext, index: number): number | undefined {
  if (!context.inputs[index]) return undefined;
  const bound = constantNumber(context.constant(index));
  if (bound === undefined) throw new Error('a bound is computed from the image');
  return Math.abs(bound) < 1e8 ? bound : undefined;
}

function atLeast(x: Element, low: Tensor | undefined): Element {
  return low && x < low.data[0] ? low.data[0] : x;
}

export const clips: readonly Operator[] = [clip];
