import type { Density } from '../shell/settings.svelte.ts';

/** Side of a tile's picture in pixels. */
const sides = { s: 76, m: 116, l: 184 } as const;
/** Around a picture, and below it for its line of text. */
const GAP = 14;
const CAPTION = 22;
export const CLASS_COLUMN = 148;

export interface TileSize {
  readonly side: number;
  readonly columnWidth: number;
  readonly rowHeight: number;
}

/** The tiles' size; by itself the largest at which all columns can be seen. */
export function sizeOf(density: Density, columns: number, width: number): TileSize {
  const room = (width - CLASS_COLUMN) / Math.max(1, columns) - GAP;
  const fitting = room >= sides.l ? 'l' : room >= sides.m ? 'm' : 's';
  const side = sides[density === 'auto' ? fitting : density];
  return { side, columnWidth: side + GAP, rowHeight: side + GAP + CAPTION };
}
