import { describe, expect, test } from 'vitest';
import {
  checkEvaluation,
  checkGradient,
  checkOperator,
  checkTypes,
} from '../../../test/support/gradient.ts';
import { uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import { ints } from '../tensor.ts';
import { operatorOf } from './index.ts';

const image = uniform([2, 5, 3], -1, 1, 1);

describe('Gather agrees with onnxruntime in type, value and gradient', () => {
  test.each<[string, number[], number[]]>([
    ['one row', [], [2]],
    ['the last row', [1], [-1]],
    ['rows in sequence', [3], [1, 2, 3]],
    ['a permutation', [5], [4, 2, 0, 1, 3]],
    ['some rows', [2], [3, 0]],
    ['rows that repeat', [2, 3], [0, 0, 3, 3, 3, 1]],
    ['no row', [0], []],
  ])('%s', (_name, dims, indices) =>
    checkOperator({
      op: 'Gather',
      inputs: [image, ints(dims, indices)],
      attributes: { axis: attr.int(1) },
      wrt: indices.length > 0 ? [0] : [],
    }),
  );

  test('from the last axis and from integers', async () => {
    const attributes = { axis: attr.int(-1) };
    await checkOperator({ op: 'Gather', inputs: [image, ints([2], [2, 0])], attributes, wrt: [0] });
    await checkEvaluation({ op: 'Gather', inputs: [ints([3], [7, 8, 9]), ints([], [1])] });
  });

  test('an index outside the axis is refused', () => {
    const node = { name: 'g', op: 'Gather', inputs: ['x', 'i'], outputs: ['y'], attributes: {} };
    const evaluate = (): unknown => operatorOf('Gather').evaluate!(node, [image, ints([], [2])]);
    expect(evaluate).toThrow('index 2 lies outside an axis of 2');
  });
});

test('GatherElements', async () => {
  const indices = ints([2, 2, 3], [0, 1, 4, 3, -1, 2, 0, 0, 1, 0, 2, 2]);
  const attributes = { axis: attr.int(1) };
  await checkOperator({ op: 'GatherElements', inputs: [image, indices], attributes, wrt: [0] });
});

test('GatherND of rows and of elements', async () => {
  await checkOperator({
    op: 'GatherND',
    inputs: [image, ints([3, 2], [0, 1, 1, -1, 0, 1])],
    wrt: [0],
  });
  await checkOperator({ op: 'GatherND', inputs: [image, ints([1, 3], [1, 2, 0])], wrt: [0] });
});

describe('scattering agrees with onnxruntime', () => {
  const updates = uniform([2, 2, 3], -1, 1, 2);
  const indices = ints([2, 2, 3], [0, 1, 4, 3, 0, 2, 0, 4, 1, 1, 2, 2]);

  test.each(['none', 'add'])('ScatterElements with reduction %s', async (reduction) => {
    const attributes = { axis: attr.int(1), reduction: attr.string(reduction) };
    const given = { op: 'ScatterElements', inputs: [image, indices, updates], attributes };
    await checkTypes(given);
    await checkEvaluation(given);
    await checkGradient(given);
  });

  test.each(['none', 'add'])('ScatterND with reduction %s', async (reduction) => {
    const attributes = { reduction: attr.string(reduction) };
    const places = ints([2, 2], [0, 1, 1, 4]);
    const inputs = [image, places, uniform([2, 3], -1, 1, 3)];
    await checkOperator({ op: 'ScatterND', inputs, attributes });
  });
});
