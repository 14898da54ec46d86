import { describe, expect, it } from 'vitest';
import type { Audit, Score, Tile } from '../../src-main/api/audit.ts';
import { columnsOf, figure, rowsOf, subjectName } from './matrix.ts';

const model = (id: number) => ({ id, name: `model ${id}`, classes: 2, height: 28, width: 28 });
const tile = (modelId: number, classIndex: number, profile: string, runId: number): Tile => ({
  ...{ runId, modelId, classIndex, profile, label: `class ${classIndex}` },
  ...{ prototypeIndex: 0, state: 'finished' },
});
const score = (modelId: number, classIndex: number, series: string, kind: string): Score => ({
  ...{ modelId, classIndex, series, kind, ordinal: 0 },
  ...{ evidence: 'sufficient', naturalImages: 12 },
});

const audit: Audit = {
  summary: {
    ...{ id: 1, name: 'first', state: 'finished', createdAt: '' },
    progress: { queued: 0, running: 0, finished: 5, failed: 0, cancelled: 0 },
  },
  models: [model(1), model(2)],
  tiles: [
    tile(1, 0, 'paper', 1),
    tile(1, 0, 'fourier', 2),
    tile(2, 0, 'paper', 3),
    tile(1, 1, 'paper', 4),
    tile(2, 1, 'paper', 5),
  ],
  scores: [
    score(1, 0, 'paper', 'prototype'),
    score(1, 0, 'fourier', 'prototype'),
    score(1, 0, 'grey', 'grey'),
    score(2, 0, 'grey', 'grey'),
  ],
  totals: [],
};

describe('the matrix of a gallery', () => {
  it('has a column for each model and profile that there are tiles of', () => {
    const columns = columnsOf(audit).map(({ model: { id }, profile }) => `${id} ${profile}`);
    expect(columns).toEqual(['1 paper', '1 fourier', '2 paper']);
  });

  it('has a row for each class, with a cell for each column', () => {
    const rows = rowsOf(audit, columnsOf(audit));
    expect(
      rows.map((row) => row.cells.map(({ tiles }) => tiles.map(({ runId }) => runId))),
    ).toEqual([
      [[1], [2], [3]],
      [[4], [], [5]],
    ]);
  });

  it('shows beside a prototype its own figures and its model’s controls', () => {
    const [row] = rowsOf(audit, columnsOf(audit));
    expect(row.cells.map(({ scores }) => scores.map(subjectName))).toEqual([
      ['prototype (paper)', 'grey image'],
      ['prototype (fourier)', 'grey image'],
      ['grey image'],
    ]);
  });

  it('shows a dash for a figure that is undefined', () => {
    expect([figure(undefined, 1), figure(0, 1, ' %'), figure(66.67, 1, ' %')]).toEqual([
      '–',
      '0.0 %',
      '66.7 %',
    ]);
  });
});
