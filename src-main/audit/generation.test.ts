import { afterEach, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import { resolveConfiguration } from '../prototype/configuration.ts';
import { tinyClassifier } from '../prototype/fixture.ts';
import { scratchFolder } from '../store/support/sample.ts';
import { openWorkspace, type Workspace } from '../store/workspace.ts';
import { generate, type GenerationContext } from './generation.ts';
import type { Batch } from './plan.ts';

const one = await openOnnxRuntime({ threads: 1 });
const two = await openOnnxRuntime({ threads: 2 });
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** A workspace with an audit of one prototype of the tests' classifier. */
function prepared(): { workspace: Workspace; auditId: number; batch: Batch } {
  const folder = scratchFolder();
  const workspace = openWorkspace(folder.path);
  closing.push(() => workspace.close(), folder.remove);
  const classifier = tinyClassifier();
  const modelId = workspace.models.save(classifier, '/models/tiny.onnx');
  const configuration = resolveConfiguration('paper', { steps: 40, baseline: { enabled: false } });
  const plan = { modelId, classIndex: 2, label: 'cat', profile: 'paper', prototypeIndex: 0 };
  const runs = [{ ...plan, seed: 0, configuration }];
  const auditId = workspace.audits.create({ name: 'a', configuration, models: [{ modelId }] });
  workspace.runs.plan(auditId, runs);
  const model = { id: modelId, classifier, classes: [2], cost: 1 };
  return { workspace, auditId, batch: { model, profile: 'paper', configuration, runs } };
}

/** Goes on with an audit. @param until the step in which it is stopped @returns what a reviewer is told */
async function goOn(made: ReturnType<typeof prepared>, engine: Engine, until = Infinity) {
  const stop = new AbortController();
  const notes: string[] = [];
  const context: GenerationContext = {
    workspace: made.workspace,
    auditId: made.auditId,
    engine,
    signal: stop.signal,
    onShare: () => undefined,
    onNote: (note) => void notes.push(note),
    onRun: (event) => {
      if (event.type === 'step' && event.step >= until) stop.abort(new Error('stopped'));
    },
  };
  await generate(made.batch, context);
  return notes;
}

const rawOf = ({ workspace, auditId }: ReturnType<typeof prepared>) =>
  workspace.runs.list(auditId, {}).map(({ id, state }) => ({ state, raw: workspace.runs.raw(id) }));

it('ends in the same bytes when it was interrupted and the same engine goes on', async () => {
  const [whole, halved] = [prepared(), prepared()];
  await goOn(whole, one);
  await goOn(halved, one, 20);
  expect(rawOf(halved)).toEqual([{ state: 'queued', raw: undefined }]);
  expect(await goOn(halved, one)).toEqual([]);
  expect(rawOf(halved)).toEqual(rawOf(whole));
});

it('starts afresh, and says so, when another engine goes on', async () => {
  const [whole, halved] = [prepared(), prepared()];
  await goOn(whole, two);
  await goOn(halved, one, 20);
  expect(await goOn(halved, two)).toEqual([
    'cat: it was begun on another engine or with other threads, and starts afresh.',
  ]);
  expect(rawOf(halved)).toEqual(rawOf(whole));
});

it('tells and records when a part of the network runs elsewhere', async () => {
  const fallback = 'The CPU computes some operators of the graph.';
  const partly: Engine = {
    info: one.info,
    close: () => one.close(),
    compile: async (graph) => Object.assign(await one.compile(graph), { fallback }),
  };
  const made = prepared();
  expect(await goOn(made, partly)).toEqual([`tiny: ${fallback}`]);
  const [run] = made.workspace.runs.list(made.auditId, {});
  expect(run.engine?.fallback).toBe(fallback);
});

it('records how long the network idled while a run was made', async () => {
  const made = prepared();
  await goOn(made, one);
  const [run] = made.workspace.runs.list(made.auditId, {});
  const share = run.timings?.shareOutsideNetwork;
  expect(share).toBeGreaterThanOrEqual(0);
  expect(share).toBeLessThan(1);
});

it('records how many ran together, which on a processor is one', async () => {
  const made = prepared();
  await goOn(made, one);
  const [run] = made.workspace.runs.list(made.auditId, {});
  expect(run.batch).toEqual({
    ...{ images: 1, because: 'A processor is no faster with more.', trials: [], ranOut: [] },
  });
});
