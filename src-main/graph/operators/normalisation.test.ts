import { describe, expect, it } from 'vitest';
import { checkGradient, checkTypes } from '../../../test/support/gradient.ts';
import { checkGolden, goldenCases } from '../../../test/support/golden.ts';
import { uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import { operatorOf } from './index.ts';

describe('normalisation', () => {
  const cases = goldenCases(new URL('golden/normalisation.json', import.meta.url));
  it.each(cases)("has PyTorch's values and gradients: $op, $name", (golden) => checkGolden(golden));

  it('of a layer gives its statistics as well, and takes what flows back through them', async () => {
    const given = {
      op: 'LayerNormalization',
      inputs: [uniform([2, 3, 4], -1, 1, 1), uniform([4], 0.5, 1, 2)],
      attributes: { axis: attr.int(-1), epsilon: attr.float(0.1) },
      outputs: 3,
    };
    await checkTypes(given);
    await checkGradient(given);
  });

  it('in training mode is refused in words', () => {
    const channels = { dtype: 'float32' as const, dims: [3] };
    const names = ['x', 's', 'b', 'm', 'v'];
    const attributes = { training_mode: attr.int(1) };
    const node = {
      name: 'bn',
      op: 'BatchNormalization',
      inputs: names,
      outputs: ['y'],
      attributes,
    };
    const inputs = [{ ...channels, dims: [2, 3] }, channels, channels, channels, channels];
    const context = { node, inputs, constant: () => undefined };
    expect(() => operatorOf(node.op).infer(context)).toThrow('training mode is not supported');
  });
});
