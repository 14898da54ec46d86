import { describe, it } from 'vitest';
import { checkGolden, goldenCases } from '../../../test/support/golden.ts';

describe('pooling', () => {
  const cases = goldenCases(new URL('golden/pooling.json', import.meta.url));
  it.each(cases)("has PyTorch's values and gradients: $op, $name", (golden) => checkGolden(golden));
});
