import { describe, expect, it } from 'vitest';
import { scrolledTo, seatsOf, windowOf } from './window.ts';

describe('the window over the rows', () => {
  it('holds what can be seen and the overscan', () => {
    expect(windowOf(1000, 100, 5000, 600, 2)).toEqual({ first: 48, end: 59 });
  });

  it('does not reach beyond the ends', () => {
    expect([windowOf(4, 100, 0, 600), windowOf(1000, 100, 99_400, 600)]).toEqual([
      { first: 0, end: 4 },
      { first: 987, end: 1000 },
    ]);
  });

  it('is empty without rows, and after the list has shrunk under a scrolled view', () => {
    expect(windowOf(0, 100, 0, 600)).toEqual({ first: 0, end: 0 });
    expect(windowOf(3, 100, 9000, 600)).toEqual({ first: 0, end: 3 });
  });
});

describe('the seats of the rows', () => {
  it('hold every row of the window once', () => {
    expect(seatsOf({ first: 17, end: 24 }).sort((a, b) => a - b)).toEqual([
      17, 18, 19, 20, 21, 22, 23,
    ]);
    expect(seatsOf({ first: 0, end: 0 })).toEqual([]);
  });

  it('change for one row alone when the window moves by one', () => {
    const before = seatsOf({ first: 17, end: 24 });
    const after = seatsOf({ first: 18, end: 25 });
    expect(after.filter((row, seat) => row !== before[seat])).toEqual([24]);
  });
});

describe('scrolling to a row', () => {
  it('leaves the view alone where the row is seen', () => {
    expect(scrolledTo(5, 100, 300, 600, 50)).toBe(300);
  });

  it('moves up to a row above, and down until a row below is whole', () => {
    expect(scrolledTo(2, 100, 300, 600, 50)).toBe(200);
    expect(scrolledTo(9, 100, 300, 600, 50)).toBe(450);
  });
});
