/**
 * The high-frequency penalty L_hf: differences between neighbouring pixels of the image in [0, 1]. Its purpose is the
 * paper's (arXiv 2309.17144, section 3); its formulae are ours.
 *
 * - `sum`: the sum over channels and pixels of the squared forward differences along height and width
 * - `mean`: the mean squared difference along the height plus that along the width
 * - `l1`: the sum of the absolute differences, the anisotropic total variation (Rudin, Osher and Fatemi 1992)
 */
export const PENALTY_KINDS = ['sum', 'mean', 'l1'] as const;
export type PenaltyKind = (typeof PENALTY_KINDS)[number];

export interface ImageShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/**
 * L_hf of an image and weight · its gradient.
 * @param image planar [C, H, W] in [0, 1]
 * @param weight w_hf, at least 0; it scales the gradient and not the value
 * @param gradient planar [C, H, W], overwritten
 * @returns L_hf, without the weight
 */
export function penalty(
  kind: PenaltyKind,
  image: Float32Array,
  { channels, height, width }: ImageShape,
  weight: number,
  gradient: Float32Array,
): number {
  const row = kind === 'l1' ? absoluteRow : squaredRow;
  const factors: Factors = {
    weight,
    across: kind === 'mean' ? 1 / Math.max(1, channels * height * (width - 1)) : 1,
    down: kind === 'mean' ? 1 / Math.max(1, channels * (height - 1) * width) : 1,
  };
  let total = 0;
  for (let start = 0; start < image.length; start += width) {
    const place = (start / width) % height;
    if (place === 0) gradient.fill(0, start, start + width);
    const below = place === height - 1 ? 0 : width;
    total += row(image, gradient, start, start + width, below, factors);
  }
  return total;
}

/** What the gradient, the differences to the right and those downwards are multiplied by. */
interface Factors {
  readonly weight: number;
  readonly across: number;
  readonly down: number;
}

/**
 * One row: its differences to the right and downwards. The gradient of the row above has left its share in this row,
 * and this row leaves its own in the next, `below` elements on; 0 for the last row, which has no difference downwards.
 * Writing the share before the row's own value keeps that right.
 */
function squaredRow(
  image: Float32Array,
  gradient: Float32Array,
  start: number,
  end: number,
  below: number,
  { weight, across, down }: Factors,
): number {
  let total = 0;
  let left = 0;
  for (let i = start; i < end; i++) {
    const value = image[i];
    const step = i + 1 < end ? image[i + 1] - value : 0;
    const fall = image[i + below] - value;
    const right = 2 * weight * across * step;
    const lower = 2 * weight * down * fall;
    const above = gradient[i];
    gradient[i + below] = lower;
    gradient[i] = above + left - right - lower;
    left = right;
    total += across * step * step + down * fall * fall;
  }
  return total;
}

/** As `squaredRow`, for absolute differences; the gradient at a difference of 0 is 0. */
function absoluteRow(
  image: Float32Array,
  gradient: Float32Array,
  start: number,
  end: number,
  below: number,
  { weight }: Factors,
): number {
  let total = 0;
  let left = 0;
  for (let i = start; i < end; i++) {
    const value = image[i];
    const step = i + 1 < end ? image[i + 1] - value : 0;
    const fall = image[i + below] - value;
    const right = weight * Math.sign(step);
    const lower = weight * Math.sign(fall);
    const above = gradient[i];
    gradient[i + below] = lower;
    gradient[i] = above + left - right - lower;
    left = right;
    total += Math.abs(step) + Math.abs(fall);
  }
  return total;
}
