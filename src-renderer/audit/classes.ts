/** How chosen classes are written down, by the grammar of the command line. */

const plain = (label: string): string =>
  label.trim().toLowerCase().replaceAll('_', ' ').replace(/\s+/g, ' ');

/** `all`, where every class is meant, and no class is called that. */
const isAll = (classes: readonly number[], labels: readonly string[]): boolean =>
  classes.length === labels.length &&
  labels.length > 0 &&
  !labels.some((label) => plain(label) === 'all');

/** Indexes with ranges, such as `0-9,151`: they are never ambiguous. */
export function formatIndexes(classes: readonly number[], labels: readonly string[]): string {
  if (isAll(classes, labels)) return 'all';
  const sorted = classes.toSorted((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const index of sorted) {
    const last = ranges.at(-1);
    if (last?.[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

/**
 * Names, one a line, for models that number their classes differently. A name that would be read as something else, or
 * that two classes have, is left as its index.
 */
export function formatNames(classes: readonly number[], labels: readonly string[]): string {
  if (isAll(classes, labels)) return 'all';
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(plain(label), (counts.get(plain(label)) ?? 0) + 1);
  const isClear = (label: string): boolean =>
    counts.get(plain(label)) === 1 && !/^\d+(\s*-\s*\d+)?$|^all$|^$/.test(plain(label));
  return classes
    .map((index) => (isClear(labels[index]) ? labels[index] : String(index)))
    .join('\n');
}

/** Classes whose name or index holds what was typed. */
export function answering(labels: readonly string[], typed: string): number[] {
  const wanted = plain(typed);
  const indexes = labels.map((_, index) => index);
  if (wanted === '') return indexes;
  return indexes.filter(
    (index) => plain(labels[index]).includes(wanted) || String(index) === wanted,
  );
}
