import { createHash } from 'node:crypto';
import { readCsv, type Feature } from '../classifier/features.ts';
import { readText } from '../classifier/text-file.ts';
import { PhotographError } from './errors.ts';
import {
  fingerprint,
  type ImageClass,
  type ImageFile,
  type ImageSet,
  type Skipped,
} from './image-set.ts';
import { byName } from './listing.ts';
import { matchClass, nearestLabels } from './match.ts';

/** Columns that may hold the class of a row, the first that there is. */
export const LABELS: readonly string[] = ['class', 'label', 'target'];

/** Features that a refusal names one by one. */
const MOST_NAMED = 4;

/** A natural row of a table. */
export interface Row {
  /** `row 1` is the one below the names. */
  readonly name: string;
  /** What the file says of its class. */
  readonly label: string;
  /** One a column of the network, 0 at the lower bound of its feature and 1 at the upper; natural rows may lie outside. */
  readonly positions: Float32Array;
}

/** How the rows of a file are understood. */
export interface RowOptions {
  readonly labels: readonly string[];
  readonly features: readonly Feature[];
  /** Classes that are wanted; rows of others are left alone. All by default. */
  readonly among?: readonly number[];
}

/** A CSV file of natural rows, whatever model they are for. */
export interface RowFile {
  readonly file: string;
  /** Names of its columns but for the class. */
  readonly columns: readonly string[];
  readonly lines: readonly Line[];
}

interface Line {
  /** As `Row.name`. */
  readonly name: string;
  readonly label: string;
  readonly cells: Readonly<Record<string, string>>;
}

/** @throws PhotographError or ClassifierError in one sentence when it is no such file, or has no column of classes */
export function readRowFile(file: string): RowFile {
  const { columns, rows } = readCsv(readText(file, 'table of natural rows'), file);
  const label = LABELS.find((name) => columns.includes(name));
  if (label === undefined) throw new PhotographError(classless(file));
  if (rows.length === 0)
    throw new PhotographError(`The table ${file} has no rows below the names of its columns.`);
  const lines = rows.map((cells, place) => ({
    ...{ name: `row ${place + 1}`, label: cells[label], cells },
  }));
  return { file, columns: columns.filter((name) => name !== label), lines };
}

/** The rows of each class, as the file names them, in the order of the classes' names. */
export function linesByClass({ lines }: RowFile): Map<string, readonly Line[]> {
  const groups = Map.groupBy(lines, ({ label }) => label);
  return new Map([...groups].sort(([a], [b]) => byName(a, b)));
}

/** Over the content of all lines: the same for every model that reads the file. */
export const fingerprintOfRows = (lines: readonly Line[]): string => fingerprint(lines.map(fileOf));

/** Features that a file of rows lacks, as the end of a sentence; `undefined` where it has all. */
export function lackingIn(
  columns: readonly string[],
  features: readonly Pick<Feature, 'name'>[],
): string | undefined {
  const missing = features.flatMap(({ name }) => (columns.includes(name) ? [] : [name]));
  if (missing.length === 0) return undefined;
  const shown = missing.slice(0, MOST_NAMED).join(', ');
  const more = missing.length > MOST_NAMED ? ` and ${missing.length - MOST_NAMED} more` : '';
  return `the ${missing.length > 1 ? 'features' : 'feature'} ${shown}${more}`;
}

/**
 * The natural rows of a CSV file as a set of images: class by class, named by their place.
 * @throws PhotographError or ClassifierError in one sentence when the file is none, lacks a feature or the classes, or
 * has no row of a wanted class
 */
