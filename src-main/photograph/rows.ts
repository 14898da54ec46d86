import { createHash } from 'node:crypto';
import { rowsOf, type Feature } from '../classifier/features.ts';
import { readText } from '../classifier/text-file.ts';
import { PhotographError } from './errors.ts';
import { fingerprint, type ImageClass, type ImageSet, type Skipped } from './image-set.ts';
import { matchClass, nearestLabels } from './match.ts';

/** Columns that may hold the class of a row, the first that there is. */
const LABELS = ['class', 'label', 'target'];

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

/**
 * The natural rows of a CSV file as a set of images: class by class, named by their place.
 * @throws PhotographError or ClassifierError in one sentence when the file is none, lacks a feature or the classes, or
 * has no row of a wanted class
 */
export function rowSet(file: string, options: RowOptions): ImageSet {
  const { rows, skipped } = readRows(file, options.features);
  const unmatched = new Set<string>();
  const found = new Map<number, Row[]>();
  for (const row of rows) {
    const index = matchClass(row.label, options);
    if (index === undefined) unmatched.add(row.label);
    else if (!options.among || options.among.includes(index))
      found.set(index, [...(found.get(index) ?? []), row]);
  }
  const sorted = [...found].sort(([a], [b]) => a - b);
  const classes = sorted.map(([index, own]) => classOf(index, options.labels[index], own));
  if (classes.length === 0) throw noRows(file, [...unmatched], options.labels);
  const all = classes.flatMap(({ files }) => files);
  return {
    ...{ folder: file, fingerprint: fingerprint(all), classes, skipped },
    unmatched: [...unmatched],
  };
}

function classOf(index: number, label: string, rows: readonly Row[]): ImageClass {
  const files = rows.map(({ name, positions }) => ({ name, sha256: hashOf(positions) }));
  return { index, label, files, fingerprint: fingerprint(files) };
}

const hashOf = (positions: Float32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(positions.buffer, positions.byteOffset, positions.byteLength))
    .digest('hex');

/** All rows of a CSV file; one with a value that cannot be read is skipped. @throws as `rowSet` */
export function readRows(
  file: string,
  features: readonly Feature[],
): { rows: Row[]; skipped: Skipped[] } {
  const read = rowsOf(readText(file, 'table of natural rows'), file);
  const head = Object.keys(read[0] ?? {});
  const label = LABELS.find((name) => head.includes(name));
  const missing = features.find(({ name }) => !head.includes(name));
  if (missing) throw lacks(file, `the feature ${missing.name}`);
  if (label === undefined) throw lacks(file, 'the class of each row, in a column called class');
  const skipped: Skipped[] = [];
  const rows = read.flatMap((cells, place): Row[] => {
    const name = `row ${place + 1}`;
    const wrong = features.find((feature) => !isReadable(feature, cells[feature.name]));
    if (!wrong) return [{ name, label: cells[label], positions: positionsOf(features, cells) }];
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

function noRows(file: string, unmatched: string[], labels: readonly string[]): PhotographError {
  const [first] = unmatched;
  const near = first === undefined ? [] : nearestLabels(first, labels);
  return new PhotographError(
    first === undefined
      ? `The table ${file} has no rows of the classes that are asked for.`
      : `No row of ${file} is of a class of this model: "${first}" is nearest to ${near.map((each) => `"${each}"`).join(', ')}.`,
  );
}
