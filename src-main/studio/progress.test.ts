import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EventName, EventOf } from '../api/contract.ts';
import type { JobDetail } from '../api/job.ts';
import { registerAudit } from '../audit/audit.ts';
import { parseConfiguration } from '../audit/configuration.ts';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import { resourcePath } from '../resources.ts';
import { scratchFolder } from '../store/support/sample.ts';
import { openWorkspace, type Workspace } from '../store/workspace.ts';
import type { Announce } from './announce.ts';
import { JobQueue } from './queue.ts';

const engine = await openOnnxRuntime({ threads: 1 });

let scratch: ReturnType<typeof scratchFolder>;
let workspace: Workspace;
let queue: JobQueue;
/** Looks at everything that is told, as it is told. */
let hear: (event: EventName, value: unknown) => void;
const announce: Announce = (event, value) => hear(event, value);

beforeEach(() => {
  scratch = scratchFolder();
  workspace = openWorkspace(scratch.path);
  hear = () => undefined;
  queue = new JobQueue(workspace, engine, announce);
});
afterEach(async () => {
  await queue.stop();
  workspace.close();
  scratch.remove();
});

const register = (more: object): Promise<number> => {
  const models = [{ path: resourcePath('sample/balanced.onnx') }];
  const request = { models, classes: '0-2', profiles: ['paper'], ...more };
  return registerAudit(parseConfiguration(request, 'The test'), { workspace });
};

/** Waits for an event. */
const until = <E extends EventName>(name: E, wanted: (value: EventOf<E>) => boolean) =>
  new Promise<EventOf<E>>((resolve) => {
    const before = hear;
    hear = (event, value) => {
      before(event, value);
      if (event === name && wanted(value as EventOf<E>)) resolve(value as EventOf<E>);
    };
  });
const ended = (): Promise<unknown> =>
  until('studio.changed', () => workspace.jobs.list().every(({ endedAt }) => endedAt));
const steps = ({ making: [{ points }] }: JobDetail): number[] => points.map(({ step }) => step);

it('calls running what is being made, and not what waits for its turn', async () => {
  const running: number[] = [];
  const told: string[] = [];
  hear = (event, value) => {
    running.push(workspace.runs.progress(1).running);
    if (event.startsWith('prototype.')) told.push(`${event} ${tileOf(value).runId}`);
  };
  const auditId = await register({ classes: '0-7', options: { steps: 24 } });
  queue.add(auditId);
  await ended();
  // The network computes for one prototype while another takes its step.
  expect(Math.max(...running)).toBeLessThanOrEqual(2);
  const ids = workspace.runs.list(auditId).map(({ id }) => id);
  const begun = told.filter((words) => words.startsWith('prototype.begun'));
  expect(begun).toEqual(ids.map((id) => `prototype.begun ${id}`));
  const finished = ids.map((id) => told.indexOf(`prototype.finished ${id}`));
  finished.forEach((place, i) => expect(place).toBeGreaterThan(told.indexOf(begun[i])));
});

const tileOf = (value: unknown) => (value as EventOf<'prototype.begun'>).tile;

it('tells a page that comes in the middle all of the job under way', async () => {
  const options = { steps: 4000, snapshotEvery: 16, baseline: { maxSteps: 20 } };
  const { id } = queue.add(await register({ options }));
  await until('step', (at) => at.runId === 1 && at.stage === 'prototype' && at.step > 40);
  const detail = queue.detail(id);
  const [{ tile, modelName, imageHash, points, steps: most }] = detail.making;
  expect(detail.making).toHaveLength(workspace.runs.progress(1).running);
  expect(tile).toMatchObject({ state: 'running', runId: workspace.runs.list(1)[0].id });
  expect([modelName, most]).toEqual(['balanced', { baseline: 20, prototype: 4000 }]);
  expect(points[0]).toMatchObject({ stage: 'baseline', step: 0 });
  const snapshot = workspace.runs.snapshots(tile.runId).at(-1);
  expect(imageHash).toBe(snapshot.imageHash);
  expect(points.find(({ stage, step }) => stage === 'prototype' && step === 16)?.logit).toBe(
    workspace.runs.snapshots(tile.runId).find(({ step }) => step === 16)?.logit,
  );
  expect(detail.progress).toMatchObject({
    ...{ phase: 'prototypes', prototypes: { done: 0, total: 3 } },
    looks: expect.arrayContaining([{ runId: tile.runId, imageHash }]) as unknown,
  });
  await queue.pause(id);
  expect(queue.detail(id)).toMatchObject({ making: [], progress: undefined });
});

it('joins the curves where an interrupted job goes on', async () => {
  const options = { steps: 4000, snapshotEvery: 16, baseline: { enabled: false } };
  const { id } = queue.add(await register({ options }));
  await until('step', ({ runId, step }) => runId === 1 && step > 100);
  await queue.stop();
  queue = new JobQueue(workspace, engine, announce);
  queue.wake();
  await until('step', ({ runId, step }) => runId === 1 && step > 110);
  const taken = steps(queue.detail(id));
  expect(taken.slice(0, 4)).toEqual([0, 16, 32, 48]);
  expect(taken).toEqual([...new Set(taken)].sort((a, b) => a - b));
});

it('tells of a model’s scores as soon as they are there, and of the photographs meanwhile', async () => {
  const models = ['balanced', 'shortcut'].map((name) => ({
    path: resourcePath(`sample/${name}.onnx`),
  }));
  const images = resourcePath('sample/photographs');
  const auditId = await register({
    models,
    images,
    classes: '0',
    controls: false,
    options: { steps: 8 },
  });
  const scored: number[] = [];
  const measured: EventOf<'job.progress'>[] = [];
  hear = (event, value) => {
    if (event === 'audit.changed')
      scored.push(new Set(workspace.scores.summaries(auditId).map(({ modelId }) => modelId)).size);
    if (event === 'job.progress') measured.push(value as EventOf<'job.progress'>);
  };
  queue.add(auditId);
  await ended();
  expect(scored.slice(0, 2)).toEqual([1, 2]);
  const last = measured.at(-1);
  expect(last).toMatchObject({ phase: 'relations', prototypes: { done: 2, total: 2 } });
  expect(last.done).toBe(last.total);
  const done = measured.map((progress) => progress.done);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
});

it('changes places of waiting jobs, and takes ended ones off the list', async () => {
  const [one, two, three] = await Promise.all(
    ['0', '1', '2'].map(async (classes) => workspace.jobs.queue(await register({ classes }))),
  );
  const order = (): number[] => workspace.jobs.list().map(({ id }) => id);
  queue.move(three, -1);
  expect(order()).toEqual([one, three, two]);
  queue.move(one, -1);
  queue.move(one, 1);
  expect(order()).toEqual([three, one, two]);
  expect(() => queue.drop(two)).toThrow('This job is queued, so it cannot be taken off the list.');
  await queue.cancel(one);
  expect(() => queue.move(one, 1)).toThrow('This job is cancelled, so it cannot be moved.');
  queue.move(three, 1);
  expect(order()).toEqual([two, one, three]);
  queue.drop(one);
  expect(order()).toEqual([two, three]);
  expect(workspace.audits.list()).toHaveLength(3);
});

it('keeps the notes of a job, each once', async () => {
  const id = workspace.jobs.queue(await register({}));
  for (const text of ['One.', 'Two.', 'One.']) workspace.jobs.addNote(id, text);
  expect(queue.detail(id).job.notes).toEqual(['One.', 'Two.']);
});
