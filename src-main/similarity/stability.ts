/**
 * How alike a model sees prototypes that differ in nothing but their random start: Pearson's correlation of their
 * logits over all classes but their own, which every prototype drives up. 1 is the same answer for every other class,
 * 0 is as two unrelated images. It says nothing of what a person sees in them.
 *
 * @param prototypes logits [K] of each, by the model that they were made with
 * @param own the class that they are prototypes of
 * @returns for each its mean correlation with the others; undefined where there are no others, fewer than three other
 *   classes, or no differences between their logits
 */
export function stability(
  prototypes: readonly Float32Array[],
  own: number,
): (number | undefined)[] {
  const centred = prototypes.map((logits) => normalised(logits, own));
  return centred.map((one, i) => {
    const others = centred.filter((_, j) => j !== i);
    const found = others.map((other) => one && other && product(one, other));
    const known = found.filter((value) => value !== undefined);
    return known.length === 0
      ? undefined
      : known.reduce((sum, value) => sum + value, 0) / known.length;
  });
}

/** The other classes' logits with mean 0 and norm 1. */
function normalised(logits: Float32Array, own: number): Float64Array | undefined {
  const others = Float64Array.from(logits.filter((_, index) => index !== own));
  if (others.length < 3) return undefined;
  const mean = others.reduce((sum, value) => sum + value, 0) / others.length;
  const centred = others.map((value) => value - mean);
  const norm = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0));
  return norm > 0 && Number.isFinite(norm) ? centred.map((value) => value / norm) : undefined;
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return Math.max(-1, Math.min(1, sum));
}
