import type { Feature } from '../classifier/features.ts';
import { BARS_SIDE, barsOf } from './bars.ts';
import { toBytes } from './events.ts';
import type { ImageShape } from './penalty.ts';

/** What a person is shown of an image or a row. */
export interface Picture extends ImageShape {
  /** Interleaved [H, W, C], 0 … 255. */
  readonly data: Uint8Array;
}

/** What a classifier takes, as far as a picture of it goes. */
export interface Pictured {
  readonly input: ImageShape;
  readonly features?: readonly Feature[];
}

/** Size of the pictures of a classifier's inputs: the image's own, or that of a table's bars. */
export const pictureSize = ({ input, features }: Pictured): { height: number; width: number } =>
  features ? { height: BARS_SIDE, width: BARS_SIDE } : { height: input.height, width: input.width };

/** @param image planar [C, H, W] in [0, 1], or a row of positions */
export function pictureOf(image: Float32Array, { input, features }: Pictured): Picture {
  const { channels, height, width } = input;
  if (!features) return { channels, height, width, data: toBytes(image, channels) };
  const size = { height: BARS_SIDE, width: BARS_SIDE };
  return { ...size, channels: 3, data: barsOf(features, image) };
}
