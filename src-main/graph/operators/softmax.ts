import { intAttr } from '../attributes.ts';
import { axisOf } from '../ir.ts';
import type { GradientContext, Operator } from '../operator.ts';
import { pullOf, sameType, type Pull } from './elementwise.ts';

/** ⟨value⟩ along the operator's axis, which stays as 1. */
function sumAlong({ context }: Pull, value: string): string {
  const { node, build } = context;
  const axis = axisOf(intAttr(node, 'axis', -1), build.dims(value).length);
  return build.sum(value, [axis], true);
}

/** With y = softmax x: dL/dx = y ⊙ (g − ⟨g ⊙ y⟩). */
function softmaxGradient(context: GradientContext): (string | null)[] {
  const pull = pullOf(context);
  const { e, g, y } = pull;
  return [e.mul(y, e.sub(g, sumAlong(pull, e.mul(g, y))))];
}

/** With y = x − log Σ eˣ: dL/dx = g − eʸ ⟨g⟩. */
function logSoftmaxGradient(context: GradientContext): (string | null)[] {
  const pull = pullOf(context);
  const { e, g, y } = pull;
  return [e.sub(g, e.mul(e.apply('Exp', y), sumAlong(pull, g)))];
}

const normalisation = (name: string, gradient: Operator['gradient']): Operator => ({
  name,
  infer: (context) => {
    const type = sameType(context, 1);
    axisOf(intAttr(context.node, 'axis', -1), type.dims.length);
    return [type];
  },
  gradient,
});

/**
 * Over one axis, the last by default (since opset 13). Gradients: Bridle 1990.
 * ONNX operators https://onnx.ai/onnx/operators/onnx__Softmax.html and onnx__LogSoftmax.html
 */
export const softmaxes: readonly Operator[] = [
  normalisation('Softmax', softmaxGradient),
  normalisation('LogSoftmax', logSoftmaxGradient),
];
