import type { Csv } from './features.ts';

/** What the columns of a table look like, in the terms of a list of features. */
export interface Suggestion {
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
  readonly categories?: string[];
}

/** Different values up to which a column of words is taken for categories. */
const MOST_CATEGORIES = 64;

/**
 * Features as a file of natural rows has them: a column of numbers lies between its least and its greatest, one of
 * words has these as its categories, in the order of the alphabet. A person must look at them: data rarely reaches the
 * bounds that a feature has.
 * @param left names of columns that are no features
 */
export function suggest({ columns, rows }: Csv, left: readonly string[] = []): Suggestion[] {
  return columns
    .filter((name) => !left.includes(name))
    .map((name) =>
      suggestionOf(
        name,
        rows.map((row) => row[name]).filter((cell) => cell !== ''),
      ),
    );
}

function suggestionOf(name: string, cells: readonly string[]): Suggestion {
  if (cells.length === 0) return { name };
  const numbers = cells.map(Number);
  if (numbers.every(Number.isFinite)) return { name, ...boundsOf(numbers) };
  const categories = [...new Set(cells)].sort();
  return categories.length < 2 || categories.length > MOST_CATEGORIES
    ? { name }
    : { name, categories };
}

function boundsOf(numbers: readonly number[]): Omit<Suggestion, 'name'> {
  let [min, max] = [Infinity, -Infinity];
  for (const number of numbers) [min, max] = [Math.min(min, number), Math.max(max, number)];
  return { min, max, ...(numbers.every(Number.isSafeInteger) && { integer: true }) };
}
