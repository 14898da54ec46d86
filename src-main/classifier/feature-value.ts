import type { Feature } from './features.ts';

/** What one feature of a row is, in a person's terms. */
export interface FeatureValue {
  readonly name: string;
  readonly unit?: string;
  /** In the feature's unit; of categories the number of the best one, from 0. */
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** The category in words, and all that there are. */
  readonly category?: string;
  readonly categories?: readonly string[];
  /** Position of the value between its bounds, 0 … 1; of one-hot categories the share of the best one. */
  readonly position: number;
}

/** Single precision knows seven digits; more would be noise. */
const DIGITS = 7;

/**
 * A row in its features' units.
 * @param positions one a column, 0 … 1 between its bounds
 */
export const valuesOf = (features: readonly Feature[], positions: Float32Array): FeatureValue[] =>
  features.map((feature) => valueOf(feature, positions));

function valueOf(feature: Feature, positions: Float32Array): FeatureValue {
  const { name, unit, column, width, min, max, integer, categories } = feature;
  const shared = { name, ...(unit !== undefined && { unit }) };
  if (categories && width > 1) {
    const best = bestOf(positions, column, width);
    const ends = { min: 0, max: categories.length - 1 };
    const category = { category: categories[best], categories };
    return { ...shared, ...ends, ...category, value: best, position: positions[column + best] };
  }
  const exact = min + positions[column] * (max - min);
  const value = integer ? Math.round(exact) : Number(exact.toPrecision(DIGITS));
  const category = categories && { category: categories[value], categories };
  return { ...shared, value, min, max, ...category, position: positions[column] };
}

/** A value as plain JSON, which may be written to. */
export const plainly = ({ categories, ...value }: FeatureValue) => ({
  ...value,
  ...(categories && { categories: [...categories] }),
});

/** The column of a group with the largest value; the first of several. */
export function bestOf(positions: Float32Array, column: number, width: number): number {
  let best = 0;
  for (let i = 1; i < width; i++) if (positions[column + i] > positions[column + best]) best = i;
  return best;
}