export function rowSet(file: string, options: RowOptions): ImageSet {
  const read = readRowFile(file);
  const { rows, skipped } = rowsOf(read, options.features);
  const readable = new Set(rows.map(({ name }) => name));
  const unmatched = new Set<string>();
  const found = new Map<number, Line[]>();
  for (const line of read.lines.filter(({ name }) => readable.has(name))) {
    const index = matchClass(line.label, options);
    if (index === undefined) unmatched.add(line.label);
    else if (!options.among || options.among.includes(index)) {
      const own = found.get(index) ?? [];
      own.push(line);
      found.set(index, own);
    }
  }
  const sorted = [...found].sort(([a], [b]) => a - b);
  const classes = sorted.map(([index, own]) => classOf(index, options.labels[index], own));
  if (classes.length === 0) throw noRows(file, [...unmatched], options.labels);
  const counted = new Set(sorted.flatMap(([, own]) => own));
  const all = read.lines.filter((line) => counted.has(line));
  return {
    ...{ folder: file, fingerprint: fingerprintOfRows(all), classes, skipped },
    unmatched: [...unmatched],
  };
}

function classOf(index: number, label: string, lines: readonly Line[]): ImageClass {
  const files = lines.map(fileOf);
  return { index, label, files, fingerprint: fingerprint(files) };
}

const fileOf = ({ name, cells }: Line): ImageFile => ({ name, sha256: hashOf(cells) });

/** In any order of columns. */
function hashOf(cells: Line['cells']): string {
  const sorted = Object.entries(cells).sort(([a], [b]) => byName(a, b));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

/** All rows of a CSV file; one with a value that cannot be read is skipped. @throws as `rowSet` */
export const readRows = (
  file: string,
  features: readonly Feature[],
): { rows: Row[]; skipped: Skipped[] } => rowsOf(readRowFile(file), features);

function rowsOf(
  { file, columns, lines }: RowFile,
  features: readonly Feature[],
): { rows: Row[]; skipped: Skipped[] } {
  const lacking = lackingIn(columns, features);
  if (lacking !== undefined) throw lacks(file, lacking);
  const skipped: Skipped[] = [];
  const rows = lines.flatMap(({ name, label, cells }): Row[] => {
    const wrong = features.find((feature) => !isReadable(feature, cells[feature.name]));
    if (!wrong) return [{ name, label, positions: positionsOf(features, cells) }];
    const cell = JSON.stringify(cells[wrong.name].slice(0, 40));
    skipped.push({ name, reason: `${name} has ${cell} for ${wrong.name}.` });
    return [];
  });
  return { rows, skipped };
}

const isReadable = (feature: Feature, cell: string): boolean =>
  Number.isFinite(feature.categories ? codeOf(feature, cell) : numberOf(cell));

const numberOf = (cell: string): number => (cell === '' ? NaN : Number(cell));

/** The place of a category by its name, else by its number. */
function codeOf({ categories = [] }: Feature, cell: string): number {
  const named = categories.indexOf(cell);
  const number = named < 0 ? numberOf(cell) : named;
  return Number.isInteger(number) && number >= 0 && number < categories.length ? number : NaN;
}

function positionsOf(
  features: readonly Feature[],
  cells: Readonly<Record<string, string>>,
): Float32Array {
  const last = features[features.length - 1];
  const positions = new Float32Array(last.column + last.width);
  for (const feature of features) {
    const { name, column, width, min, max, categories } = feature;
    if (width > 1) positions[column + codeOf(feature, cells[name])] = 1;
    else {
      const value = categories ? codeOf(feature, cells[name]) : numberOf(cells[name]);
      positions[column] = (value - min) / (max - min);
    }
  }
  return positions;
}

const lacks = (file: string, what: string): PhotographError =>
  new PhotographError(
    `The table ${file} lacks ${what}; its first line must name every feature of the model, and class.`,
  );

const classless = (file: string): string =>
  `The table ${file} lacks the class of each row; call the column that holds it class.`;

function noRows(file: string, unmatched: string[], labels: readonly string[]): PhotographError {
  const [first] = unmatched;
  const near = first === undefined ? [] : nearestLabels(first, labels);
  return new PhotographError(
    first === undefined
      ? `The table ${file} has no rows of the classes that are asked for.`
      : `No row of ${file} is of a class of this model: "${first}" is nearest to ${near.map((each) => `"${each}"`).join(', ')}.`,
  );
}
