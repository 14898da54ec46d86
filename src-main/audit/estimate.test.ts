import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Clock, timed } from '../../test/support/clock.ts';
import type { Estimate } from '../api/estimate.ts';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import type { Engine } from '../engine/engine.ts';
import { loadClassifier } from '../classifier/load.ts';
import { chooseBatch } from '../prototype/batch-size.ts';
import { resourcePath } from '../resources.ts';
import { scratchFolder } from '../store/support/sample.ts';
import { openWorkspace, type Workspace } from '../store/workspace.ts';
import { runAudit } from './audit.ts';
import { parseConfiguration } from './configuration.ts';
import { Estimator } from './estimate.ts';

const model = (name: string) => ({ path: resourcePath(`sample/${name}.onnx`) });
const audit = parseConfiguration(
  {
    models: [model('shortcut'), model('balanced')],
    images: resourcePath('sample/photographs'),
    ...{ classes: '0-2,nine', prototypes: 2 },
    profiles: [{ profile: 'paper', options: { snapshotEvery: 8 } }, 'fourier'],
    options: { steps: 20, snapshotEvery: 7, baseline: { maxSteps: 30 } },
  },
  'This audit',
);

describe('what an audit costs is said before it is begun', () => {
  const scratch = scratchFolder();
  let workspace: Workspace;
  let clock: Clock;
  let engine: Engine;
  let estimator: Estimator;
  let before: Estimate;
  let seconds: number;
  let empty: number;

  beforeAll(async () => {
    const path = join(scratch.path, 'workspace');
    openWorkspace(path).close();
    empty = statSync(join(path, 'eidoscope.db')).size;
    workspace = openWorkspace(path);
    clock = new Clock();
    const cpu = await openOnnxRuntime({ provider: 'cpu', threads: 1 });
    engine = timed(cpu, clock, { of: () => 20 });
    estimator = new Estimator(workspace, engine);
    before = await estimator.estimate(audit, false);
    const start = performance.now();
    expect(workspace.models.list()).toEqual([]);
    await runAudit(audit, { workspace, engine });
    seconds = (performance.now() - start) / 1000;
  });
  afterAll(() => {
    clock.restore();
    workspace.close();
    scratch.remove();
  });

  it('in work that the run then does exactly', () => {
    const made = workspace.runs.list(1).map(({ id, profile }) => {
      const { steps, baselineSteps } = workspace.runs.prototype(id)!;
      const snapshots = workspace.runs.snapshots(id).length;
      return { profile, steps, baselineSteps, snapshots };
    });
    const total = (of: (run: (typeof made)[number]) => number): number =>
      made.reduce((sum, run) => sum + of(run), 0);
    const classes = [1, 2].flatMap((modelId) =>
      [0, 1, 2, 9].map((classIndex) => workspace.scores.ofClass(1, modelId, classIndex)!.found),
    );
    expect(before.work).toMatchObject({
      prototypes: made.filter(({ profile }) => profile !== 'plain').length,
      controls: made.filter(({ profile }) => profile === 'plain').length,
      snapshots: total(({ snapshots }) => snapshots),
      steps: total(({ steps }) => steps),
      naturalImages: classes.reduce((sum, { given }) => sum + given, 0),
      comparisons: workspace.scores.summaries(1).length,
    });
    expect(made).toHaveLength(40);
    const baseline = total(({ baselineSteps }) => baselineSteps);
    expect(before.work!.baselineSteps.least).toBeLessThanOrEqual(baseline);
    expect(before.work!.baselineSteps.most).toBeGreaterThanOrEqual(baseline);
  });

  it('in time, between the least and the most that is said, by a clock that runs alone move', () => {
    expect(before.seconds!.most).toBeGreaterThan(seconds);
    expect(before.seconds!.least).toBeLessThan(seconds);
    expect(before.seconds!.most / before.seconds!.least).toBeLessThan(4);
    expect(before.speeds.map(({ from }) => from)).toContain('trial');
  });

  it('and it is known again, however it is asked for, with nothing left to do', async () => {
    const same = parseConfiguration(
      {
        ...audit,
        classes: 'nine\n2,1,0',
        profiles: [
          { profile: 'paper', options: { steps: 20, snapshotEvery: 8 } },
          { profile: 'fourier', options: { steps: 20, snapshotEvery: 7 } },
        ],
        options: { baseline: { maxSteps: 30 } },
      },
      'This audit',
    );
    const again = await estimator.estimate(same, false);
    expect(again.known).toEqual({ auditId: 1, state: 'finished', finished: 40, total: 40 });
    expect(again.seconds).toEqual({ least: 0, most: 0 });
    expect(again.speeds.map(({ from }) => from)).toContain('runs');
    const other = await estimator.estimate({ ...same, seed: 1 }, false);
    expect(other.known).toBeUndefined();
  });

  it('and what does not fit is said of the key that it is about', async () => {
    const cases = [
      [{ classes: 'horse' }, 'classes', /horse/],
      [{ images: '/no/where' }, 'images', /no folder/],
      [{ models: [{ path: resourcePath('sample/digits.txt') }] }, 'models.0', /text file/],
      [{ models: [model('balanced'), model('balanced')] }, 'models', /named twice/],
    ] as const;
    for (const [change, field, words] of cases) {
      const { problems, work } = await estimator.estimate({ ...audit, ...change } as never, false);
      expect(work).toBeUndefined();
      expect(problems[0]).toEqual({ field, message: expect.stringMatching(words) });
    }
  });

  it('and how many images a graphics card takes at a time is said to be a guess until it is measured', async () => {
    const info = { ...engine.info, provider: 'fake', threads: 0 };
    const card: Engine = {
      info,
      compile: (graph) => engine.compile(graph),
      close: () => Promise.resolve(),
    };
    const estimates = new Estimator(workspace, card);
    const one = { ...audit, models: audit.models.slice(0, 1), seed: 3, images: undefined };
    const guess = await estimates.estimate(one, true);
    expect(guess.speeds.map(({ batch }) => batch)).toContainEqual({ images: 4, guessed: true });
    expect(guess.notes).toContain(
      'shortcut: how many images this engine computes at a time is measured when the audit begins; the time assumes 4, which is a guess.',
    );
    const classifier = await loadClassifier(audit.models[0].path);
    const times: Record<number, number> = { 1: 10, 2: 5, 4: 5 };
    await chooseBatch(classifier, card, 8, (batch) => Promise.resolve(times[batch]));
    const measured = await estimates.estimate(one, true);
    expect(measured.speeds.map(({ batch }) => batch)).toContainEqual({
      ...{ images: 2, guessed: false },
    });
    expect(measured.notes.join()).not.toContain('guess');
  });

  it('and it stops when it is told to', async () => {
    const controller = new AbortController();
    const waiting = estimator.estimate({ ...audit, seed: 2 }, false, controller.signal);
    controller.abort(new Error('Enough.'));
    await expect(waiting).rejects.toThrow('Enough.');
  });

  it('in bytes, between the least and the most that is said, which are a factor of 2.5 apart', () => {
    const { least, most } = before.work!.total;
    const { files } = workspace.size();
    // What SQLite has not yet moved from its log into the database counts twice before.
    workspace.close();
    const database = statSync(join(workspace.path, 'eidoscope.db')).size;
    expect(files + database - empty).toBeGreaterThan(least);
    expect(files + database - empty).toBeLessThan(most);
    expect(most / least).toBeLessThan(2.5);
  });
});
