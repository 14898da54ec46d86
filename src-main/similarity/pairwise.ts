/**
 * Mean pairwise ρ without pairs (Geirhos et al. 2023 compare every pair). With r̂_i the standardised rank vector of
 * image i, ρ(i, j) = r̂_i · r̂_j, so sums over pairs are products of sums: linear time, one vector of memory.
 * Images with constant activations have r̂ = 0 and count as ρ = 0 with everything.
 */

/** Below this T_same − T_diff the normalised score is undefined: the layer does not tell the classes apart. */
const MIN_SPREAD = 0.02;

/**
 * T_same: mean ρ of two different images of a class.
 * @param squaredSum |Σ r̂_i|²
 * @param ranked images with |r̂_i| = 1
 * @returns `null` for fewer than two images
 */
export function meanWithin(squaredSum: number, ranked: number, images: number): number | null {
  return images < 2 ? null : (squaredSum - ranked) / (images * (images - 1));
}

/**
 * T_diff: mean ρ of an image of the class with an image of any other class; every such pair counts once.
 * @param product Σ r̂ of the class · Σ r̂ of the others
 * @returns `null` where there are no others
 */
export function meanBetween(product: number, images: number, others: number): number | null {
  return images === 0 || others === 0 ? null : product / (images * others);
}

/**
 * (T_P − T_diff) / (T_same − T_diff): 1 as similar as its own class, 0 no more than a stranger; no bounds.
 * @returns `null` where undefined, or where a part is not a number
 */
export function normalise(
  prototype: number | null,
  same: number | null,
  different: number | null,
): number | null {
  if (prototype === null || same === null || different === null) return null;
  const spread = same - different;
  return spread > MIN_SPREAD ? (prototype - different) / spread : null;
}
