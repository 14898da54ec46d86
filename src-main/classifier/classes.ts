import { distance } from 'fastest-levenshtein';
import type { Classifier } from './classifier.ts';
import { ClassifierError } from './errors.ts';

/**
 * The classes that a person names: indexes (`3`), inclusive ranges (`10-19`), names in any case, or the start of a
 * name that no other class shares, separated by commas or line breaks; `all` for every class. A name may hold commas
 * itself. A number is always an index.
 * @returns class indexes in the order given, each once
 * @throws ClassifierError that names the nearest labels when there is no such class
 */
export function resolveClasses(classifier: Pick<Classifier, 'labels'>, text: string): number[] {
  const { classes, problems } = readClasses(classifier, text);
  if (problems.length > 0) throw problems[0];
  if (classes.length === 0)
    throw new ClassifierError('No class is named; give an index or a name.');
  return classes;
}

/** As `resolveClasses`, but goes on behind what names no class, and says all that is wrong. */
export function readClasses(
  { labels }: Pick<Classifier, 'labels'>,
  text: string,
): { classes: number[]; problems: ClassifierError[] } {
  const found: number[] = [];
  const problems: ClassifierError[] = [];
  for (const parts of text.split(/[\r\n]+/).map((line) => line.split(','))) {
    for (let from = 0; from < parts.length;) {
      try {
        const { classes, used } = resolveFirst(labels, parts.slice(from));
        for (const index of classes) found.push(index);
        from += used;
      } catch (error) {
        if (!(error instanceof ClassifierError)) throw error;
        problems.push(error);
        from++;
      }
    }
  }
  return { classes: [...new Set(found)], problems };
}

/** The longest run of parts that is a label together, else the first part alone. */
function resolveFirst(
  labels: readonly string[],
  parts: string[],
): { classes: number[]; used: number } {
  for (let used = parts.length; used > 1; used--) {
    const index = labels.findIndex(
      (label) => plain(label) === plain(parts.slice(0, used).join(',')),
    );
    if (index >= 0) return { classes: [index], used };
  }
  return { classes: resolveOne(labels, parts[0].trim()), used: 1 };
}

function resolveOne(labels: readonly string[], part: string): number[] {
  if (part === '') return [];
  const range = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(part);
  if (range) return between(labels, Number(range[1]), Number(range[2] ?? range[1]));
  // Before the starts of names: ImageNet has an alligator lizard.
  if (plain(part) === 'all' && !labels.some((label) => plain(label) === 'all')) {
    return labels.map((_, index) => index);
  }
  const named = withName(labels, part);
  if (named.length === 1) return named;
  if (named.length === 0) throw unknown(labels, part);
  const choices = named.slice(0, 5).map((index) => `${labels[index]} (${index})`);
  throw new ClassifierError(
    `${part} may be any of ${choices.join(', ')}; give the index or the whole name.`,
  );
}

function between(labels: readonly string[], first: number, last: number): number[] {
  if (last < first) throw new ClassifierError(`The range ${first}-${last} runs backwards.`);
  if (last >= labels.length) {
    throw new ClassifierError(
      `There is no class ${last}; the classifier has ${labels.length} classes, 0 to ${labels.length - 1}.`,
    );
  }
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Classes with that name; else those with it as one of several synonyms; else those that start like it. */
function withName(labels: readonly string[], name: string): number[] {
  const wanted = plain(name);
  const where = (fits: (label: string) => boolean): number[] =>
    labels.flatMap((label, index) => (fits(plain(label)) ? [index] : []));
  const tests = [
    (label: string): boolean => label === wanted,
    (label: string): boolean => label.split(/\s*,\s*/).includes(wanted),
    (label: string): boolean => label.startsWith(wanted),
  ];
  return tests.map(where).find((found) => found.length > 0) ?? [];
}

function unknown(labels: readonly string[], name: string): ClassifierError {
  const wanted = plain(name);
  const nearest = labels
    .map((label, index) => ({ label, index, far: distance(plain(label), wanted) }))
    .sort((a, b) => a.far - b.far || a.index - b.index)
    .slice(0, 3)
    .map(({ label, index }) => `${label} (${index})`);
  return new ClassifierError(
    `There is no class called ${name}; the nearest are ${nearest.join(', ')}.`,
  );
}

const plain = (text: string): string =>
  text.trim().toLowerCase().replaceAll('_', ' ').replace(/\s+/g, ' ');
