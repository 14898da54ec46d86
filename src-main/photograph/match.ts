import { distance } from 'fastest-levenshtein';

/** How folders are told which class they show. */
export interface ClassNames {
  /** One per class, in output order; a label may list synonyms behind commas. */
  readonly labels: readonly string[];
  /**
   * Folder name, or its WordNet id such as `n02669723`, to class index or label, where names do not tell; it goes before
   * everything else.
   */
  readonly map?: Readonly<Record<string, number | string>>;
}

/**
 * The class that a folder's name means: by the explicit map (which also knows `n02669723_academic_gown` by its WordNet
 * id alone), by label, by one of a label's synonyms, or by index. Case, spaces, hyphens and underscores do not matter.
 * @returns the class index, `undefined` where no class or more than one fits
 */
export function matchClass(folder: string, names: ClassNames): number | undefined {
  const mapped = mappedTo(folder, names.map ?? {});
  if (typeof mapped === 'number') return mapped in names.labels ? mapped : undefined;
  const name = plain(mapped ?? folder);
  const candidates = [
    (label: string) => plain(label) === name,
    (label: string) => label.split(',').some((synonym) => plain(synonym) === name),
    (_: string, index: number) => /^\d+$/.test(name) && Number(name) === index,
  ];
  for (const fits of candidates) {
    const found = names.labels.flatMap((label, index) => (fits(label, index) ? [index] : []));
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  }
  return undefined;
}

/** The labels nearest to a name by edit distance, nearest first. */
export function nearestLabels(name: string, labels: readonly string[], count = 3): string[] {
  const wanted = plain(name);
  const far = (label: string) =>
    Math.min(...label.split(',').map((synonym) => distance(plain(synonym), wanted)));
  return [...new Set(labels)]
    .map((label) => ({ label, far: far(label) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, count)
    .map(({ label }) => label);
}

function plain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
}

/** A folder may be called anything, `constructor` too. */
function mappedTo(folder: string, map: Readonly<Record<string, number | string>>) {
  const [wordnetId] = /^n\d{8}(?=[\s_-]|$)/i.exec(folder) ?? [];
  const known = [folder, wordnetId?.toLowerCase()];
  const key = known.find((name) => name !== undefined && Object.hasOwn(map, name));
  return key === undefined ? undefined : map[key];
}
