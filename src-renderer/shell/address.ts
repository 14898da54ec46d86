import { formatSight, parseSight, type Sight } from '../../src-main/api/sight.ts';

export {
  formatSight,
  parseSight,
  type Made,
  type Natural,
  type Sight,
} from '../../src-main/api/sight.ts';

/** Where the reviewer is. Every place has an address, so that each view is a link and survives a reload. */

const views = [
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
