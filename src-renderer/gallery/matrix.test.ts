import { describe, expect, it } from 'vitest';
import type { Score, Tile } from '../../src-main/api/audit.ts';
import { columnsOf, headingsOf, rowsOf, ScoreIndex } from './matrix.ts';

const model = (id: number) => ({ id, name: `model ${id}`, classes: 2, height: 28, width: 28 });
const tile = (
  modelId: number,
  classIndex: number,
  profile: string,
  runId: number,
  prototypeIndex = 0,
): Tile => ({
  ...{ runId, modelId, classIndex, profile, label: `class ${classIndex}` },
  ...{ prototypeIndex, state: 'finished' },
});
const score = (modelId: number, classIndex: number, series: string, kind: string): Score => ({
  ...{ modelId, classIndex, series, kind, ordinal: 0 },
  ...{ evidence: 'sufficient', naturalImages: 12 },
});

const models = [model(2), model(1)];
const tiles = [
  tile(1, 1, 'paper', 4),
  tile(1, 0, 'paper', 1),
  tile(1, 0, 'fourier', 2),
  tile(2, 0, 'paper', 3),
  tile(2, 0, 'paper', 6, 1),
  tile(2, 1, 'paper', 5),
];

describe('the matrix of a gallery', () => {
  const columns = columnsOf(models, tiles);

  it('has a column for each model, profile and index, in the audit’s order of models', () => {
    expect(columns.map(({ key }) => key)).toEqual([
      '2 paper 0',
      '2 paper 1',
      '1 fourier 0',
      '1 paper 0',
    ]);
  });

  it('puts columns of one model and profile under one heading', () => {
    const headings = headingsOf(columns).map(({ profile, columns: width }) => [profile, width]);
    expect(headings).toEqual([
      ['paper', 2],
      ['fourier', 1],
      ['paper', 1],
    ]);
  });

  it('has a row for each class, by index, with a place for each column', () => {
    const runs = rowsOf(tiles, columns).map((row) => row.tiles.map((found) => found?.runId));
    expect(runs).toEqual([
      [3, 6, 2, 1],
      [5, undefined, undefined, 4],
    ]);
  });

  it('shows beside a prototype its own figures and its model’s controls', () => {
    const scores = new ScoreIndex([
      score(1, 0, 'grey', 'grey'),
      score(1, 0, 'fourier', 'prototype'),
      score(1, 0, 'paper', 'prototype'),
      score(2, 0, 'grey', 'grey'),
    ]);
    const series = scores.withControls(tiles[1]).map((found) => `${found.modelId} ${found.series}`);
    expect(series).toEqual(['1 paper', '1 grey']);
  });

  it('names the best of a prototype’s controls, those of its class and model alone', () => {
    const figure = (found: Score, normalisedPooled?: number) => ({ ...found, normalisedPooled });
    const scores = new ScoreIndex([
      figure(score(1, 0, 'paper', 'prototype'), 0.9),
      figure(score(1, 0, 'grey', 'grey'), -0.2),
      figure(score(1, 0, 'noise', 'noise'), 0.3),
      figure(score(1, 0, 'other paper', 'other-class')),
      figure(score(1, 0, 'plain', 'plain'), 0.1),
      figure(score(1, 1, 'grey', 'grey'), 0.8),
      figure(score(2, 0, 'grey', 'grey'), 0.7),
      figure(score(1, 1, 'paper', 'prototype'), 0.5),
    ]);
    expect(scores.bestControl(tiles[1])).toBe(0.3);
    expect(scores.bestControl(tiles[0])).toBe(0.8);
    // A control has none itself, and neither has what is not measured.
    expect(scores.bestControl(tile(1, 0, 'plain', 9))).toBeUndefined();
    expect(scores.bestControl(tiles[3])).toBeUndefined();
  });
});
