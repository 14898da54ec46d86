import type { DescribedFeature } from '../../src-main/api/features.ts';

/** How a feature is fed to the network. */
export type Kind = 'number' | 'whole' | 'one-hot' | 'code';

export const kinds: readonly (readonly [kind: Kind, words: string])[] = [
  ['number', 'number'],
  ['whole', 'whole number'],
  ['one-hot', 'categories'],
  ['code', 'category’s number'],
];

/** A feature as it is typed. */
export interface FeatureDraft {
  /** Of this draft alone, so that its inputs stay its own when rows move. */
  readonly key: number;
  readonly name: string;
  readonly kind: Kind;
  readonly unit: string;
  readonly min: string;
  readonly max: string;
  readonly mean: string;
  readonly std: string;
  /** With commas between them, or `|` where one has a comma. */
  readonly categories: string;
}

let drawn = 0;

const blank = (): FeatureDraft => ({
  ...{ key: ++drawn, name: '', kind: 'number', unit: '', min: '', max: '', mean: '', std: '' },
  categories: '',
});

/** As many empty ones. */
export const blanks = (count: number): FeatureDraft[] => Array.from({ length: count }, blank);

/** What a draft is of a feature that is known. */
export function draftOf(feature: DescribedFeature): FeatureDraft {
  const { name, unit = '', categories, encoding = 'one-hot', integer } = feature;
  const [min, max, mean, std] = [feature.min, feature.max, feature.mean, feature.std].map((each) =>
    each === undefined ? '' : String(each),
  );
  const number = integer ? 'whole' : 'number';
  return {
    ...{ ...blank(), name, unit, min, max, mean, std },
    kind: categories ? encoding : number,
    categories: joined(categories ?? []),
  };
}

const joined = (categories: readonly string[]): string =>
  categories.join(categories.some((each) => each.includes(',')) ? ' | ' : ', ');

export const isCategorical = ({ kind }: FeatureDraft): boolean =>
  kind === 'one-hot' || kind === 'code';

export const categoriesOf = ({ categories }: FeatureDraft): string[] =>
  categories
    .split(categories.includes('|') ? '|' : ',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

/** Columns of the network that it fills. */
export const widthOf = (draft: FeatureDraft): number =>
  draft.kind === 'one-hot' ? Math.max(1, categoriesOf(draft).length) : 1;

/** The columns of each feature, counted from 1, such as `4–6`. */
export function placesOf(drafts: readonly FeatureDraft[]): string[] {
  let before = 0;
  return drafts.map((draft) => {
    const [first, last] = [before + 1, (before += widthOf(draft))];
    return first === last ? `${first}` : `${first}–${last}`;
  });
}

/** What is a thousand to one person and one to another. */
const AMBIGUOUS = /^[-+]?\d{1,3}(,\d{3})+$/;

/** A number as people type it; NaN for what may be two. */
const numberOf = (typed: string): number => {
  const plain = typed.trim();
  return plain === '' || AMBIGUOUS.test(plain) ? NaN : Number(plain.replace(',', '.'));
};

/** What is still to be typed, in one sentence; `undefined` where nothing is. */
export function wantingIn(drafts: readonly FeatureDraft[]): string | undefined {
  const places = placesOf(drafts);
  for (const [at, draft] of drafts.entries()) {
    const name = draft.name.trim();
    if (name === '') return `Give column ${places[at]} a name.`;
    const wanting = wantingOf(draft, name);
    if (wanting !== undefined) return wanting;
  }
  return drafts.length === 0 ? 'Add its features, in the order of its columns.' : undefined;
}

function wantingOf(draft: FeatureDraft, name: string): string | undefined {
  if (isCategorical(draft))
    return categoriesOf(draft).length < 2
      ? `Name the categories of ${name}, two at least.`
      : undefined;
  const [min, max] = [draft.min, draft.max].map(numberOf);
  if (!Number.isFinite(min) || !Number.isFinite(max))
    return `Give the lowest and the highest value of ${name} as numbers, with a point before decimals and nothing between thousands.`;
  if (min >= max) return `The lowest value of ${name} must be below its highest.`;
  const scale = [draft.mean, draft.std].filter((typed) => typed.trim() !== '');
  if (!scale.every((typed) => Number.isFinite(numberOf(typed))))
    return `The mean and the deviation of ${name} must be numbers, or be left out.`;
  return undefined;
}

/** What was typed, as a model is asked for with it. To be called where nothing is wanting. */
export const describedOf = (drafts: readonly FeatureDraft[]): DescribedFeature[] =>
  drafts.map((draft): DescribedFeature => {
    const [mean, std] = [draft.mean, draft.std].map(numberOf);
    const shared = {
      name: draft.name.trim(),
      ...(draft.unit.trim() && { unit: draft.unit.trim() }),
      ...(Number.isFinite(mean) && { mean }),
      ...(Number.isFinite(std) && { std }),
    };
    if (isCategorical(draft))
      return { ...shared, categories: categoriesOf(draft), encoding: draft.kind as 'one-hot' };
    const [min, max] = [draft.min, draft.max].map(numberOf);
    return { ...shared, min, max, ...(draft.kind === 'whole' && { integer: true }) };
  });

/**
 * Drafts with what a table tells of them. Where nothing is named yet, its columns are the features; otherwise those of
 * the same name take bounds and categories from it, and the others stay.
 */
export function withTable(
  drafts: readonly FeatureDraft[],
  found: readonly DescribedFeature[],
): FeatureDraft[] {
  if (drafts.every(({ name }) => name.trim() === '')) return found.map(draftOf);
  return drafts.map((draft) => {
    const same = found.find(({ name }) => name === draft.name.trim());
    if (!same) return draft;
    const { min, max, categories, kind } = draftOf(same);
    if (same.categories)
      return { ...draft, categories, kind: isCategorical(draft) ? draft.kind : kind };
    return isCategorical(draft) || min === '' ? draft : { ...draft, min, max };
  });
}
