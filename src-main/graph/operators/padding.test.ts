import { describe, expect, test } from 'vitest';
import { checkEvaluation, checkOperator, checkTypes } from '../../../test/support/gradient.ts';
import { uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import type { Attributes } from '../ir.ts';
import { floats, ints } from '../tensor.ts';
import { operatorOf } from './index.ts';
import { sources } from './padding.ts';

const image = uniform([2, 3, 4], -1, 1, 1);
const mode = (name: string): Attributes => ({ mode: attr.string(name) });
const widths = (...pads: number[]): ReturnType<typeof ints> => ints([pads.length], pads);

describe('Pad agrees with onnxruntime in type, value and gradient', () => {
  test('with zeros and with a value', async () => {
    await checkOperator({ op: 'Pad', inputs: [image, widths(0, 1, 2, 1, 0, 3)], wrt: [0] });
    const inputs = [image, widths(0, 1, 2, 1, 0, 3), floats([], [0.5])];
    await checkOperator({ op: 'Pad', inputs, wrt: [0] });
  });

  test('with negative widths, which cut', async () => {
    await checkOperator({ op: 'Pad', inputs: [image, widths(0, -1, 2, 0, 0, -3)], wrt: [0] });
  });

  test('of chosen axes', async () => {
    const inputs = [image, widths(1, 2, 0, 3), undefined, ints([2], [-1, 0])];
    await checkOperator({ op: 'Pad', inputs, wrt: [0] });
  });

  test.each(['reflect', 'edge', 'wrap'])('that repeats the image by %s', (name) =>
    checkOperator({
      op: 'Pad',
      inputs: [image, widths(0, 2, 3, 0, 1, 2)],
      attributes: { ...mode(name) },
      wrt: [0],
    }),
  );

  test.each(['reflect', 'edge', 'wrap'])('that cuts first and repeats the rest by %s', (name) =>
    checkOperator({
      op: 'Pad',
      inputs: [image, widths(0, -1, 2, 0, 1, -1)],
      attributes: { ...mode(name) },
      wrt: [0],
    }),
  );

  test('of integers', async () => {
    const given = { op: 'Pad', inputs: [ints([2], [1, 2]), widths(1, 1), ints([], [9])] };
    await checkTypes(given);
    await checkEvaluation(given);
  });
});

test('an unknown mode is refused', () => {
  const attributes = { mode: attr.string('mirror') };
  const node = { name: 'p', op: 'Pad', inputs: ['x', 'p'], outputs: ['y'], attributes };
  const pads = widths(0, 0, 0, 0, 0, 0);
  const infer = (): unknown =>
    operatorOf('Pad').infer({ node, inputs: [image, pads], constant: () => pads });
  expect(infer).toThrow('the mode mirror is not supported');
});

test.each([
  ['reflect', [-4, 1], /nothing is left/],
  ['constant', [-3, -2], /more than there is/],
])('widths that leave nothing are refused (%s)', (name, pads, message) => {
  const node = { name: 'p', op: 'Pad', inputs: ['x', 'p'], outputs: ['y'], attributes: mode(name) };
  const row = uniform([4], -1, 1, 1);
  const infer = (): unknown =>
    operatorOf('Pad').infer({
      ...{ node, inputs: [row, widths(...pads)] },
      constant: () => widths(...pads),
    });
  expect(infer).toThrow(message);
});

/** numpy.pad([0, 1, 2, 3], (7, 5), …), of NumPy 1.26. */
test.each([
  ['reflect', [1, 0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2]],
  ['wrap', [1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0]],
])('more than there is repeats it again, as NumPy does (%s)', (name, expected) => {
  expect(sources(name, 4, 7, 5)).toEqual(expected);
});
