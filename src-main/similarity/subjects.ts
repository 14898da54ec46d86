import type { Classifier } from '../classifier/classifier.ts';
import type { Feature } from '../classifier/features.ts';
import { middleRow, randomRow } from '../classifier/random-row.ts';
import { Stream } from '../random/philox.ts';
import { SimilarityError } from './errors.ts';
import type { SubjectKind } from './result.ts';

/** An image that is scored against the natural images of a class: a prototype or a control. */
export interface Subject {
  /** Subjects of one series are averaged over classes: such as `paper`, or `grey`. */
  readonly series: string;
  readonly kind: SubjectKind;
  /** The class that it is scored against. */
  readonly classIndex: number;
  /**
   * Planar [channels, height, width] in [0, 1]. Asked for once, when the subject's turn comes, and let go of after: the
   * images of 1000 classes are 0.6 GB at 224².
   */
  readonly pixels: () => Float32Array;
}

/**
 * A subject's image, as it is asked for.
 * @throws SimilarityError where it is not of the model's size
 */
export function pixelsOf(
  { series, pixels }: Subject,
  { input: { channels, height, width } }: Pick<Classifier, 'input'>,
): Float32Array {
  const image = pixels();
  if (image.length === channels * height * width) return image;
  throw new SimilarityError(
    `An image of ${series} has ${image.length} values, but the model takes ${channels}×${height}×${width}.`,
  );
}

/** The controls that need no model: for each class one image of uniform noise and one of even grey. */
export function plainControls(classes: readonly number[], length: number, seed: number): Subject[] {
  return classes.flatMap((classIndex): Subject[] => [
    { series: 'noise', kind: 'noise', classIndex, pixels: () => noise(length, seed, classIndex) },
    { series: 'grey', kind: 'grey', classIndex, pixels: () => new Float32Array(length).fill(0.5) },
  ]);
}

function noise(length: number, seed: number, classIndex: number): Float32Array {
  const stream = new Stream(seed, classIndex, 0, 'noise').seek(0);
  return Float32Array.from({ length }, () => stream.uniform());
}

/**
 * The controls of a table. In place of noise a row at random within the bounds, and one whose every feature comes from
 * another natural row; in place of grey the middle of all bounds, and the mean of the natural rows.
 * @param rows natural rows of all classes, at least one
 */
export function rowControls(
  classes: readonly number[],
  rows: readonly Float32Array[],
  features: readonly Feature[],
  seed: number,
): Subject[] {
  const stream = (classIndex: number, which: number): Stream =>
    new Stream(seed, classIndex, which, 'noise').seek(0);
  return classes.flatMap((classIndex): Subject[] => [
    {
      ...{ series: 'random row', kind: 'noise', classIndex },
      pixels: () => randomRow(features, stream(classIndex, 1)),
    },
    { series: 'middle row', kind: 'grey', classIndex, pixels: () => middleRow(features) },
    {
      ...{ series: 'permuted rows', kind: 'noise', classIndex },
      pixels: () => permuted(rows, features, stream(classIndex, 0)),
    },
    { series: 'mean row', kind: 'grey', classIndex, pixels: () => meanOf(rows) },
  ]);
}

function permuted(
  rows: readonly Float32Array[],
  features: readonly Feature[],
  stream: Stream,
): Float32Array {
  const row = new Float32Array(rows[0].length);
  for (const { column, width } of features) {
    const from = rows[Math.min(rows.length - 1, Math.floor(stream.uniform() * rows.length))];
    row.set(from.subarray(column, column + width), column);
  }
  return row;
}

function meanOf(rows: readonly Float32Array[]): Float32Array {
  const sums = new Float64Array(rows[0].length);
  for (const row of rows) for (let i = 0; i < row.length; i++) sums[i] += row[i];
  return Float32Array.from(sums, (sum) => sum / rows.length);
}

/**
 * The control "another class's prototype": every class is given the prototype of the class after it, the last one that
 * of the first. None for a single class.
 * @param prototypes one series, at most one per class
 */
export function otherClassControls(prototypes: readonly Subject[]): Subject[] {
  if (prototypes.length < 2) return [];
  return prototypes.map(({ series, classIndex }, i) => ({
    series: `${series}, another class's`,
    kind: 'other-class',
    classIndex,
    pixels: prototypes[(i + 1) % prototypes.length].pixels,
  }));
}
