import { describe, expect, it } from 'vitest';
import { fitOrFull, fitted, panned, placed, settled, zoomedAt } from './zoom.ts';

const picture = { width: 200, height: 100 };
const pane = { width: 400, height: 400 };

describe('a picture in its pane', () => {
  it('fits, in the middle', () => {
    expect(placed(fitted, picture, pane)).toEqual({ left: 0, top: 100, width: 400, height: 200 });
  });

  it('shows the same part of a picture four times the size', () => {
    const zoom = { scale: 3, x: 0.4, y: 0.5 };
    expect(placed(zoom, { width: 800, height: 400 }, pane)).toEqual(placed(zoom, picture, pane));
  });

  it('keeps the point under the pointer where it is', () => {
    const at = { x: 100, y: 0 };
    const before = placed(fitted, picture, pane);
    const after = placed(zoomedAt(fitted, 2, at, picture, pane), picture, pane);
    const relative = (box: { left: number; width: number }) =>
      (pane.width / 2 + at.x - box.left) / box.width;
    expect(relative(after)).toBeCloseTo(relative(before), 12);
  });

  it('follows the pointer that drags it', () => {
    const zoom = { scale: 4, x: 0.5, y: 0.5 };
    const moved = placed(panned(zoom, 30, -20, picture, pane), picture, pane);
    const before = placed(zoom, picture, pane);
    expect([moved.left - before.left, moved.top - before.top]).toEqual([30, -20]);
  });

  it('does not let the picture be dragged out of the pane', () => {
    const box = placed(panned({ scale: 4, x: 0.5, y: 0.5 }, 9e9, 0, picture, pane), picture, pane);
    expect(box.left).toBeCloseTo(0, 9);
    expect(settled({ scale: 1, x: 0.9, y: 0 }, picture, pane)).toEqual(fitted);
  });

  it('switches between fit and pixel by pixel', () => {
    const full = fitOrFull(fitted, picture, pane);
    expect(placed(full, picture, pane)).toEqual({ left: 100, top: 150, width: 200, height: 100 });
    expect(fitOrFull(full, picture, pane)).toEqual(fitted);
  });
});
