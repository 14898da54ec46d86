import type { Density } from '../shell/settings.svelte.ts';

/** Side of a tile's picture in pixels. */
const sides = { s: 76, m: 116, l: 184 } as const;
const LARGEST = 232;
/** Around a picture, and below it for its line of text. */
const GAP = 14;
const CAPTION = 22;
export const CLASS_COLUMN = 148;

export interface TileSize {
  readonly side: number;
  readonly columnWidth: number;
  readonly rowHeight: number;
}

/** The tiles' size; by itself as large as it may be so that all columns can be seen. */
export function sizeOf(density: Density, columns: number, width: number): TileSize {
  const room = (width - CLASS_COLUMN) / Math.max(1, columns) - GAP;
  const fitting = Math.max(sides.s, Math.min(LARGEST, Math.floor(room)));
  const side = density === 'auto' ? fitting : sides[density];
  return { side, columnWidth: side + GAP, rowHeight: side + GAP + CAPTION };
}
