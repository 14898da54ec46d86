import { describe, expect, it } from 'vitest';
import type { Tile } from '../../src-main/api/audit.ts';
import { answersSearch, chipsOf, filtersOf, optionsOf, passes, toggled } from './filters.ts';

const tile = (runId: number, modelId: number, profile: string, seenAs?: string): Tile => ({
  ...{ runId, modelId, profile, seenAs, classIndex: runId, label: 'Academic gown' },
  ...{ prototypeIndex: 0, state: 'finished' },
});
const models = [1, 2].map((id) => ({ id, name: `model ${id}`, classes: 9, height: 8, width: 8 }));
const tiles = [
  tile(1, 1, 'paper'),
  tile(2, 1, 'fourier', 'cloak'),
  tile(3, 2, 'paper', 'cloak'),
  tile(4, 2, 'fourier'),
];

describe('filters', () => {
  it('leave tiles that have one of the chosen values of every facet', () => {
    const filters = { model: ['1', '2'], seen: ['other'] };
    expect(tiles.filter((one) => passes(filters, one, {})).map(({ runId }) => runId)).toEqual([
      2, 3,
    ]);
  });

  it('count what a chip would leave, whatever else is chosen in its facet', () => {
    const chips = chipsOf(
      'profile',
      tiles,
      {
        profile: ['paper'],
        seen: ['other'],
        model: ['1'],
      },
      { models, marks: {} },
    );
    expect(chips.map(({ value, count, chosen }) => [value, count, chosen])).toEqual([
      ['paper', 0, true],
      ['fourier', 1, false],
    ]);
  });

  it('offer no chips where all tiles are the same', () => {
    expect(chipsOf('state', tiles, {}, { models, marks: {} })).toEqual([]);
  });

  it('know what is reviewed', () => {
    const marks = { 2: { state: 'concern', severity: 3, note: '' } } as const;
    const chips = chipsOf('review', tiles, {}, { models, marks });
    expect(chips.map(({ value, count }) => [value, count])).toEqual([
      ['unreviewed', 3],
      ['concern', 1],
    ]);
  });

  it('go away when a chip is pressed again', () => {
    const once = toggled({}, 'profile', 'paper');
    expect([once, toggled(once, 'profile', 'paper')]).toEqual([
      { profile: ['paper'] },
      { profile: [] },
    ]);
  });

  it('come back from an address', () => {
    const filters = { model: ['1'], state: ['failed', 'queued'] };
    expect(filtersOf(optionsOf(filters))).toEqual(filters);
  });
});

describe('a search', () => {
  it.each([
    ['gown acad', true],
    ['1', true],
    ['11', false],
    ['gown hat', false],
    ['', true],
  ])('for “%s” finds the class: %s', (words, found) => {
    expect(answersSearch(tiles[0], words)).toBe(found);
  });
});
