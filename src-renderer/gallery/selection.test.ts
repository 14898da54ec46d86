import { describe, expect, it } from 'vitest';
import type { Tile } from '../../src-main/api/audit.ts';
import type { Row } from './matrix.ts';
import { neighbour, rectangle, spotOf } from './selection.ts';

const tile = (runId: number): Tile => ({
  ...{ runId, modelId: 1, profile: 'paper', classIndex: 1, label: '' },
  ...{ prototypeIndex: 0, state: 'finished' },
});
const grid = (numbers: number[][]): Row[] =>
  numbers.map((line, classIndex) => ({
    ...{ classIndex, label: '' },
    tiles: line.map((runId) => (runId === 0 ? undefined : tile(runId))),
  }));

const rows = grid([
  [1, 2, 3],
  [4, 0, 6],
  [7, 8, 9],
]);
const from = { row: 1, column: 0 };

describe('moving', () => {
  it('skips empty places', () => {
    expect(neighbour(rows, from, 0, 1)?.runId).toBe(6);
    expect(neighbour(rows, { row: 0, column: 1 }, 1, 0)?.runId).toBe(8);
  });

  it('stays where the matrix ends', () => {
    expect(neighbour(rows, from, 0, -1)).toBeUndefined();
  });
});

it('finds where a run is shown', () => {
  expect([spotOf(rows, 6), spotOf(rows, 5), spotOf(rows, undefined)]).toEqual([
    { row: 1, column: 2 },
    undefined,
    undefined,
  ]);
});

it('selects the rectangle between two places, whichever comes first', () => {
  expect(rectangle(rows, { row: 2, column: 1 }, from)).toEqual([4, 7, 8]);
});
