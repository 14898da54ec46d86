import type { Feature } from '../classifier/features.ts';
import { valuesOf, type FeatureValue } from '../classifier/feature-value.ts';

/** Sides of the picture of a row, in pixels. */
export const BARS_SIDE = 224;

/** Bars of one column of the picture; more features stand in further columns. */
const MOST_ROWS = 28;

type Colour = readonly [number, number, number];
const PAPER: Colour = [255, 255, 255];
const TRACK: Colour = [224, 227, 232];
/** Blue and orange, which people of every colour vision tell apart. */
const NUMBER: Colour = [33, 102, 172];
const CATEGORY: Colour = [204, 85, 0];

/** A rectangle: from the left and from above, in pixels. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * A row of a table as a small picture: a bar for each feature, filled up to the value between its bounds; a category is
 * the filled one of as many pieces as there are. It has no words: those stand in the table of values.
 * @param positions one a column, 0 … 1 between its bounds
 * @returns interleaved RGB, `BARS_SIDE` by `BARS_SIDE`
 */
export function barsOf(features: readonly Feature[], positions: Float32Array): Uint8Array {
  const data = new Uint8Array(BARS_SIDE * BARS_SIDE * 3);
  fill(data, { left: 0, top: 0, right: BARS_SIDE, bottom: BARS_SIDE }, PAPER);
  valuesOf(features, positions).forEach((value, place) => {
    const box = boxOf(place, features.length);
    fill(data, box, TRACK);
    fill(data, filled(box, value), value.categories ? CATEGORY : NUMBER);
  });
  return data;
}

function boxOf(place: number, count: number): Box {
  const across = Math.ceil(count / MOST_ROWS);
  const down = Math.ceil(count / across);
  const [width, height] = [BARS_SIDE / across, BARS_SIDE / down];
  const [left, top] = [Math.floor(place / down) * width, (place % down) * height];
  const [gapX, gapY] = [Math.min(12, width * 0.08), height * 0.22];
  return {
    left: left + gapX,
    right: left + width - gapX,
    top: top + gapY,
    bottom: top + height - gapY,
  };
}

function filled(box: Box, { value, position, categories }: FeatureValue): Box {
  const width = box.right - box.left;
  if (!categories) {
    // A mark of two pixels stands where the value is the least.
    const length = Math.max(2, Math.min(1, Math.max(0, position)) * width);
    return { ...box, right: box.left + length };
  }
  const piece = width / categories.length;
  return { ...box, left: box.left + value * piece, right: box.left + (value + 1) * piece };
}

function fill(data: Uint8Array, { left, top, right, bottom }: Box, colour: Colour): void {
  const last = Math.min(BARS_SIDE, Math.max(Math.round(left) + 1, Math.round(right)));
  const end = Math.min(BARS_SIDE, Math.max(Math.round(top) + 1, Math.round(bottom)));
  for (let y = Math.round(top); y < end; y++) {
    for (let x = Math.round(left); x < last; x++) data.set(colour, 3 * (y * BARS_SIDE + x));
  }
}
