import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JobDetail, JobProgress, Making } from '../../src-main/api/job.ts';
import type { Job, Studio } from '../../src-main/api/studio.ts';
import { auditOf, studioOf } from './support/answers.ts';
import { faultsInBothThemes } from './support/axe.ts';
import { chromiumPath, placeOf, StudioPage, type Answers } from './support/page.ts';

const scale = { classes: 9, models: 2 };
const audit = auditOf(scale);
const hash = (digit: string): string => digit.repeat(64);

const jobOf = (id: number, state: Job['state'], more: Partial<Job> = {}): Job => ({
  ...{ id, auditId: id, name: `audit ${id}`, state, notes: [] },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', ...more },
});
const endedAt = (hour: number): string => `2026-01-01T0${hour}:00:00.000Z`;

const progress: JobProgress = {
  ...{ jobId: 1, auditId: 1, done: 30, total: 120, remainingSeconds: 1500, phase: 'prototypes' },
  ...{ label: 'network 1 · paper · class 2', prototypes: { done: 12, total: 40 } },
  ...{ stepsPerSecond: 42.4, looks: [{ runId: 2, imageHash: hash('3') }] },
};

function makingOf(runId: number, last: number): Making {
  const losses = { variance: 0.01, highFrequency: 3 };
  return {
    tile: { ...audit.tiles[runId - 1], state: 'running', imageHash: undefined },
    ...{ modelName: 'network 1', height: 32, width: 32, steps: { baseline: 100, prototype: 512 } },
    imageHash: hash('5'),
    points: Array.from({ length: last + 1 }, (_, step) => ({
      ...{ stage: 'prototype' as const, step, logit: step / 10, losses },
    })),
  };
}

/** A service with a queue, which does what it is asked. */
class Queue {
  jobs: Job[];
  readonly asked: (readonly [call: string, input: unknown])[] = [];
  detail: Omit<JobDetail, 'job'> = { progress, making: [makingOf(2, 130)] };
  readonly #changed: () => void;

  constructor(jobs: Job[], changed: () => void) {
    this.jobs = jobs;
    this.#changed = changed;
  }

  get studio(): Studio {
    const summary = { ...audit.summary, progress: { ...audit.summary.progress, queued: 4 } };
    const audits = this.jobs.map(({ auditId, name }) => ({ ...summary, id: auditId, name }));
    return { ...studioOf(audit), audits, jobs: this.jobs };
  }

  get answers(): Answers {
    const told = (call: string, state: Job['state']) => {
      return [call, (input: { jobId: number }) => this.#do(call, input, state)] as const;
    };
    return {
      'studio.get': () => this.studio,
      'job.get': ({ jobId }: { jobId: number }) => ({
        job: this.jobs.find(({ id }) => id === jobId),
        ...this.detail,
      }),
      ...Object.fromEntries([
        told('job.pause', 'paused'),
        told('job.resume', 'queued'),
        told('job.cancel', 'cancelled'),
        told('job.retry', 'queued'),
        told('job.move', 'queued'),
      ]),
      'job.drop': (input: { jobId: number }) => {
        this.asked.push(['job.drop', input]);
        this.jobs = this.jobs.filter(({ id }) => id !== input.jobId);
        this.#changed();
        return {};
      },
    };
  }

  end(id: number, state: Job['state']): void {
    this.#change(id, { state, endedAt: endedAt(9) });
  }

  #do(call: string, input: { jobId: number }, state: Job['state']): Job {
    this.asked.push([call, input]);
    this.#change(input.jobId, { state, ...(state === 'cancelled' && { endedAt: endedAt(9) }) });
    return this.jobs.find(({ id }) => id === input.jobId)!;
  }

  #change(jobId: number, change: Partial<Job>): void {
    this.jobs = this.jobs.map((job) => (job.id === jobId ? { ...job, ...change } : job));
    this.#changed();
  }
}

const jobs = (): Job[] => [
  jobOf(1, 'running', { notes: ['network 1: nothing says how it wants its images.'] }),
  jobOf(2, 'queued'),
  jobOf(3, 'queued', { name: 'an audit whose name is as long as that of three models, squeezed' }),
  jobOf(4, 'paused'),
  jobOf(5, 'failed', {
    reason: 'The engine has no memory left: use a smaller model.',
    endedAt: endedAt(1),
  }),
  jobOf(6, 'finished', { endedAt: endedAt(2) }),
];

