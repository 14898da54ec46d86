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

const meet = (a: Box, b: Box): boolean =>
  a.left < b.left + b.width &&
  b.left < a.left + a.width &&
  a.top < b.top + b.height &&
  b.top < a.top + a.height;

/**
 * Where a card goes that points at something: into the corner, where it hides least, or else beside what it would
 * hide there. A target that leaves no room has the card in its corner.
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
  const places = [
    corner,
    { left, top: target.top + target.height + GAP },
    { left, top: target.top - card.height - GAP },
    { left: target.left - card.width - GAP, top },
    { left: target.left + target.width + GAP, top },
  ];
  const isInside = (place: typeof corner): boolean =>
    place.left >= 0 && place.top >= 0 && place.left <= corner.left && place.top <= corner.top;
  return places.find((place) => isInside(place) && !meet({ ...place, ...card }, target)) ?? corner;
}
