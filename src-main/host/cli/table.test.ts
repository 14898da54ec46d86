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

it('gives all numbers of a column decimals where one has them', () => {
  expect(
    table(['p'], [[1], [0.25]])
      .split('\n')
      .slice(2),
  ).toEqual(['1.00', '0.25']);
});

it('lets no name bend the table or reach the terminal as a command', () => {
  const lines = table(['class'], [['x'.repeat(60)], ['two\nlines\u001b[2J']]).split('\n');
  expect(lines).toEqual(['class', '─'.repeat(40), `${'x'.repeat(39)}…`, 'two lines�[2J']);
});

it('lines up names in scripts whose characters are two columns wide, and shortens none in its middle', () => {
  const lines = table(
    ['class', 'n'],
    [
      ['金魚', 1],
      ['café 🐟', 2],
      ['魚'.repeat(30), 3],
    ],
  ).split('\n');
  expect(lines.slice(2)).toEqual([
    `金魚${' '.repeat(35)}  1`,
    `café 🐟${' '.repeat(32)}  2`,
    `${'魚'.repeat(19)}…  3`,
  ]);
});
