import { expect, it } from 'vitest';
import { table } from './table.ts';

it('lines numbers up on the right, names on the left, and marks what is not known', () => {
  expect(
    table(
      ['class', 'logit', 'n'],
      [
        ['tench', 12.345, 7],
        ['academic gown', undefined, 12],
      ],
    ),
  ).toBe(
    [
      'class          logit   n',
      '─────────────  ─────  ──',
      'tench          12.35   7',
      'academic gown      –  12',
    ].join('\n'),
  );
});
