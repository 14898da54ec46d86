import { describe, expect, it } from 'vitest';
import { scrolledTo, windowOf } from './window.ts';

describe('the window over the rows', () => {
  it('holds what can be seen and the overscan', () => {
    expect(windowOf(1000, 100, 5000, 600, 2)).toEqual({ first: 48, end: 58 });
  });

  it('does not reach beyond the ends', () => {
    expect([windowOf(4, 100, 0, 600), windowOf(1000, 100, 99_400, 600)]).toEqual([
      { first: 0, end: 4 },
      { first: 991, end: 1000 },
    ]);
  });

  it('is empty without rows, and after the list has shrunk under a scrolled view', () => {
    expect(windowOf(0, 100, 0, 600)).toEqual({ first: 0, end: 0 });
    expect(windowOf(3, 100, 9000, 600)).toEqual({ first: 0, end: 3 });
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
