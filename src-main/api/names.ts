/** What things are called, for a person. */

const profiles: Readonly<Record<string, string>> = {
  fourier: 'recognisable',
  paper: 'natural path',
  plain: 'control',
};

/** What a profile is for, or nothing for one that we do not know. */
export const purposeOf = (profile: string): string => profiles[profile] ?? '';

const kinds: Readonly<Record<string, string>> = {
  grey: 'grey image',
  noise: 'uniform noise',
  plain: 'plain maximisation',
};

interface Series {
  readonly kind: string;
  readonly series: string;
}

/** What a row of figures is about. */
export function subjectName({ kind, series }: Series): string {
  if (kind === 'prototype') return `prototype, ${series}`;
  if (kind === 'other-class') return `another class, ${series.split(',')[0]}`;
  // The controls of a table are called what they are, such as middle row.
  return (series === kind ? kinds[kind] : undefined) ?? series;
}

export const stateNames: Readonly<Record<string, string>> = {
  queued: 'waiting',
  running: 'being made',
  finished: 'finished',
  failed: 'failed',
  cancelled: 'cancelled',
};
