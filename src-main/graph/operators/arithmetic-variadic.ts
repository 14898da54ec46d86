import { attr } from '../attributes.ts';
import type { Operator } from '../operator.ts';
import { variadic, type Pull } from './elementwise.ts';

/** Arithmetic of any number of inputs. ONNX operators Sum, Mean, Min, Max: https://onnx.ai/onnx/operators/ */

/** Every input that attains the extremum gets an equal share: two equal inputs get a half each, as in PyTorch. */
function extremumShares({ e, g, inputs, y, context: { build } }: Pull): (index: number) => string {
  const attains = inputs.map((input) =>
    build.add('Cast', [e.equal(input, y)], { to: attr.int(1) }),
  );
  const share = e.div(g, build.add('Sum', attains));
  return (index) => e.mul(share, attains[index]);
}

const sum = variadic({
  name: 'Sum',
  float: (...values) => values.reduce((total, value) => total + value, 0),
  integer: (...values) => values.reduce((total, value) => total + value, 0n),
  pull:
    ({ g }) =>
    () =>
      g,
});

const mean = variadic({
  name: 'Mean',
  float: (...values) => values.reduce((total, value) => total + value, 0) / values.length,
  integer: (...values) =>
    values.reduce((total, value) => total + value, 0n) / BigInt(values.length),
  pull: ({ e, g, inputs }) => {
    const share = e.mul(g, 1 / inputs.length);
    return () => share;
  },
});

const max = variadic({
  name: 'Max',
  float: Math.max,
  integer: (...values) => values.reduce((a, b) => (b > a ? b : a)),
  pull: extremumShares,
});

const min = variadic({
  name: 'Min',
  float: Math.min,
  integer: (...values) => values.reduce((a, b) => (b < a ? b : a)),
  pull: extremumShares,
});

export const variadicArithmetic: readonly Operator[] = [sum, mean, max, min];
