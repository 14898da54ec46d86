import type { DescribedFeature } from '../api/features.ts';
import type { Feature } from '../classifier/features.ts';

/** A feature as it was described. */
export function describedFeature({
  column: _,
  width,
  categories,
  ...rest
}: Feature): DescribedFeature {
  const { name, unit, mean, std, min, max, integer } = rest;
  const shared = {
    name,
    ...(unit !== undefined && { unit }),
    ...(mean !== undefined && { mean }),
    ...(std !== undefined && { std }),
  };
  if (!categories) return { ...shared, min, max, ...(integer && { integer }) };
  return { ...shared, categories: [...categories], encoding: width === 1 ? 'code' : 'one-hot' };
}
