import { expect, it } from 'vitest';
import { nextWhere } from './queue.ts';

const even = (number: number): boolean => number % 2 === 0;

it('looks ahead, and goes on at the start', () => {
  expect([nextWhere([2, 3, 5, 8], 0, 1, even), nextWhere([2, 3, 5, 8], 3, 1, even)]).toEqual([
    8, 2,
  ]);
});

it('looks back, and goes on at the end', () => {
  expect([nextWhere([2, 3, 8, 5], 3, -1, even), nextWhere([2, 3, 8, 5], 0, -1, even)]).toEqual([
    8, 8,
  ]);
});

it('starts anywhere where nothing is chosen yet', () => {
  expect(nextWhere([4, 6], -1, 1, even)).toBe(4);
});

it('finds nothing where nothing is left', () => {
  expect([nextWhere([1, 3], 0, 1, even), nextWhere([], -1, 1, even)]).toEqual([
    undefined,
    undefined,
  ]);
});
