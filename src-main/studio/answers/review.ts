import {
  isBlank,
  unreviewed,
  type Reading,
  type Review,
  type SavedView,
} from '../../api/review.ts';
import { parseSight, sourceOf } from '../../api/sight.ts';
import { ServiceError } from '../../api/wire.ts';
import type { FindingRecord } from '../../store/reviews.ts';
import type { SavedView as SavedViewRecord } from '../../store/saved-views.ts';
import type { Workspace } from '../../store/workspace.ts';
import type { Announce } from '../announce.ts';
import type { Handlers } from '../door.ts';

type ReviewCall = Extract<
  keyof Handlers,
  `review.${string}` | `scope.${string}` | `view.${string}`
>;

/** Answers to all that reviewers write down. */
export function reviewAnswers(
  workspace: Workspace,
  announce: Announce,
): Pick<Handlers, ReviewCall> {
  const { reviews } = workspace;
  return {
    'review.list': ({ auditId }) => reviews.all(auditId).map(reviewOf),
    'review.set': ({ auditId, sights, mark }) => {
      rejectUnknown(workspace, auditId, sights);
      const previous = reviews.get(auditId, sights)?.mark ?? unreviewed;
      const reading = readingOf(workspace, auditId, sights);
      const review = reviewOf(reviews.set(auditId, sights, mark, reading));
      announce('review.changed', { auditId, review });
      return { review, previous };
    },
    'review.reveal': ({ auditId, sights }) => {
      rejectUnknown(workspace, auditId, sights);
      const known = reviews.get(auditId, sights);
      const review = reviewOf(known ?? reviews.set(auditId, sights, unreviewed, 'revealed'));
      announce('review.changed', { auditId, review });
      return review;
    },
    'scope.get': ({ auditId }) => reviews.scope(auditId),
    'scope.set': ({ auditId, scope }) => {
      if (!workspace.audits.get(auditId)) missing('audit');
      reviews.describe(auditId, scope);
      announce('scope.changed', { auditId, scope });
      return scope;
    },
    ...viewAnswers(workspace, announce),
  };
}

function viewAnswers(
  { audits, savedViews }: Workspace,
  announce: Announce,
): Pick<Handlers, Extract<ReviewCall, `view.${string}`>> {
  const told = (auditId: number): SavedView[] => {
    const views = savedViews.list(auditId).map(viewOf);
    announce('views.changed', { auditId, views });
    return views;
  };
  const found = (viewId: number): SavedViewRecord => savedViews.get(viewId) ?? missing('view');
  return {
    'view.list': ({ auditId }) => savedViews.list(auditId).map(viewOf),
    'view.save': ({ auditId, name, query }) => {
      if (!audits.get(auditId)) missing('audit');
      savedViews.save(auditId, name, query);
      return told(auditId);
    },
    'view.rename': ({ viewId, name }) => {
      const { auditId } = found(viewId);
      const other = savedViews.list(auditId).find((view) => view.name === name);
      if (other && other.id !== viewId) {
        throw new ServiceError(
          'bad-input',
          `There is a view “${name}” already: take another name.`,
        );
      }
      savedViews.rename(viewId, name);
      return told(auditId);
    },
    'view.remove': ({ viewId }) => {
      const { auditId } = found(viewId);
      savedViews.remove(viewId);
      return told(auditId);
    },
  };
}

const reviewOf = ({ sights, mark, reading, reviewedAt }: FindingRecord): Review => ({
  ...{ sights: [...sights], mark, reading, reviewedAt },
});

const viewOf = ({ id, name, query }: SavedViewRecord): SavedView => ({ id, name, query });

/** Marks of pictures that are not of the audit would be found nowhere again. */
function rejectUnknown(workspace: Workspace, auditId: number, sights: readonly string[]): void {
  const audit = workspace.audits.get(auditId) ?? missing('audit');
  for (const name of sights) {
    const { runId, exemplar } = parseSight(name)!;
    const isThere = exemplar
      ? audit.models.some(({ modelId }) => modelId === exemplar.modelId)
      : workspace.runs.get(runId)?.auditId === auditId;
    if (!isThere) missing('prototype');
  }
}

/**
 * How a subject was read first. In a blind review names show as soon as something is written down: what comes after a
 * mark that was taken back, or after one of the pictures was known, is no blind reading.
 */
function readingOf({ reviews }: Workspace, auditId: number, sights: readonly string[]): Reading {
  const before = reviews.get(auditId, sights);
  if (before)
    return before.reading === 'blind' && isBlank(before.mark) ? 'revealed' : before.reading;
  if (!reviews.scope(auditId).blind) return 'named';
  const known = new Set(reviews.all(auditId).flatMap((review) => review.sights.map(sourceOf)));
  return sights.some((name) => known.has(sourceOf(name))) ? 'revealed' : 'blind';
}

function missing(what: string): never {
  throw new ServiceError('not-found', `There is no such ${what} in the workspace.`);
}
