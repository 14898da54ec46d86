import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planAudit, scratchFolder } from './support/sample.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

describe('the queue and the marks of a workspace', () => {
  let scratch: ReturnType<typeof scratchFolder>;
  let workspace: Workspace;
  beforeEach(() => {
    scratch = scratchFolder();
    workspace = openWorkspace(scratch.path);
  });
  afterEach(() => {
    workspace.close();
    scratch.remove();
  });

  const second = (): number =>
    workspace.audits.create({ name: 'second', configuration: { seed: 2 }, models: [] });

  it('gives jobs in the order of their queueing, an interrupted one first', () => {
    const one = workspace.jobs.queue(planAudit(workspace).auditId);
    const two = workspace.jobs.queue(second());
    expect(workspace.jobs.next()?.id).toBe(one);
    workspace.jobs.start(two);
    expect(workspace.jobs.next()).toMatchObject({ id: two, name: 'second', attempts: 1 });
    workspace.jobs.setState(two, 'paused');
    expect(workspace.jobs.next()?.id).toBe(one);
    workspace.jobs.setState(one, 'failed', 'Because.');
    expect(workspace.jobs.next()).toBeUndefined();
    expect(workspace.jobs.list().map(({ reason }) => reason)).toEqual(['Because.', undefined]);
  });

  it('has one job an audit, which goes to the end of the queue when it is queued again', () => {
    const { auditId } = planAudit(workspace);
    const one = workspace.jobs.queue(auditId);
    const two = workspace.jobs.queue(second());
    workspace.jobs.start(one);
    expect(workspace.jobs.queue(auditId)).toBe(one);
    expect(workspace.jobs.list().map(({ id, state, attempts }) => [id, state, attempts])).toEqual([
      [two, 'queued', 0],
      [one, 'queued', 0],
    ]);
  });

  it('knows nothing of a job that is not there', () => {
    expect(workspace.jobs.get(7)).toBeUndefined();
    expect(() => workspace.jobs.start(7)).toThrow('There is no job 7 in the workspace.');
  });

  it('cancels what waits, and queues it again', () => {
    const { auditId } = planAudit(workspace);
    const [run] = workspace.runs.claim(auditId, 1);
    workspace.runs.cancelQueued(auditId, 'Cancelled.');
    expect(workspace.runs.progress(auditId)).toMatchObject({ running: 1, cancelled: 2 });
    workspace.runs.fail(run.id, 'It failed.');
    workspace.runs.requeueGivenUp(auditId);
    expect(workspace.runs.progress(auditId)).toMatchObject({ queued: 3 });
  });
});
