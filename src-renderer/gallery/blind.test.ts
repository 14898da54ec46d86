import { expect, it } from 'vitest';
import type { Tile } from '../../src-main/api/audit.ts';
import { blindRows, shuffled, veiled } from './blind.ts';

const tiles = Array.from({ length: 200 }, (_, index): Tile => ({
  ...{ runId: index + 1, modelId: index % 2, classIndex: index >> 1, label: `class ${index >> 1}` },
  ...{ profile: 'paper', prototypeIndex: 0, state: 'finished', logit: index, probability: 0.5 },
  ...{ seenAs: 'wolf', reason: 'class 3 failed', imageHash: 'a' },
}));

it('shuffles without losing any, always alike, so that neighbours are strangers', () => {
  const order = shuffled(tiles).map(({ runId }) => runId);
  expect(shuffled(tiles.toReversed()).map(({ runId }) => runId)).toEqual(order);
  expect(order.toSorted((a, b) => a - b)).toEqual(tiles.map(({ runId }) => runId));
  const together = order.filter((runId, place) => Math.abs(runId - order[place + 1]) === 1);
  expect(together.length).toBeLessThan(10);
});

it('leaves nothing readable that tells class, profile or figures', () => {
  expect(JSON.stringify(veiled(tiles[7], 12))).not.toMatch(/class \d|paper|wolf|logit|probab/);
});

it('fills rows one after the other', () => {
  const rows = blindRows(tiles.slice(0, 8));
  expect(rows.map((row) => row.tiles.length)).toEqual([6, 2]);
});
