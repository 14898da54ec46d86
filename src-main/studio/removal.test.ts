import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EventName, EventOf } from '../api/contract.ts';
import { registerAudit } from '../audit/audit.ts';
import { parseConfiguration } from '../audit/configuration.ts';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import { resourcePath } from '../resources.ts';
import { scratchFolder } from '../store/support/sample.ts';
import { openWorkspace, type Workspace } from '../store/workspace.ts';
import { JobQueue } from './queue.ts';

const engine = await openOnnxRuntime({ threads: 1 });
const request = {
  models: ['balanced', 'shortcut'].map((name) => ({ path: resourcePath(`sample/${name}.onnx`) })),
  ...{ classes: '0-1', images: resourcePath('sample/photographs'), profiles: ['paper'] },
  options: { steps: 4, baseline: { maxSteps: 2 } },
};

let scratch: ReturnType<typeof scratchFolder>;
let workspace: Workspace;
let queue: JobQueue;
let notes: EventOf<'note'>[];
let heard: (event: EventName, value: unknown) => void;

beforeEach(() => {
  scratch = scratchFolder();
  workspace = openWorkspace(scratch.path);
  notes = [];
  heard = () => undefined;
  queue = new JobQueue(workspace, engine, (event, value) => {
    if (event === 'note') notes.push(value as EventOf<'note'>);
    heard(event, value);
  });
});
afterEach(async () => {
  await queue.stop();
  workspace.close();
  scratch.remove();
});

/** Starts an audit. @returns its job, when it is in that phase */
async function begin(phase: string): Promise<{ auditId: number; jobId: number }> {
  const auditId = await registerAudit(parseConfiguration(request, 'The test'), { workspace });
  const reached = new Promise((resolve) => {
    heard = (event, value) =>
      event === 'job.progress' &&
      (value as EventOf<'job.progress'>).phase === phase &&
      resolve(undefined);
  });
  const { id: jobId } = queue.add(auditId);
  await reached;
  return { auditId, jobId };
}

it.each(['prototypes', 'similarity', 'relations'])(
  'ends a job in its %s before its audit is removed',
  async (phase) => {
    const { auditId } = await begin(phase);
    await queue.release(auditId);
    workspace.audits.remove(auditId);
    expect(workspace.jobs.list()).toEqual([]);
    expect(notes).toEqual([]);
  },
);

it.each(['pause', 'cancel'] as const)(
  'waits for a job that is told to %s but has not ended yet',
  async (act) => {
    const { auditId, jobId } = await begin('similarity');
    const told = queue[act](jobId);
    await queue.release(auditId);
    workspace.audits.remove(auditId);
    await told;
    expect(workspace.verify().brokenReferences).toEqual([]);
    expect(notes).toEqual([]);
  },
);
