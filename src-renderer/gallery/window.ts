/** Which of many rows of the same height are to be drawn. */
export interface Window {
  /** The first row drawn, and the one after the last. */
  readonly first: number;
  readonly end: number;
}

/**
 * The rows that can be seen, and some on either side, so that quick scrolling meets no gaps. There are
 * always as many, as far as there are rows.
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
  const length = Math.min(count, Math.ceil(visible / size) + 1 + 2 * overscan);
  const first = Math.max(0, Math.min(count - length, Math.floor(scrolled / size) - overscan));
  return { first, end: first + length };
}

/**
 * Seats for the rows of a window: while it moves, a row keeps its seat, and one that comes takes the seat of one that
 * goes. What is drawn is so changed a row at a time, and never built anew.
 */
export function seatsOf({ first, end }: Window): number[] {
  const count = end - first;
  return Array.from({ length: count }, (_, seat) => {
    const behind = (seat - first) % count;
    return first + (behind < 0 ? behind + count : behind);
  });
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
