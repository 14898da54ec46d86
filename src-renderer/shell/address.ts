/** Where the reviewer is. Every place has an address, so that each view is a link and survives a reload. */

export const views = [
  'library',
  'new',
  'jobs',
  'gallery',
  'loupe',
  'compare',
  'similarity',
  'report',
  'settings',
] as const;
export type View = (typeof views)[number];

/** Views of the workspace as a whole; all others show one audit. */
const ofWorkspace: readonly View[] = ['library', 'new', 'jobs', 'settings'];
export const showsWorkspace = (view: View): boolean => ofWorkspace.includes(view);

/** A picture: a prototype, or a snapshot of its making. */
export interface Sight {
  readonly runId: number;
  readonly stage?: 'baseline' | 'prototype';
  readonly step?: number;
}

export interface Place {
  readonly view: View;
  /** Absent: the newest audit. */
  readonly auditId?: number;
  /** What the loupe and the comparison show. */
  readonly sights: readonly Sight[];
  /** Filters, order and the like, each view's own. */
  readonly options: Readonly<Record<string, string>>;
}

export const start: Place = { view: 'gallery', sights: [], options: {} };

const isView = (word: string | undefined): word is View => views.some((view) => view === word);

/** `17`, `17@448` for step 448, `17@b6` for step 6 of the baseline. */
export const formatSight = ({ runId, stage, step }: Sight): string =>
  step === undefined ? `${runId}` : `${runId}@${stage === 'baseline' ? 'b' : ''}${step}`;

/** @returns undefined for what is no picture's name */
export function parseSight(text: string): Sight | undefined {
  const found = /^(\d{1,15})(?:@(b?)(\d{1,9}))?$/.exec(text);
  if (!found) return undefined;
  const [, runId, baseline, step] = found;
  if (step === undefined) return { runId: Number(runId) };
  return { runId: Number(runId), stage: baseline ? 'baseline' : 'prototype', step: Number(step) };
}

/** Reads an address such as `#/3/compare/17,18@448?mode=swipe`; what it cannot read, it leaves out. */
export function parsePlace(hash: string): Place {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [audit, view, sights = ''] = path.split('/');
  return {
    view: isView(view) ? view : 'gallery',
    ...(/^\d{1,15}$/.test(audit) && { auditId: Number(audit) }),
    sights: sights
      .split(',')
      .map(parseSight)
      .filter((sight) => sight !== undefined),
    options: Object.fromEntries(new URLSearchParams(query)),
  };
}

export function formatPlace({ view, auditId, sights, options }: Place): string {
  const path = [auditId ?? 'latest', view, sights.map(formatSight).join(',')].filter(
    (part) => part !== '',
  );
  const query = new URLSearchParams(options).toString().replaceAll('%2C', ',');
  return `#/${path.join('/')}${query && `?${query}`}`;
}
