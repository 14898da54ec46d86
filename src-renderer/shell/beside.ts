/** A rectangle of the window, in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const GAP = 12;

const within = (value: number, most: number): number => Math.max(GAP, Math.min(value, most - GAP));

/**
 * Where a card goes that points at something: below it, above it or beside it, where there is room; else into the
 * corner, where it hides least.
 */
export function beside(
  target: Box | undefined,
  card: Size,
  room: Size,
): { left: number; top: number } {
  const corner = { left: room.width - card.width - GAP, top: room.height - card.height - GAP };
  if (!target) return corner;
  const left = within(target.left, room.width - card.width);
  const top = within(target.top, room.height - card.height);
  const below = target.top + target.height + GAP;
  const right = target.left + target.width + GAP;
  if (below + card.height <= room.height) return { left, top: below };
  if (target.top - card.height - GAP >= 0) return { left, top: target.top - card.height - GAP };
  if (right + card.width <= room.width) return { left: right, top };
  if (target.left - card.width - GAP >= 0) return { left: target.left - card.width - GAP, top };
  return corner;
}