describe.skipIf(!chromiumPath)('the jobs of a studio', () => {
  let studio: StudioPage;
  let queue: Queue;
  beforeAll(async () => {
    studio = await StudioPage.start();
  });
  afterAll(() => studio.stop());
  afterEach(() => expect(studio.complaints.splice(0)).toEqual([]));

  const open = (hash: string, list = jobs(), more: Answers = {}): Promise<Page> => {
    queue = new Queue(list, () => studio.push('studio.changed', {}));
    return studio.open(hash, scale, 'dark', { ...queue.answers, ...more });
  };
  const names = (page: Page): Promise<string[]> =>
    page.getByRole('article').getByRole('heading').allInnerTexts();

  it('are listed in order, each with what is done of it, what is left, and why it failed', async () => {
    const page = await open('#/1/jobs');
    await page.getByRole('article').first().waitFor();
    expect((await names(page)).map((name) => name.slice(0, 8))).toEqual([
      'audit 1',
      'audit 2',
      'an audit',
      'audit 4',
      'audit 6',
      'audit 5',
    ]);
    const running = page.getByRole('article', { name: 'audit 1: running' });
    await running.getByText('12 of 40 prototypes done').waitFor();
    expect(await running.innerText()).toMatch(/25 %[^]*about 25 minutes left/);
    const failed = await page.getByRole('article', { name: 'audit 5: failed' }).innerText();
    expect(failed).toContain('The engine has no memory left: use a smaller model.');
    expect(await page.getByText('nothing says how it wants its images').isVisible()).toBe(true);
    await page.close();
  });

  it('show a page that is reloaded in the middle the whole curve at once, and go on', async () => {
    const page = await open('#/1/jobs');
    const step = page.getByText(/step \d+ of 512/);
    await step.waitFor();
    await page.reload();
    await step.waitFor();
    expect(await step.innerText()).toBe('step 131 of 512, logit 13.00');
    const picture = page.getByRole('img', { name: /^The prototype of class 1 so far/ });
    expect(await picture.getAttribute('src')).toBe(`files/${hash('3')}`);
    const { variance, highFrequency } = { variance: 0.01, highFrequency: 3 };
    const at = { stage: 'prototype', step: 200, logit: 21.5, losses: { variance, highFrequency } };
    studio.push('step', { auditId: 1, runId: 2, ...at });
    await page.getByText('step 201 of 512, logit 21.50').waitFor();
    const looks = [{ runId: 2, imageHash: hash('7') }];
    studio.push('job.progress', { ...progress, looks, remainingSeconds: 20 });
    await page.locator(`img[src="files/${hash('7')}"]`).waitFor();
    expect(await page.title()).toBe('25 % · fixture – Eidoscope');
    queue.detail = { progress, making: [makingOf(2, 200)] };
    studio.push('step', { auditId: 1, runId: 2, ...at });
    const table = page.getByText('As a table').first();
    await table.click();
    await page.getByRole('rowheader', { name: '200', exact: true }).waitFor();
    await page.close();
  });

  it('are paused, moved, retried, cancelled after a question, and dropped, by keyboard alone', async () => {
    const page = await open('#/1/gallery');
    await page.getByRole('grid').waitFor();
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('q');
    await page.getByRole('article', { name: 'audit 1: running' }).waitFor();
    await press('ArrowDown', 'Alt+ArrowDown');
    await expect.poll(() => queue.asked).toEqual([['job.move', { jobId: 2, by: 1 }]]);
    await press('Shift+Q');
    await page.getByRole('article', { name: 'audit 2: paused' }).waitFor();
    await press('ArrowUp', 'ArrowUp', 'Delete');
    await page.getByRole('dialog', { name: 'Cancel this job?' }).waitFor();
    await press('Escape');
    // Not only closed, but gone.
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(queue.asked).toHaveLength(2);
    await press('Delete');
    await page.getByRole('button', { name: 'Cancel the job' }).waitFor();
    await press('Tab', 'Tab', 'Enter');
    await page.getByRole('article', { name: 'audit 1: cancelled' }).waitFor();
    expect(queue.asked.at(-1)).toEqual(['job.cancel', { jobId: 1 }]);
    for (let i = 0; i < 6; i++) await press('ArrowDown');
    await press('r');
    await page.getByRole('article', { name: 'audit 5: waiting' }).waitFor();
    expect(queue.asked.at(-1)).toEqual(['job.retry', { jobId: 5 }]);
    for (let i = 0; i < 6; i++) await press('ArrowDown');
    await press('Delete');
    await expect.poll(() => queue.asked.at(-1)).toEqual(['job.drop', { jobId: 6 }]);
    await page.close();
  });

  it('say in other views that one has ended, and lead to it', async () => {
    const page = await open('#/1/gallery');
    await page.getByRole('link', { name: /25 %, about 25 minutes left|%/ }).waitFor();
    queue.end(1, 'finished');
    const note = page.getByRole('status').filter({ hasText: 'audit 1 finished.' });
    await note.getByRole('link', { name: 'Show the jobs' }).click();
    await page.getByRole('article', { name: 'audit 1: finished' }).waitFor();
    expect(await note.count()).toBe(0);
    await page.close();
  });

  it('show similarity under way in photographs', async () => {
    const page = await open('#/1/jobs');
    const measured = { what: 'natural images', done: 70, total: 300 };
    queue.detail = { making: [] };
    await page.reload();
    await page.getByRole('article').first().waitFor();
    studio.push('job.progress', { ...progress, phase: 'similarity', measured, looks: [] });
    await page.getByRole('progressbar', { name: 'Measured' }).waitFor();
    const words = page.getByText('70 of 300 natural images measured');
    expect(await words.count()).toBe(2);
    await page.close();
  });

  it('show all of a batch, and the curves of the one that is chosen', async () => {
    const page = await open('#/1/jobs');
    queue.detail = { progress, making: [makingOf(1, 10), makingOf(2, 20), makingOf(4, 30)] };
    await page.reload();
    const pieces = page.getByRole('list', { name: 'Being made together' }).getByRole('button');
    await pieces.nth(2).waitFor();
    expect(await pieces.count()).toBe(3);
    await pieces.nth(2).click();
    await page.getByText('step 31 of 512, logit 3.00').waitFor();
    await page.close();
  });

  it('name nothing that is made while a review is blind, until it was read', async () => {
    const scope = { title: '', question: '', reviewer: '', blind: true };
    const page = await open('#/1/jobs', jobs(), { 'scope.get': () => scope });
    queue.detail = { progress, making: [makingOf(1, 10), makingOf(2, 20)] };
    await page.reload();
    const live = page.getByRole('region', { name: 'The job under way' });
    const pieces = live.getByRole('list', { name: 'Being made together' }).getByRole('button');
    await pieces.nth(1).waitFor();
    await pieces.nth(1).click();
    await live.getByText('step 21 of 512').waitFor();
    expect(await live.innerHTML()).not.toMatch(/class \d|fourier|paper|logit \d/);
    const mark = { state: 'cleared', severity: null, note: '' };
    const review = {
      sights: ['2'],
      mark,
      reading: 'blind',
      reviewedAt: '2026-01-01T00:00:00.000Z',
    };
    studio.push('review.changed', { auditId: 1, review });
    await live.getByRole('heading', { name: 'class 1', exact: true }).waitFor();
    await page.close();
  });

  it('have nothing to show at first, and say where to begin', async () => {
    const page = await open('#/1/jobs', []);
    await page.getByRole('button', { name: 'New audit' }).click();
    expect(await placeOf(page)).toBe('#/1/new');
    await page.close();
  });

  it('have no serious fault of access, in either theme', async () => {
    const page = await open('#/1/jobs', jobs());
    await page.getByText(/step \d+ of 512/).waitFor();
    const faults = await faultsInBothThemes(page);
    await page.getByRole('button', { name: 'Cancel …' }).first().click();
    expect([...faults, ...(await faultsInBothThemes(page))]).toEqual([]);
    await page.close();
  });
});
