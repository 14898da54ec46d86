import { mapElements, type Element } from '../broadcast.ts';
import type { Tensor } from '../ir.ts';
import type { Operator } from '../operator.ts';
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
    if (context.wants(1) || context.wants(2)) {
      throw new Error('a bound of Clip is computed from the image');
    }
    const { e, g, y, inputs } = pullOf(context);
    const [, low, high] = inputs;
    const inside = [low && e.greater(y, low), high && e.less(y, high)].filter((test) => !!test);
    if (inside.length === 0) return [g, null, null];
    const mask = inside.length === 2 ? e.both(inside[0], inside[1]) : inside[0];
    return [e.where(mask, g, 0), null, null];
  },
  evaluate: (_, [value, low, high]) => [
    mapElements(value!.dtype, [value!], (x) => {
      const raised = atLeast(x, low);
      return high && high.data[0] < raised ? high.data[0] : raised;
    }),
  ],
};

function atLeast(x: Element, low: Tensor | undefined): Element {
  return low && x < low.data[0] ? low.data[0] : x;
}

export const clips: readonly Operator[] = [clip];
