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
  shape: ImageShape,
  weight: number,
  gradient: Float32Array,
): number {
  gradient.fill(0);
  const down = differences(kind, image, shape, weight, gradient, 'down');
  return down + differences(kind, image, shape, weight, gradient, 'right');
}

/** The penalty along one axis; adds its gradient. */
function differences(
  kind: PenaltyKind,
  image: Float32Array,
  shape: ImageShape,
  weight: number,
  gradient: Float32Array,
  direction: 'down' | 'right',
): number {
  const rows = shape.channels * shape.height;
  const step = direction === 'down' ? shape.width : 1;
  const columns = direction === 'down' ? shape.width : shape.width - 1;
  const pairs = direction === 'down' ? shape.channels * (shape.height - 1) : rows;
  if (pairs * columns === 0) return 0;
  const factor = kind === 'mean' ? 1 / (pairs * columns) : 1;
  const slope = kind === 'l1' ? weight : 2 * weight * factor;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    if (direction === 'down' && row % shape.height === shape.height - 1) continue;
    const start = row * shape.width;
    total +=
      kind === 'l1'
        ? absolute(image, gradient, start, start + columns, step, slope)
        : squared(image, gradient, start, start + columns, step, slope);
  }
  return factor * total;
}

function squared(
  image: Float32Array,
  gradient: Float32Array,
  start: number,
  end: number,
  step: number,
  slope: number,
): number {
  let total = 0;
  for (let i = start; i < end; i++) {
    const difference = image[i + step] - image[i];
    const push = slope * difference;
    gradient[i] -= push;
    gradient[i + step] += push;
    total += difference * difference;
  }
  return total;
}

function absolute(
  image: Float32Array,
  gradient: Float32Array,
  start: number,
  end: number,
  step: number,
  slope: number,
): number {
  let total = 0;
  for (let i = start; i < end; i++) {
    const difference = image[i + step] - image[i];
    const push = slope * Math.sign(difference);
    gradient[i] -= push;
    gradient[i + step] += push;
    total += Math.abs(difference);
  }
  return total;
}
