import { expect, it } from 'vitest';
import type { Tile } from '../../src-main/api/audit.ts';
import { ScoreIndex, type Row } from './matrix.ts';
import { formatOrder, ordered, orderOf } from './order.ts';

const tile = (logit?: number): Tile => ({
  ...{ runId: 1, modelId: 1, profile: 'paper', classIndex: 1, label: '', logit },
  ...{ prototypeIndex: 0, state: 'finished' },
});
const row = (classIndex: number, label: string, ...logits: (number | undefined)[]): Row => ({
  ...{ classIndex, label, tiles: logits.map(tile) },
});
const rows = [row(0, 'ten 10', 1, 5), row(1, 'Apple', undefined), row(2, 'ten 9', 4, undefined)];
const none = { scores: new ScoreIndex([]), marks: {} };
const indices = (order: string) =>
  ordered(rows, orderOf(order), ['1 paper 0', '1 paper 1'], none).map((r) => r.classIndex);

it('sorts names as people do, numbers by their value', () => {
  expect(indices('class')).toEqual([1, 2, 0]);
});

it('sorts by the mean of a figure, and puts classes without it last in both directions', () => {
  expect([indices('logit'), indices('logit-down')]).toEqual([
    [0, 2, 1],
    [2, 0, 1],
  ]);
});

it('sorts by one column’s figures, where one is chosen', () => {
  expect([indices('logit@1 paper 0'), indices('logit@1 paper 1')]).toEqual([
    [0, 2, 1],
    [0, 1, 2],
  ]);
  expect(indices('logit-down@1 paper 0')).toEqual([2, 0, 1]);
});

it('reads an order back from an address, and takes the index for anything else', () => {
  const orders = ['pooled-down', 'l1@2 paper 0', 'colour', 'class@2 paper 0'];
  expect(orders.map((order) => formatOrder(orderOf(order)))).toEqual([
    ...['pooled-down', 'l1@2 paper 0', 'index', 'class'],
  ]);
});
