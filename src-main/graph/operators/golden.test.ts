import { describe, it } from 'vitest';
import { checkGolden, goldenCases } from '../../../test/support/golden.ts';

/** Larger than single precision's own error where the forward pass of onnxruntime approximates (Erf, Tanh). */
const TOLERANCE = 1e-5;

describe.each(['activation', 'reduction', 'product'])('%s', (family) => {
  const cases = goldenCases(new URL(`golden/${family}.json`, import.meta.url));
  it.each(cases)("has PyTorch's values and gradients: $op, $name", (golden) =>
    checkGolden(golden, TOLERANCE),
  );
});
