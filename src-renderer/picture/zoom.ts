/**
 * How a picture is looked at, in coordinates that do not depend on its size, so that pictures of different sizes are
 * zoomed and panned in step.
 */
export interface Zoom {
  /** 1 fits the picture into its pane. */
  readonly scale: number;
  /** The point of the picture in the middle of the pane, 0 … 1. */
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const fitted: Zoom = { scale: 1, x: 0.5, y: 0.5 };
const MOST = 64;

const clamp = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, value));

/** Pane pixels per picture pixel at which the picture just fits. */
export const fitOf = (picture: Size, pane: Size): number =>
  Math.min(pane.width / picture.width, pane.height / picture.height);

/** Keeps the picture from leaving the pane: what is smaller than the pane along an axis stays in its middle. */
export function settled(zoom: Zoom, picture: Size, pane: Size): Zoom {
  const scale = clamp(zoom.scale, Math.min(1, 1 / fitOf(picture, pane)), MOST);
  const shown = fitOf(picture, pane) * scale;
  const within = (at: number, length: number, room: number): number => {
    const half = room / (2 * length * shown);
    return half >= 0.5 ? 0.5 : clamp(at, half, 1 - half);
  };
  return {
    scale,
    x: within(zoom.x, picture.width, pane.width),
    y: within(zoom.y, picture.height, pane.height),
  };
}

/**
 * Zooms about a point that stays where it is.
 *
 * @param point in pane pixels from the pane's middle
 */
export function zoomedAt(
  zoom: Zoom,
  factor: number,
  point: { x: number; y: number },
  picture: Size,
  pane: Size,
): Zoom {
  const fit = fitOf(picture, pane);
  const scale = clamp(zoom.scale * factor, Math.min(1, 1 / fit), MOST);
  const moved = 1 / (fit * zoom.scale) - 1 / (fit * scale);
  return settled(
    {
      scale,
      x: zoom.x + (point.x * moved) / picture.width,
      y: zoom.y + (point.y * moved) / picture.height,
    },
    picture,
    pane,
  );
}

/** Moves the picture by pane pixels. */
export function panned(zoom: Zoom, dx: number, dy: number, picture: Size, pane: Size): Zoom {
  const shown = fitOf(picture, pane) * zoom.scale;
  return settled(
    {
      scale: zoom.scale,
      x: zoom.x - dx / (shown * picture.width),
      y: zoom.y - dy / (shown * picture.height),
    },
    picture,
    pane,
  );
}

/** One picture pixel to one pane pixel, or back to fit. */
export function fitOrFull(zoom: Zoom, picture: Size, pane: Size): Zoom {
  const full = 1 / fitOf(picture, pane);
  const isFull = Math.abs(zoom.scale - full) < 1e-6;
  return isFull ? fitted : settled({ ...zoom, scale: full }, picture, pane);
}

/** Where the picture stands: pane pixels from the pane's top left corner. */
export function placed(zoom: Zoom, picture: Size, pane: Size) {
  const shown = fitOf(picture, pane) * zoom.scale;
  return {
    left: pane.width / 2 - zoom.x * picture.width * shown,
    top: pane.height / 2 - zoom.y * picture.height * shown,
    width: picture.width * shown,
    height: picture.height * shown,
  };
}
