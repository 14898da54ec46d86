import { expect, it } from 'vitest';
import type { Tile } from '../../src-main/api/audit.ts';
import { ScoreIndex } from './matrix.ts';
import { optionsOf, progressOf, queryOf } from './saved-views.ts';

const tile = (runId: number, profile: string, label = 'wolf'): Tile => ({
  ...{ runId, modelId: 1, classIndex: 0, label, profile, prototypeIndex: 0, state: 'finished' },
});
const tiles = [
  tile(1, 'paper'),
  tile(2, 'paper'),
  tile(3, 'fourier'),
  tile(4, 'plain'),
  tile(5, 'paper', 'dog'),
];
const marked = { state: 'concern', severity: null, note: '' } as const;
const scores = new ScoreIndex([]);
const view = (query: string) => ({ id: 1, name: 'Wolves', query });

it('counts what a view shows with and without a mark, controls left out', () => {
  const marks = { 1: marked, 5: marked };
  expect(progressOf(view('q=wolf'), tiles, { marks, scores })).toEqual({ reviewed: 1, all: 3 });
  expect(progressOf(view('profile=paper&review=unreviewed'), tiles, { marks, scores })).toEqual({
    ...{ reviewed: 2, all: 3 },
  });
});

it('is the same view in whatever order its options were chosen', () => {
  const query = queryOf({ sort: 'logit-down', q: 'a & b=c', profile: 'paper,fourier' });
  expect(query).toBe(queryOf({ profile: 'paper,fourier', q: 'a & b=c', sort: 'logit-down' }));
  expect(optionsOf(view(query))).toEqual({
    ...{ sort: 'logit-down', q: 'a & b=c', profile: 'paper,fourier' },
  });
});
