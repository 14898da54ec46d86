import { kernelsOf } from './kernels/arena.ts';

/**
 * The high-frequency penalty L_hf: differences between neighbouring pixels of the image in [0, 1]. Its purpose is the
 * paper's (arXiv 2309.17144, section 3); its formulae are ours.
 *
 * - `sum`: the sum over channels and pixels of the squared forward differences along height and width
 * - `mean`: the mean squared difference along the height plus that along the width
 * - `l1`: the sum of the absolute differences, the anisotropic total variation (Rudin, Osher and Fatemi 1992)
 */
export const SPATIAL_PENALTIES = ['sum', 'mean', 'l1'] as const;

/** `pull` is that of tables: see pull.ts. */
export const PENALTY_KINDS = [...SPATIAL_PENALTIES, 'pull'] as const;
export type PenaltyKind = (typeof SPATIAL_PENALTIES)[number];

export interface ImageShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/**
 * L_hf of an image and weight · its gradient. Both arrays lie in one arena.
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
  const { squares, absolutes } = kernelsOf(image);
  const kernel = kind === 'l1' ? absolutes : squares;
  const across = kind === 'mean' ? 1 / Math.max(1, channels * height * (width - 1)) : 1;
  const down = kind === 'mean' ? 1 / Math.max(1, channels * (height - 1) * width) : 1;
  let total = 0;
  for (let channel = 0; channel < channels; channel++) {
    const plane = 4 * channel * height * width;
    const [from, to] = [image.byteOffset + plane, gradient.byteOffset + plane];
    total += kernel(height, width, across, down, weight, from, to);
  }
  return total;
}
