import type { GradientContext } from '../operator.ts';
import { pullOf } from './elementwise.ts';

/**
 * The gradient of a product that is x σ(x), as exporters write SiLU (Elfwing, Uchibe & Doya 2017, arXiv 1702.03118):
 * y′ = σ + y (1 − σ), four nodes where the product's and the sigmoid's own rules need six.
 * @returns dL/d input for both inputs, all of it with x; `undefined` for any other product
 */
export function swishGradient(context: GradientContext): (string | null)[] | undefined {
  const { inputs, producer } = context;
  const gate = inputs.findIndex((input, index) => {
    const maker = producer(input);
    return maker?.op === 'Sigmoid' && maker.inputs[0] === inputs[1 - index];
  });
  if (gate < 0) return undefined;
  const { e, g, y } = pullOf(context);
  const slope = e.add(inputs[gate], e.mul(y, e.complement(inputs[gate])));
  const whole = e.mul(g, slope);
  return gate === 1 ? [whole, null] : [null, whole];
}
