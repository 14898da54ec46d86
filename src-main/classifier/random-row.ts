import type { Feature } from './features.ts';

/** A source of random numbers. */
interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
}

const rowOf = (features: readonly Feature[]): Float32Array => {
  const last = features[features.length - 1];
  return new Float32Array(last.column + last.width);
};

/**
 * A row that could be: numbers uniform between their bounds, whole ones whole, one category of each at random.
 * @returns positions, one a column, 0 … 1 between its bounds
 */
export function randomRow(features: readonly Feature[], random: Random): Float32Array {
  const row = rowOf(features);
  for (const { column, width, integer, min, max } of features) {
    if (width > 1) row[column + placeOf(width, random)] = 1;
    else if (integer) row[column] = placeOf(max - min + 1, random) / (max - min);
    else row[column] = random.uniform();
  }
  return row;
}

/** One of so many, as likely as any other, from 0. */
const placeOf = (count: number, random: Random): number =>
  Math.min(count - 1, Math.floor(random.uniform() * count));

/** The middle of all bounds, to the whole number above where only these mean something, and no category before others. */
export function middleRow(features: readonly Feature[]): Float32Array {
  const row = rowOf(features);
  for (const { column, width, integer, min, max } of features) {
    const middle = integer ? Math.round((max - min) / 2) / (max - min) : 0.5;
    row.fill(width > 1 ? 1 / width : middle, column, column + width);
  }
  return row;
}
