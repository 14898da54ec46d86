import { expect, it } from 'vitest';
import type { Tile } from '../../src-main/api/audit.ts';
import { figureOf, formatRange, liesIn, rangeOf, rangesOf } from './figures.ts';
import { ScoreIndex } from './matrix.ts';

const tile: Tile = {
  ...{ runId: 3, modelId: 1, classIndex: 0, label: 'wolf', profile: 'paper', prototypeIndex: 1 },
  ...{ state: 'finished', logit: 12, stability: 0.4 },
};
const score = {
  ...{ modelId: 1, classIndex: 0, series: 'paper', kind: 'prototype', naturalImages: 20 },
  ...({ evidence: 'sufficient', normalisedPooled: 0.25, l1Percent: 60 } as const),
};
const known = {
  scores: new ScoreIndex([
    { ...score, ordinal: 0 },
    { ...score, ordinal: 1, normalisedPooled: 0.75 },
  ]),
  marks: { 3: { state: 'concern', severity: 4, note: '' } as const },
};

it('takes a tile’s own figures, not those of its class’s other prototype', () => {
  const names = ['logit', 'probability', 'pooled', 'l1', 'stability', 'severity'] as const;
  expect(names.map((name) => figureOf(tile, name, known))).toEqual([
    ...[12, undefined, 0.75, 60, 0.4, 4],
  ]);
});

it('keeps what lies in every range, ends included, and nothing without the figure', () => {
  const lies = (options: Record<string, string>) => liesIn(rangesOf(options), tile, known);
  expect(lies({ logit: '12..', stability: '..0.4' })).toBe(true);
  expect(lies({ logit: '12..', stability: '0.5..' })).toBe(false);
  expect(lies({ probability: '0..1' })).toBe(false);
  expect(lies({ logit: 'much', q: '1..2' })).toBe(true);
});

it('reads the ranges that it writes', () => {
  for (const text of ['0.5..', '..-3', '-1..1']) expect(formatRange(rangeOf(text)!)).toBe(text);
  expect(['..', '', '1..2..3', 'x..'].map(rangeOf)).toEqual(Array(4).fill(undefined));
});
