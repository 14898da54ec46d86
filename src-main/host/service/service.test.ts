import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../../store/support/sample.ts';
import { openWorkspace } from '../../store/workspace.ts';
import { smallAudit as audit } from '../support/audit.ts';
import { TestPage } from '../support/page.ts';
import { serveWorkspace, type ServedStudio } from '../web/serve.ts';

describe('the service of a studio', () => {
  const scratch = scratchFolder();
  const page = join(scratch.path, 'page');
  let studio: ServedStudio;
  let client: TestPage;

  beforeAll(() => {
    fs.mkdirSync(page);
    fs.writeFileSync(join(page, 'index.html'), '');
  });
  afterEach(async () => {
    client.close();
    await studio.close();
  });
  afterAll(() => scratch.remove());

  async function open(name: string): Promise<string> {
    const workspace = join(scratch.path, name);
    studio = await serveWorkspace({ workspace, page, threads: 1 });
    client = new TestPage(studio.origin, studio.token);
    return workspace;
  }

  const ended = (): Promise<unknown> =>
    client.until('prototype.finished', ({ tile }) => tile.state !== 'running');

  async function finished(): Promise<void> {
    for (;;) {
      const { jobs } = await client.client.call('studio.get', {}).catch(() => ({ jobs: [] }));
      if (jobs.length > 0 && jobs.every(({ state }) => state === 'finished')) return;
      expect(jobs.filter(({ state }) => state === 'failed')).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Names of the results, which are digests of their content. */
  function results(workspace: string): { outcome: unknown; attempts: number } {
    const reader = openWorkspace(workspace, { readOnly: true });
    const runs = reader.runs.list(1).map(({ id, classIndex }) => {
      const { rawHash, logit } = reader.runs.prototype(id)!;
      const snapshots = reader.runs.snapshots(id).map(({ step, imageHash }) => [step, imageHash]);
      return { classIndex, rawHash, logit, snapshots };
    });
    const scores = reader.scores.summaries(1);
    const attempts = Math.max(...reader.runs.list(1).map((run) => run.attempts));
    const verdict = reader.verify();
    reader.close();
    return { outcome: { runs, scores, verdict }, attempts };
  }

  it('is started again after a kill −9, and its job ends as if nothing had happened', async () => {
    const calm = await open('calm');
    await client.client.call('audit.create', audit);
    await finished();
    client.close();
    await studio.close();

    const rough = await open('rough');
    await client.client.call('audit.create', audit);
    for (const kills of [1, 2]) {
      if (kills === 1)
        await client.until('step', ({ stage, step }) => stage === 'prototype' && step > 8);
      else await ended();
      const down = client.until('service', ({ state }) => state === 'down');
      process.kill(studio.supervisor.pid!, 'SIGKILL');
      expect((await down).message).toBe(
        'The studio’s service has ended unexpectedly; it is being started again.',
      );
      await expect(client.client.call('studio.get', {})).rejects.toMatchObject({
        code: 'service-down',
      });
      await client.until('service', ({ state }) => state === 'ready');
    }
    await finished();
    expect(results(rough).attempts).toBeGreaterThan(1);
    expect(results(calm).attempts).toBe(1);
    expect(results(rough).outcome).toEqual(results(calm).outcome);
  });

  it('pauses within a step, goes on, and keeps what a cancelled prototype had become', async () => {
    await open('paused');
    const { job, auditId } = await client.client.call('audit.create', audit);
    const jobId = job.id;
    await client.until('step', ({ stage }) => stage === 'prototype');
    expect(await client.client.call('job.pause', { jobId })).toMatchObject({ state: 'paused' });
    await expect(client.client.call('job.pause', { jobId })).rejects.toMatchObject({
      code: 'bad-state',
      message: 'This job is paused, so it cannot be paused.',
    });
    await client.client.call('job.resume', { jobId });
    await client.until('step', ({ stage, step }) => stage === 'prototype' && step > 4);
    expect(await client.client.call('job.cancel', { jobId })).toMatchObject({ state: 'cancelled' });
    const { tiles } = await client.client.call('audit.get', { auditId });
    const kept = tiles.filter(({ state, imageHash }) => state === 'cancelled' && imageHash);
    // What the network computed for, and what took its step meanwhile.
    const reasons = kept.map(({ reason }) => reason);
    expect(reasons[0]).toMatch(/^Cancelled after \d+ of 96 steps; the image is the last one\.$/);
    expect(reasons.length).toBeLessThanOrEqual(2);
    expect(await client.client.call('job.get', { jobId })).toMatchObject({ making: [] });
    await client.client.call('job.retry', { jobId });
    await finished();
    const after = await client.client.call('audit.get', { auditId });
    expect(after.summary.progress).toMatchObject({ finished: 3, cancelled: 0 });
  });

  it('goes on by itself with what an earlier studio left', async () => {
    const workspace = await open('left');
    await client.client.call('audit.create', audit);
    await client.until('step', ({ step }) => step > 4);
    client.close();
    await studio.close();
    await open('left');
    await finished();
    expect(workspace).toBe(join(scratch.path, 'left'));
  });

  it('is the only one of its workspace: a second studio is told who writes', async () => {
    const workspace = await open('shared');
    await expect(serveWorkspace({ workspace, page })).rejects.toThrow(
      /^Another process \(\d+\) is writing to the workspace .+: wait until it has ended, or choose another folder\.$/,
    );
  });
});
