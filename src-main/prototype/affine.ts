import { kernelsOf, type Arena } from './kernels/arena.ts';
import type { Stream } from '../random/philox.ts';

/** Ranges of the random affine map (arXiv 2309.17144, section 3); every draw is uniform. */
export interface AffineRanges {
  /** Smallest and largest magnification. */
  readonly scale: readonly [number, number];
  /** Largest rotation either way, in degrees. */
  readonly rotation: number;
  /** Largest shift either way, as a fraction of the height and of the width. */
  readonly translation: number;
}

/**
 * One affine map of the image about its centre: the content is first magnified, then turned, then shifted.
 * With u and u' the offsets of a point from the centre before and after, u' = scale · R(rotation) · u + shift.
 */
export interface AffineDraw {
  readonly scale: number;
  /** Degrees; positive turns the picture clockwise as it is seen. */
  readonly rotation: number;
  /** To the right, as a fraction of the width. */
  readonly shiftX: number;
  /** Downwards, as a fraction of the height. */
  readonly shiftY: number;
}

/** Draws a map: scale, rotation, horizontal and vertical shift, in this order. */
export function drawAffine(stream: Stream, ranges: AffineRanges): AffineDraw {
  return {
    scale: stream.uniform(ranges.scale[0], ranges.scale[1]),
    rotation: stream.uniform(-ranges.rotation, ranges.rotation),
    shiftX: stream.uniform(-ranges.translation, ranges.translation),
    shiftY: stream.uniform(-ranges.translation, ranges.translation),
  };
}

/** Float32 and the like that a pixel's entry in the table takes: four weights, and where to read and to write. */
const ENTRY = 6;

/**
 * Bilinear sampling of planar images under one affine map, with 0 outside, and its exact adjoint. Arrays lie in the
 * sampler's arena.
 *
 * Where each output pixel reads, and with which four weights, is worked out once a draw and shared by all channels:
 * it needs no pixel and no gradient. Pixels that read nothing but the outside have no entry in the table.
 */
export class AffineSampler {
  readonly #height: number;
  readonly #width: number;
  /** Bytes to the neighbour below; 0 where the image is one pixel thin. */
  readonly #below: number;
  readonly #table: Float32Array;
  #count = 0;

  constructor(arena: Arena, height: number, width: number) {
    this.#height = height;
    this.#width = width;
    this.#below = height > 1 ? 4 * width : 0;
    this.#table = arena.floats(AffineSampler.size(height, width));
  }

  /** Elements that a sampler takes of its arena. */
  static size(height: number, width: number): number {
    return ENTRY * height * width;
  }

  /** Works out the table of a draw: for each output pixel, the inverse map. */
  prepare(draw: AffineDraw): void {
    const angle = (draw.rotation * Math.PI) / 180;
    const [height, width] = [this.#height, this.#width];
    this.#count = kernelsOf(this.#table).drawTable(
      this.#table.byteOffset,
      ...([height, width] as const),
      ...([Math.cos(angle) / draw.scale, Math.sin(angle) / draw.scale] as const),
      ...([draw.shiftX * width, draw.shiftY * height] as const),
    );
  }

  /**
   * Samples an image.
   * @param image planar [C, H, W]
   * @param out planar [C, H, W], overwritten; not `image` itself
   */
  apply(image: Float32Array, out: Float32Array): void {
    const { gather } = kernelsOf(image);
    out.fill(0);
    const [table, plane] = [this.#table.byteOffset, 4 * this.#height * this.#width];
    for (let at = 0; at < image.byteLength; at += plane) {
      gather(table, this.#count, this.#below, image.byteOffset + at, out.byteOffset + at);
    }
  }

  /**
   * The transpose of `apply`, times a gain for each channel: adds gain · Aᵀ `gradient` to `out`.
   * @param gradient planar [C, H, W], with respect to what `apply` gave
   * @param gain one factor a channel
   * @param out planar [C, H, W], added to
   */
  adjoint(gradient: Float32Array, gain: ArrayLike<number>, out: Float32Array): void {
    const { scatter } = kernelsOf(gradient);
    const [table, plane] = [this.#table.byteOffset, 4 * this.#height * this.#width];
    for (let channel = 0; channel * plane < out.byteLength; channel++) {
      const [from, to] = [gradient, out].map(({ byteOffset }) => byteOffset + channel * plane);
      scatter(table, this.#count, this.#below, gain[channel], from, to);
    }
  }
}
