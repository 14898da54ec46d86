import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventName } from '../api/contract.ts';
import { resourcePath } from '../resources.ts';
import { scratchFolder } from '../store/support/sample.ts';
import { openWorkspace, type Workspace } from '../store/workspace.ts';
import { registerAudit } from '../audit/audit.ts';
import { parseConfiguration } from '../audit/configuration.ts';
import { JobQueue } from './queue.ts';
import { engine } from './support/engine.ts';

describe('the queue of a studio', () => {
  let scratch: ReturnType<typeof scratchFolder>;
  let workspace: Workspace;
  let told: EventName[];
  let queue: JobQueue;
  beforeEach(() => {
    scratch = scratchFolder();
    workspace = openWorkspace(scratch.path);
    told = [];
    queue = new JobQueue(workspace, engine, (event) => told.push(event));
  });
  afterEach(async () => {
    await queue.stop();
    workspace.close();
    scratch.remove();
  });

  const register = (classes: string): Promise<number> => {
    const request = { models: [{ path: resourcePath('sample/balanced.onnx') }], classes };
    return registerAudit(parseConfiguration(request, 'The test'), { workspace });
  };
  const states = (): string[] => workspace.jobs.list().map(({ state }) => state);
  const settled = async (): Promise<void> => {
    while (states().some((state) => state === 'queued' || state === 'running')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

  it('gives a job up that ended the service three times before anything came of it', async () => {
    const id = workspace.jobs.queue(await register('0'));
    for (let i = 0; i < 3; i++) workspace.jobs.start(id);
    queue.wake();
    await settled();
    expect(workspace.jobs.get(id)).toMatchObject({
      state: 'failed',
      reason:
        'The studio’s service ended 3 times while it worked on this, before a prototype was made: free some memory, then retry.',
    });
  });

  it('goes on with the next job when one fails, and tells of it', async () => {
    queue.add(await register('0'));
    queue.add(await register('1'));
    await settled();
    expect(states()).toEqual(['failed', 'failed']);
    expect(workspace.jobs.list()[1].reason).toBe('This engine computes nothing.');
    expect(told.filter((event) => event === 'audit.changed')).toHaveLength(2);
    expect(queue.retry(1).state).toMatch(/queued|running/);
    await settled();
  });

  it('leaves what is paused or cancelled alone', async () => {
    const [one, two] = [await register('0'), await register('1')].map((auditId) =>
      workspace.jobs.queue(auditId),
    );
    await queue.pause(one);
    await queue.cancel(two);
    queue.wake();
    await settled();
    expect(states()).toEqual(['paused', 'cancelled']);
    expect(workspace.runs.progress(2)).toMatchObject({ queued: 0, cancelled: 1 });
    expect(workspace.audits.get(2)).toMatchObject({ state: 'cancelled', reason: 'Cancelled.' });
    expect(() => queue.resume(two)).toThrow('This job is cancelled, so it cannot be resumed.');
  });
});
