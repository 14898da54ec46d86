/** One thing that pictures differ in, with a value for each. */
export interface Contrast {
  readonly name: string;
  readonly values: readonly string[];
}

const written = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? '–' : JSON.stringify(value);

/** A nested record as a list of leaves: `affine.rotation` and its value. */
export function flatten(
  record: Readonly<Record<string, unknown>>,
  prefix = '',
): Map<string, string> {
  const leaves = new Map<string, string>();
  for (const [key, value] of Object.entries(record)) {
    const name = prefix + key;
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      for (const leaf of flatten(value as Record<string, unknown>, `${name}.`)) leaves.set(...leaf);
    } else {
      leaves.set(name, Array.isArray(value) ? value.join(' … ') : written(value));
    }
  }
  return leaves;
}

/** What several records differ in, in the order in which names are met first; an empty one differs in nothing. */
export function contrasts(records: readonly ReadonlyMap<string, string>[]): Contrast[] {
  const names = new Set(records.flatMap((record) => [...record.keys()]));
  return [...names]
    .map((name) => ({ name, values: records.map((record) => record.get(name) ?? '–') }))
    .filter(({ values }) => new Set(values.filter((_, place) => records[place].size > 0)).size > 1);
}
