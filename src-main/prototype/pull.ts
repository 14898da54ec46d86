import type { Feature } from '../classifier/features.ts';

/**
 * How many standard deviations lie between the bounds of each column. Where the sidecar gives no deviation it is that of
 * an even spread between the bounds, span / √12.
 */
export const scalesOf = (features: readonly Feature[]): Float64Array =>
  Float64Array.from(
    features.flatMap(({ min, max, std, width }) =>
      Array<number>(width).fill(std === undefined ? Math.sqrt(12) : (max - min) / std),
    ),
  );

/**
 * The pull of a row towards its baseline: Σ (scale · (position − baseline))², the squared distance in standardised
 * units. It keeps features that matter little where they were. Ours.
 * @param weight at least 0; it scales the gradient and not the value
 * @param gradient overwritten with weight · the gradient with respect to the positions
 * @returns the squared distance, without the weight
 */
export function pull(
  positions: Float32Array,
  baseline: Float32Array,
  scales: Float64Array,
  weight: number,
  gradient: Float32Array,
): number {
  let total = 0;
  for (let i = 0; i < positions.length; i++) {
    const distance = scales[i] * (positions[i] - baseline[i]);
    total += distance * distance;
    gradient[i] = 2 * weight * scales[i] * distance;
  }
  return total;
}
