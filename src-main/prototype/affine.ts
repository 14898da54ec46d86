import type { Stream } from './philox.ts';

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

/**
 * Bilinear sampling of planar images under one affine map, with 0 outside, and its exact adjoint.
 *
 * Where each output pixel reads, and with which four weights, is worked out once a draw and shared by all channels:
 * it needs no pixel and no gradient. Pixels that read nothing but the outside have no entry in the table.
 */
export class AffineSampler {
  readonly #height: number;
  readonly #width: number;
  /** Distance in elements to the neighbour on the right and below; 0 where the image is one pixel thin. */
  readonly #right: number;
  readonly #below: number;
  readonly #target: Int32Array;
  readonly #source: Int32Array;
  readonly #weights: Float32Array;
  #count = 0;

  constructor(height: number, width: number) {
    this.#height = height;
    this.#width = width;
    this.#right = width > 1 ? 1 : 0;
    this.#below = height > 1 ? width : 0;
    this.#target = new Int32Array(height * width);
    this.#source = new Int32Array(height * width);
    this.#weights = new Float32Array(4 * height * width);
  }

  /** Works out the table of a draw: for each output pixel, the inverse map. */
  prepare(draw: AffineDraw): void {
    const angle = (draw.rotation * Math.PI) / 180;
    const cosine = Math.cos(angle) / draw.scale;
    const sine = Math.sin(angle) / draw.scale;
    const centreX = (this.#width - 1) / 2;
    const centreY = (this.#height - 1) / 2;
    this.#count = 0;
    for (let row = 0; row < this.#height; row++) {
      const down = row - centreY - draw.shiftY * this.#height;
      const startX = centreX + sine * down - cosine * (centreX + draw.shiftX * this.#width);
      const startY = centreY + cosine * down + sine * (centreX + draw.shiftX * this.#width);
      for (let column = 0; column < this.#width; column++) {
        const x = startX + cosine * column;
        const y = startY - sine * column;
        const target = row * this.#width + column;
        if (x >= 0 && x < this.#width - 1 && y >= 0 && y < this.#height - 1) {
          this.#enterInside(target, x, y);
        } else if (x > -1 && x < this.#width && y > -1 && y < this.#height) {
          this.#enterRim(target, x, y);
        }
      }
    }
  }

  /** Adds a pixel to the table whose four neighbours all lie inside. */
  #enterInside(target: number, x: number, y: number): void {
    const left = x | 0;
    const top = y | 0;
    const across = x - left;
    const down = y - top;
    this.#write(target, top * this.#width + left, 1 - across, across, 1 - down, down);
  }

  /**
   * Adds a pixel at the rim: the pair of neighbours is moved inside, and the weight of the one outside becomes 0, so
   * that sampling needs no test.
   */
  #enterRim(target: number, x: number, y: number): void {
    const floorX = Math.floor(x);
    const floorY = Math.floor(y);
    const left = Math.min(Math.max(floorX, 0), Math.max(this.#width - 2, 0));
    const top = Math.min(Math.max(floorY, 0), Math.max(this.#height - 2, 0));
    const leftWeight = Math.max(0, 1 - Math.abs(x - left));
    const topWeight = Math.max(0, 1 - Math.abs(y - top));
    const rightWeight = this.#right === 0 ? 0 : Math.max(0, 1 - Math.abs(x - left - 1));
    const belowWeight = this.#below === 0 ? 0 : Math.max(0, 1 - Math.abs(y - top - 1));
    const source = top * this.#width + left;
    this.#write(target, source, leftWeight, rightWeight, topWeight, belowWeight);
  }

  #write(
    target: number,
    source: number,
    left: number,
    right: number,
    top: number,
    below: number,
  ): void {
    const entry = this.#count++;
    this.#target[entry] = target;
    this.#source[entry] = source;
    this.#weights[4 * entry] = top * left;
    this.#weights[4 * entry + 1] = top * right;
    this.#weights[4 * entry + 2] = below * left;
    this.#weights[4 * entry + 3] = below * right;
  }

  /**
   * Samples an image.
   * @param image planar [C, H, W]
   * @param out planar [C, H, W], overwritten; not `image` itself
   */
  apply(image: Float32Array, out: Float32Array): void {
    out.fill(0);
    for (let plane = 0; plane < image.length; plane += this.#height * this.#width) {
      this.#gather(image, out, plane);
    }
  }

  /**
   * The transpose of `apply`, times a gain for each channel: adds gain · Aᵀ `gradient` to `out`.
   * @param gradient planar [C, H, W], with respect to what `apply` gave
   * @param gain one factor a channel
   * @param out planar [C, H, W], added to
   */
  adjoint(gradient: Float32Array, gain: ArrayLike<number>, out: Float32Array): void {
    const size = this.#height * this.#width;
    for (let channel = 0; channel * size < out.length; channel++) {
      this.#scatter(gradient, gain[channel], out, channel * size);
    }
  }

  #gather(image: Float32Array, out: Float32Array, plane: number): void {
    const [count, right, below] = [this.#count, this.#right, this.#below];
    const [target, source, weights] = [this.#target, this.#source, this.#weights];
    for (let entry = 0; entry < count; entry++) {
      const at = plane + source[entry];
      const weight = 4 * entry;
      out[plane + target[entry]] =
        weights[weight] * image[at] +
        weights[weight + 1] * image[at + right] +
        weights[weight + 2] * image[at + below] +
        weights[weight + 3] * image[at + below + right];
    }
  }

  #scatter(gradient: Float32Array, gain: number, out: Float32Array, plane: number): void {
    const [count, right, below] = [this.#count, this.#right, this.#below];
    const [target, source, weights] = [this.#target, this.#source, this.#weights];
    for (let entry = 0; entry < count; entry++) {
      const value = gain * gradient[plane + target[entry]];
      const at = plane + source[entry];
      const weight = 4 * entry;
      out[at] += weights[weight] * value;
      out[at + right] += weights[weight + 1] * value;
      out[at + below] += weights[weight + 2] * value;
      out[at + below + right] += weights[weight + 3] * value;
    }
  }
}
