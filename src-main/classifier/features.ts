import { z } from 'zod';
import { parse as parseCsv } from 'csv-parse/sync';
import { ClassifierError } from './errors.ts';
import type { Preprocessing } from './classifier.ts';
import { parsed } from './preprocessing.ts';
import { confined, readJson, readText } from './text-file.ts';

/** Columns that a row may have. */
const MOST_COLUMNS = 4096;

/** What a person knows of one feature of a tabular classifier. */
export interface Feature {
  readonly name: string;
  /** Such as `years`; absent where it has none. */
  readonly unit?: string;
  /** Its first column, from 0. */
  readonly column: number;
  /** Columns: one a category where these are one-hot, else 1. */
  readonly width: number;
  /** Bounds in its unit: 0 and 1 of one-hot categories, 0 and the last code of coded ones. */
  readonly min: number;
  readonly max: number;
  /** Whether only whole numbers mean something. */
  readonly integer: boolean;
  /** Mean and standard deviation of the values that the network takes standardised. */
  readonly mean?: number;
  readonly std?: number;
  readonly categories?: readonly string[];
}

const column = z.strictObject({
  name: z.string().min(1).max(200),
  unit: z.string().min(1).max(40).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  /** The network takes (value − mean) / std. */
  mean: z.number().optional(),
  std: z.number().positive().optional(),
  integer: z.boolean().optional(),
  categories: z.array(z.string().min(1).max(200)).min(2).max(MOST_COLUMNS).optional(),
  /** One column a category, or one column with its number, from 0. */
  encoding: z.enum(['one-hot', 'code']).optional(),
});

type Column = z.infer<typeof column>;

const list = z.array(column).min(1).max(MOST_COLUMNS);

/** Features in a sidecar: a list of them, or the name of a JSON or CSV file with that list. */
export const featuresSchema = z.union([z.string().min(1), list]);

/** What a sidecar says of a table's columns. */
export interface Columns {
  readonly features: readonly Feature[];
  /** From bounds to what the network takes, column by column. */
  readonly preprocessing: Preprocessing;
  /** The file that they were read from, where that is not the sidecar. */
  readonly file?: string;
}

/**
 * Reads the features of a table.
 * @param folder of the sidecar, in which a file that it names must lie
 * @throws ClassifierError in one sentence
 */
export function readFeatures(
  given: z.infer<typeof featuresSchema>,
  folder: string,
  sidecar: string,
): Columns {
  if (typeof given !== 'string') return columnsOf(given, sidecar);
  return readFeatureFile(confined(folder, given, 'list of features'));
}

/** Reads the features of a table from a JSON or CSV file of their own. @throws ClassifierError in one sentence */
export function readFeatureFile(file: string): Columns {
  const isCsv = file.toLowerCase().endsWith('.csv');
  const content = isCsv ? fromCsv(file) : readJson(file, 'list of features');
  return { ...columnsOf(parsed(list, content, file), file), file };
}

function columnsOf(described: readonly Column[], path: string): Columns {
  const features: Feature[] = [];
  const [mean, std]: [number[], number[]] = [[], []];
  for (const one of described) {
    const before = features.at(-1);
    const feature = featureOf(one, before ? before.column + before.width : 0, path);
    if (features.some(({ name }) => name === feature.name))
      throw new ClassifierError(`${path} names the feature ${feature.name} twice.`);
    features.push(feature);
    const span = feature.max - feature.min;
    for (let i = 0; i < feature.width; i++) {
      // x = (min + position · span − mean) / std, in the form of pixels: (position − mean') / std'.
      mean.push(((one.mean ?? 0) - feature.min) / span);
      std.push((one.std ?? 1) / span);
    }
  }
  if (mean.length > MOST_COLUMNS)
    throw new ClassifierError(`${path} describes ${mean.length} columns; at most 4096 fit.`);
  return { features, preprocessing: { range: 1, mean, std, order: 'columns', resize: 1 } };
}

function featureOf(one: Column, at: number, path: string): Feature {
  const { name, unit, mean, std, categories, encoding, integer = false } = one;
  const known = {
    ...(unit !== undefined && { unit }),
    ...(mean !== undefined && { mean }),
    ...(std !== undefined && { std }),
  };
  const shared = { name, ...known, column: at };
  if (categories === undefined) return { ...shared, ...boundsOf(one, path), width: 1, integer };
  if (new Set(categories).size < categories.length)
    throw new ClassifierError(`${path} names a category of ${name} twice.`);
  if (encoding === 'code')
    return { ...shared, width: 1, min: 0, max: categories.length - 1, integer: true, categories };
  return { ...shared, width: categories.length, min: 0, max: 1, integer: false, categories };
}

function boundsOf({ name, min, max, integer }: Column, path: string): { min: number; max: number } {
  if (min === undefined || max === undefined)
    throw new ClassifierError(
      `The feature ${name} in ${path} has no bounds; give its min and max in its own unit, or its categories.`,
    );
  if (min >= max)
    throw new ClassifierError(
      `The feature ${name} in ${path} has a min that is not below its max.`,
    );
  if (integer && !(Number.isSafeInteger(min) && Number.isSafeInteger(max)))
    throw new ClassifierError(
      `The feature ${name} in ${path} is a whole number, so its min and max must be.`,
    );
  return { min, max };
}

/** Columns of such a file are named like the keys; an empty cell says nothing, and `|` divides categories. */
function fromCsv(file: string): unknown[] {
  const text = readText(file, 'list of features');
  const { rows } = readCsv(text, file);
  const numbers = new Set(['min', 'max', 'mean', 'std']);
  const value = (key: string, cell: string): unknown => {
    if (numbers.has(key)) return cell.trim() === '' ? undefined : Number(cell);
    if (key === 'integer') return ['true', '1', 'yes'].includes(cell.trim().toLowerCase());
    return key === 'categories' ? cell.split('|').map((each) => each.trim()) : cell;
  };
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([, cell]) => cell !== '')
        .map(([key, cell]) => [key, value(key, cell)]),
    ),
  );
}

/** A CSV file with names in its first line. */
export interface Csv {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** @param file what to call it @throws ClassifierError where it is none, or names a column twice */
export function readCsv(text: string, file: string): Csv {
  let columns: readonly string[] = [];
  const head = (names: readonly string[]) => (columns = names);
  const rows = parsedCsv(text, file, head);
  const twice = columns.find((name, place) => columns.indexOf(name) < place);
  if (twice !== undefined) throw new ClassifierError(`${file} has two columns called ${twice}.`);
  return { columns, rows };
}

/** What stands between the cells: spreadsheets also write tabs, or semicolons where a comma is in numbers. */
function delimiterOf(text: string): string {
  const [head] = text.trimStart().split('\n', 1);
  if (head.includes('\t')) return '\t';
  return head.includes(';') && !head.includes(',') ? ';' : ',';
}

function parsedCsv(
  text: string,
  file: string,
  head: (names: readonly string[]) => readonly string[],
): Record<string, string>[] {
  const columns = (names: string[]) => [...head(names)];
  try {
    return parseCsv(text, {
      ...{ bom: true, columns, skip_empty_lines: true, trim: true },
      delimiter: delimiterOf(text),
    });
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0].replace(/\.?$/, '');
    throw new ClassifierError(`${file} is no CSV file with names in its first line: ${reason}.`, {
      cause: error,
    });
  }
}
