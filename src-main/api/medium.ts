/**
 * What a model takes, and what it is compared with: images and photographs, or rows of a table. Where an audit, or the
 * library, holds models of either kind, what is said of both together is said of examples.
 */
export type Medium = 'images' | 'rows' | 'both';

/** @param each models, by whether they have features, or sets, by whether they have columns */
export function mediumOf(
  each: readonly { readonly features?: unknown; readonly columns?: unknown }[],
): Medium {
  const rows = each.filter(({ features, columns }) => (features ?? columns) !== undefined);
  if (rows.length === 0) return 'images';
  return rows.length === each.length ? 'rows' : 'both';
}

interface MediumWords {
  readonly one: string;
  readonly many: string;
  /** As the field calls those that a class is measured by. */
  readonly natural: string;
  /** One of them. */
  readonly naturalOne: string;
  /** The control that is as empty as can be. */
  readonly empty: string;
}

export const mediumWords: Readonly<Record<Medium, MediumWords>> = {
  images: {
    ...{ one: 'photograph', many: 'photographs' },
    ...{ natural: 'natural images', naturalOne: 'natural image', empty: 'a grey image' },
  },
  rows: {
    ...{ one: 'row', many: 'rows' },
    ...{ natural: 'natural rows', naturalOne: 'natural row', empty: 'the middle row' },
  },
  both: {
    ...{ one: 'example', many: 'examples' },
    natural: 'natural examples',
    naturalOne: 'natural example',
    empty: 'a grey image, or the middle row,',
  },
};

/** The words for a model or set alone, or for several together. */
export const wordsOf = (...each: Parameters<typeof mediumOf>[0]): MediumWords =>
  mediumWords[mediumOf(each)];

/** At the start of a sentence, or as a title. */
export const capital = (words: string): string => `${words[0].toUpperCase()}${words.slice(1)}`;
