/** Which of many rows of the same height are to be drawn. */
export interface Window {
  /** The first row drawn, and the one after the last. */
  readonly first: number;
  readonly end: number;
}

/**
 * The rows that can be seen, and some on either side, so that quick scrolling meets no gaps.
 *
 * @param size of a row in pixels
 * @param scrolled pixels above the visible part
 * @param visible pixels
 */
export function windowOf(
  count: number,
  size: number,
  scrolled: number,
  visible: number,
  overscan = 3,
): Window {
  const first = Math.max(0, Math.min(count, Math.floor(scrolled / size)) - overscan);
  const end = Math.min(count, Math.ceil((scrolled + visible) / size) + overscan);
  return { first, end: Math.max(first, end) };
}

/**
 * How far to scroll so that a row can be seen whole, moving as little as possible.
 *
 * @param covered pixels at the top that a sticky header hides
 */
export function scrolledTo(
  index: number,
  size: number,
  scrolled: number,
  visible: number,
  covered: number,
): number {
  const top = index * size;
  if (top < scrolled) return top;
  return Math.max(scrolled, top + size - (visible - covered));
}
