import type { Review } from '../../src-main/api/review.ts';

/** What findings can be filtered by. */
export const facets = ['mark', 'severity'] as const;
export type Facet = (typeof facets)[number];
export type Filters = Readonly<Record<Facet, string | undefined>>;

export interface Chip {
  readonly value: string;
  readonly count: number;
  readonly chosen: boolean;
}

const valueOf = (facet: Facet, { mark }: Review): string =>
  facet === 'mark' ? mark.state : `${mark.severity ?? 'none'}`;

const passes = (filters: Filters, finding: Review, except?: Facet): boolean =>
  facets.every(
    (facet) =>
      facet === except ||
      filters[facet] === undefined ||
      filters[facet] === valueOf(facet, finding),
  );

/** Findings that are left, in their order. */
export const filtered = (findings: readonly Review[], filters: Filters): Review[] =>
  findings.filter((finding) => passes(filters, finding));

const order = ['concern', 'unreviewed', 'cleared', '5', '4', '3', '2', '1', '0', 'none'];

/** The values of a facet that findings have, with how many each would leave under the other facet's filter. */
export function chipsOf(facet: Facet, findings: readonly Review[], filters: Filters): Chip[] {
  const values = new Set(findings.map((finding) => valueOf(facet, finding)));
  const left = findings.filter((finding) => passes(filters, finding, facet));
  return order
    .filter((value) => values.has(value))
    .map((value) => ({
      value,
      count: left.filter((finding) => valueOf(facet, finding) === value).length,
      chosen: filters[facet] === value,
    }));
}

const words: Readonly<Record<string, string>> = {
  concern: 'Concern',
  unreviewed: 'Remark',
  cleared: 'Cleared',
  none: 'No severity',
};

export const nameOf = (facet: Facet, value: string): string =>
  words[value] ?? (facet === 'severity' ? `Severity ${value}` : value);

/** How it was read, for a person; nothing where names were never hidden. */
export const readingOf = ({ reading }: Review): string =>
  ({ named: '', blind: 'read blind', revealed: 'names shown before reading' })[reading];
