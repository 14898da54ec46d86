import { describe, it } from 'vitest';
import { checkEvaluation, checkOperator } from '../../../test/support/gradient.ts';
import { uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import { ints } from '../tensor.ts';

describe('CumSum', () => {
  const flags = [0, 1].flatMap((exclusive) =>
    [0, 1].map((reverse) => [exclusive, reverse] as const),
  );

  it.each(flags)('is differentiated, exclusive %d, reverse %d', async (exclusive, reverse) => {
    const attributes = { exclusive: attr.int(exclusive), reverse: attr.int(reverse) };
    for (const axis of [0, 1, -1]) {
      await checkOperator({
        op: 'CumSum',
        inputs: [uniform([2, 3, 4], -1, 1, 1), ints([], [axis])],
        attributes,
      });
    }
    await checkEvaluation({
      op: 'CumSum',
      inputs: [ints([4], [1, 1, 2, 3]), ints([], [0])],
      attributes,
    });
  });
});
