import { expect, test } from 'vitest';
import {
  checkEvaluation,
  checkGradient,
  checkOperator,
  vectorJacobian,
} from '../../../test/support/gradient.ts';
import { uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import { floats, ints } from '../tensor.ts';

const parts = [2, 1, 3].map((channels, i) => uniform([2, channels, 4], -1, 1, i));
const axis = { axis: attr.int(-2) };

test('Concat of three, all, two or one of them varying', async () => {
  for (const wrt of [[0, 1, 2], [0, 2], [1], [2]]) {
    await checkOperator({ op: 'Concat', inputs: parts, attributes: axis, wrt });
  }
});

test('Concat of one and of integers', async () => {
  await checkOperator({ op: 'Concat', inputs: [parts[0]], attributes: axis });
  const shapes = [ints([1], [2]), ints([2], [3, 4])];
  await checkEvaluation({ op: 'Concat', inputs: shapes, attributes: { axis: attr.int(0) } });
});

test('Concat of the same value twice', () =>
  checkGradient({
    inputs: [parts[0]],
    build: (build, [x]) => [build.add('Concat', [x, x], { axis: attr.int(0) })],
  }));

test('Split into given and into equal parts, of which the last may be shorter', async () => {
  const data = uniform([2, 7, 3], -1, 1, 9);
  const attributes = { axis: attr.int(1) };
  await checkOperator({
    op: 'Split',
    inputs: [data, ints([3], [1, 4, 2])],
    attributes,
    outputs: 3,
    wrt: [0],
  });
  const count = { ...attributes, num_outputs: attr.int(3) };
  await checkOperator({ op: 'Split', inputs: [data], attributes: count, outputs: 3 });
});

test('Split of which only some parts matter gives zeros elsewhere', async () => {
  const used = [[1], [0, 2]];
  const x = floats([1, 3], [1, 2, 3]);
  const results = used.map((kept) =>
    vectorJacobian(
      {
        inputs: [x],
        build: (build, [input]) => {
          const attributes = { axis: attr.int(1), num_outputs: attr.int(3) };
          const all = build.addMany('Split', [input], attributes, 3);
          return kept.map((part) => build.add('Identity', [all[part]]));
        },
      },
      kept.map((part) => floats([1, 1], [part + 5])),
    ),
  );
  const gradients = (await Promise.all(results)).map(({ gradients: [gradient] }) => [
    ...gradient!.data,
  ]);
  expect(gradients).toEqual([
    [0, 6, 0],
    [5, 0, 7],
  ]);
});
