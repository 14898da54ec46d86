import { describe, expect, it } from 'vitest';
import { checkOperator, vectorJacobian } from '../../../test/support/gradient.ts';
import { uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import type { Attributes } from '../ir.ts';
import { floats } from '../tensor.ts';

describe.each(['Softmax', 'LogSoftmax'])('%s', (op) => {
  it.each([undefined, 0, 1, -1, -3])('is differentiated along axis %s', async (axis) => {
    const attributes: Attributes = axis === undefined ? {} : { axis: attr.int(axis) };
    await checkOperator({ op, inputs: [uniform([3, 4, 5], -2, 2, 1)], attributes });
  });

  it('is differentiated for a vector', async () => {
    await checkOperator({ op, inputs: [uniform([6], -2, 2, 1)] });
  });

  it('stays finite for large logits', async () => {
    const { gradients } = await vectorJacobian({ op, inputs: [floats([1, 3], [900, -900, 0])] }, [
      floats([1, 3], [1, 2, 3]),
    ]);
    expect([...gradients[0]!.data].every((value) => Number.isFinite(value))).toBe(true);
  });

  it('refuses an axis that is not there', async () => {
    const inputs = [uniform([2, 2], -1, 1, 1)];
    await expect(checkOperator({ op, inputs, attributes: { axis: attr.int(2) } })).rejects.toThrow(
      'axis 2',
    );
  });
});
