import type { JobProgress } from '../../src-main/api/job.ts';
import { wordsOf } from '../../src-main/api/medium.ts';
import type { AuditSummary, Job, JobState, Studio } from '../../src-main/api/studio.ts';
import { counted } from '../kit/figure.ts';

/** How a job stands, in words. */
export const jobStates: Readonly<Record<JobState, string>> = {
  running: 'Running',
  queued: 'Waiting',
  paused: 'Paused',
  finished: 'Finished',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

export const isOpen = ({ state }: Job): boolean =>
  state === 'running' || state === 'queued' || state === 'paused';

const order: readonly JobState[] = ['running', 'queued', 'paused'];

/** What is under way, waits and is paused, in the order of the queue; then what has ended, the newest first. */
export function inOrder(jobs: readonly Job[]): Job[] {
  const rank = (job: Job): number => (isOpen(job) ? order.indexOf(job.state) : order.length);
  const newest = (a: Job, b: Job): number => (b.endedAt ?? '').localeCompare(a.endedAt ?? '');
  return jobs.toSorted((a, b) => rank(a) - rank(b) || (isOpen(a) ? 0 : newest(a, b)));
}

const rounded = (value: number, to: number): number => Math.max(to, Math.round(value / to) * to);

/** A time that nobody knows to the second: the longer, the rounder. */
export function about(seconds: number): string {
  if (seconds < 55) return 'less than a minute';
  const minutes = seconds / 60;
  if (minutes < 9.5) return `about ${counted(Math.round(minutes), 'minute', 'minutes')}`;
  if (minutes < 57.5) return `about ${rounded(minutes, 5)} minutes`;
  const quarters = rounded(minutes, 15);
  if (quarters < 600) {
    const [hours, rest] = [Math.floor(quarters / 60), quarters % 60];
    return `about ${hours} h${rest > 0 ? ` ${rest} min` : ''}`;
  }
  const hours = Math.round(minutes / 60);
  if (hours < 48) return `about ${hours} h`;
  return `about ${Math.round(hours / 24)} days`;
}

/** Time that is left, or nothing before it can be told. */
export const left = (progress: JobProgress | undefined): string =>
  progress?.remainingSeconds === undefined ? '' : `${about(progress.remainingSeconds)} left`;

/** Share of a job that is done, from 0 to 1. */
export function share(summary: AuditSummary | undefined, progress?: JobProgress): number {
  if (progress && progress.total > 0) return Math.min(1, progress.done / progress.total);
  const { made, all } = countsOf(summary);
  return all === 0 ? 0 : made / all;
}

/** Never 100 % before it is over. */
export const percent = (part: number): string => `${Math.min(99, Math.floor(100 * part))} %`;

function countsOf(summary: AuditSummary | undefined): { made: number; all: number } {
  if (!summary) return { made: 0, all: 0 };
  const { queued, running, ...over } = summary.progress;
  const made = Object.values(over).reduce((sum, count) => sum + count, 0);
  return { made, all: made + queued + running };
}

const of = ({ done, total }: { done: number; total: number }): string =>
  `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;

/** What the prototypes of an audit are compared with. */
export const naturalOf = (studio: Studio | undefined, auditId: number | undefined): string => {
  const ids = studio?.audits.find(({ id }) => id === auditId)?.models ?? [];
  return wordsOf(...(studio?.models.filter(({ id }) => ids.includes(id)) ?? [])).natural;
};

/** What is done of a job that is under way. */
export function doing(
  { phase, prototypes, measured }: JobProgress,
  natural = 'natural images',
): string {
  const made = `${of(prototypes)} prototypes done`;
  if (phase === 'prototypes') return made;
  if (phase === 'relations') return `${made}. Showing them to all models`;
  if (!measured) return `${made}. Measuring path similarity`;
  return measured.what === 'natural images'
    ? `${made}. Path similarity: ${of(measured)} ${natural} measured`
    : `${made}. Path similarity: ${of(measured)} prototypes and controls compared`;
}

/** What is done of a job that is not under way. */
export function standing(summary: AuditSummary | undefined): string {
  const { all } = countsOf(summary);
  const { finished = 0, failed = 0 } = summary?.progress ?? {};
  const words = `${of({ done: finished, total: all })} prototypes`;
  return failed > 0 ? `${words}, ${failed.toLocaleString('en')} failed` : words;
}

/** What a person can do about a job that has ended otherwise than well. */
export function advice({ state }: Job): string {
  if (state === 'failed') return 'Mend that, then retry: what is finished is kept.';
  if (state === 'cancelled')
    return 'What was finished is kept, and the picture so far of what was in the making. Retry goes on from there.';
  return '';
}
