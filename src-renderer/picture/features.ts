import type { FeatureValue } from '../../src-main/api/value.ts';

/** As many decimals as tell a thousandth of the way between the bounds. */
function number(value: number, { min, max }: FeatureValue): string {
  const decimals = Math.min(20, Math.max(0, 3 - Math.floor(Math.log10(max - min))));
  return value.toLocaleString('en', { maximumFractionDigits: decimals });
}

const withUnit = (text: string, { unit }: FeatureValue): string =>
  unit ? `${text} ${unit}` : text;

/** A value in words: `61.3 years`, or its category. */
export const valueWords = (feature: FeatureValue): string =>
  feature.category ?? withUnit(number(feature.value, feature), feature);

/** Between which bounds a value lies, in words. */
export const boundsWords = (feature: FeatureValue): string =>
  feature.categories
    ? `one of ${feature.categories.join(', ')}`
    : withUnit(`${number(feature.min, feature)} to ${number(feature.max, feature)}`, feature);

/** What one row has more or less than another, or other than it; nothing where they are as good as equal. */
export function differenceWords(feature: FeatureValue, from: FeatureValue): string {
  if (feature.category !== undefined)
    return feature.category === from.category ? '' : `not ${from.category}`;
  const difference = feature.value - from.value;
  if (Math.abs(difference) < 1e-3 * (feature.max - feature.min)) return '';
  const sign = difference > 0 ? '+' : '−';
  return withUnit(`${sign}${number(Math.abs(difference), feature)}`, feature);
}

/** The part of a bar that is filled: a piece for a category, else from the left. As shares, 0 … 1. */
export function filledPart({ value, position, categories }: FeatureValue): {
  left: number;
  width: number;
} {
  if (categories) return { left: value / categories.length, width: 1 / categories.length };
  return { left: 0, width: Math.min(1, Math.max(0, position)) };
}
