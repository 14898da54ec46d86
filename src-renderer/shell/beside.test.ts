import { expect, it } from 'vitest';
import { beside } from './beside.ts';

const card = { width: 300, height: 100 };
const room = { width: 1000, height: 600 };

it.each([
  ['in the corner', { left: 20, top: 50, width: 200, height: 40 }],
  ['below', { left: 650, top: 50, width: 300, height: 440 }],
  ['above', { left: 20, top: 500, width: 900, height: 90 }],
  ['on the right', { left: 0, top: 0, width: 200, height: 600 }],
  ['on the left', { left: 700, top: 0, width: 300, height: 600 }],
])('is inside the window and covers nothing of its target: %s', (_where, target) => {
  const { left, top } = beside(target, card, room);
  expect(left).toBeGreaterThanOrEqual(0);
  expect(top).toBeGreaterThanOrEqual(0);
  expect(left + card.width).toBeLessThanOrEqual(room.width);
  expect(top + card.height).toBeLessThanOrEqual(room.height);
  const apart =
    left >= target.left + target.width ||
    left + card.width <= target.left ||
    top >= target.top + target.height ||
    top + card.height <= target.top;
  expect(apart).toBe(true);
});

it('takes the corner where its target fills the window, or is not there', () => {
  const corner = { left: 688, top: 488 };
  expect(beside({ left: 0, top: 0, ...room }, card, room)).toEqual(corner);
  expect(beside(undefined, card, room)).toEqual(corner);
});
