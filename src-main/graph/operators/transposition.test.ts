import { expect, test } from 'vitest';
import { checkEvaluation, checkOperator } from '../../../test/support/gradient.ts';
import { uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import { ints, tensor } from '../tensor.ts';
import { operatorOf } from './index.ts';

const image = uniform([2, 3, 4, 5], -1, 1, 1);

test.each([[[0, 2, 3, 1]], [[3, 1, 0, 2]], [undefined]])('Transpose by %j', (perm) =>
  checkOperator({
    op: 'Transpose',
    inputs: [image],
    attributes: perm ? { perm: attr.ints(perm) } : {},
  }),
);

test('Transpose of integers and truth values', async () => {
  await checkEvaluation({ op: 'Transpose', inputs: [ints([2, 3], [1, 2, 3, 4, 5, 6])] });
  await checkEvaluation({ op: 'Transpose', inputs: [tensor('bool', [1, 2], [1, 0])] });
});

test.each(['DCR', 'CRD'])('DepthToSpace in the order %s', (mode) =>
  checkOperator({
    op: 'DepthToSpace',
    inputs: [uniform([2, 12, 2, 3], -1, 1, 2)],
    attributes: { blocksize: attr.int(2), mode: attr.string(mode) },
  }),
);

test('SpaceToDepth', () =>
  checkOperator({
    op: 'SpaceToDepth',
    inputs: [uniform([2, 3, 4, 6], -1, 1, 3)],
    attributes: { blocksize: attr.int(2) },
  }));

test('blocks that do not fill the image are refused', () => {
  const attributes = { blocksize: attr.int(2) };
  const node = { name: 's', op: 'SpaceToDepth', inputs: ['x'], outputs: ['y'], attributes };
  const infer = (): unknown =>
    operatorOf('SpaceToDepth').infer({ node, inputs: [image], constant: () => undefined });
  expect(infer).toThrow('its blocks do not fill the input');
});
