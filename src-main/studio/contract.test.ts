import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { StudioClient } from '../api/client.ts';
import { calls, events, isCall, type Call } from '../api/contract.ts';
import { failureSchema, type Line } from '../api/wire.ts';
import { Stream } from '../random/philox.ts';
import { resourcePath } from '../resources.ts';
import { outcomeOf, planAudit, scratchFolder, similarityOf } from '../store/support/sample.ts';
import { openWorkspace, type Workspace } from '../store/workspace.ts';
import { push } from './door.ts';
import { StudioService } from './service.ts';
import { engine } from './support/engine.ts';

describe('the contract of the studio', () => {
  const scratch = scratchFolder();
  let workspace: Workspace;
  let service: StudioService;
  let client: StudioClient;
  let tell: (message: unknown) => void;
  let auditId: number;
  let modelId: number;
  let runIds: number[];

  beforeAll(() => {
    workspace = openWorkspace(join(scratch.path, 'workspace'));
    ({ auditId, modelId } = planAudit(workspace));
    const [one, two] = workspace.runs.claim(auditId, 2);
    workspace.runs.finish(one.id, outcomeOf(0));
    workspace.runs.finish(two.id, { ...outcomeOf(1), predicted: 2, logit: NaN });
    workspace.runs.addSnapshot(one.id, {
      ...{ stage: 2, step: 64, logit: 3, losses: { variance: 0.5, highFrequency: NaN } },
      image: Uint8Array.of(1, 2, 3),
    });
    workspace.scores.save(auditId, modelId, similarityOf(75));
    runIds = workspace.runs.list(auditId).map(({ id }) => id);
    const line: Line = {
      // What goes over a line is text, as over a socket.
      send: (message) =>
        void service
          .answer(JSON.parse(JSON.stringify(message)))
          .then((reply) => tell(JSON.parse(JSON.stringify(reply)))),
      listen(hear) {
        tell = hear;
        return () => undefined;
      },
    };
    client = new StudioClient(line);
    service = new StudioService(workspace, engine, (event, value) => tell(push(event, value)));
    tell(push('service', { state: 'ready' }));
  });
  afterAll(async () => {
    await service.stop();
    workspace.close();
    scratch.remove();
  });

  it('tells all of a workspace at once', async () => {
    const studio = await client.call('studio.get', {});
    expect(studio.workspace).toEqual({ name: 'workspace', path: workspace.path });
    expect(studio.audits).toMatchObject([{ name: 'first', progress: { finished: 2, queued: 1 } }]);
    expect(studio.models).toMatchObject([{ name: 'tiny', bytes: 30, sha256: 'a'.repeat(64) }]);
    expect(studio.imageSets).toMatchObject([{ images: 25, counts: { cat: 12, dog: 13 } }]);
    expect(studio.engine).toEqual(engine.info);
  });

  it('tells what the gallery shows', async () => {
    const audit = await client.call('audit.get', { auditId });
    expect(audit.models).toMatchObject([{ name: 'tiny', classes: 3 }]);
    expect(audit.tiles.map(({ label, seenAs }) => [label, seenAs])).toEqual([
      ['class 0', undefined],
      ['class 1', 'dog'],
      ['class 2', undefined],
    ]);
    expect(audit.scores.find(({ kind }) => kind === 'grey')?.l1Percent).toBe(66);
    expect(audit.totals.map(({ series, l1Percent }) => [series, l1Percent])).toEqual([
      ['paper', 75],
      ['plain', undefined],
    ]);
  });

  it('tells a prototype in full, undefined figures as null', async () => {
    const { result, snapshots, path, tile } = await client.call('prototype.get', {
      runId: runIds[0],
    });
    expect(tile).toMatchObject({ runId: runIds[0], state: 'finished' });
    expect(snapshots).toMatchObject([
      { stage: 'prototype', step: 64, logit: 3, losses: { variance: 0.5, highFrequency: null } },
    ]);
    // exp(0.5) / (exp(0) + exp(0.5) + exp(−1.25))
    expect(result?.topLogits[0]).toMatchObject({
      classIndex: 1,
      label: 'academic gown',
      logit: 0.5,
    });
    expect(result?.topLogits[0].probability).toBeCloseTo(0.5617, 3);
    expect(result?.topLogits.map(({ logit }) => logit)).toEqual([0.5, 0, -1.25]);
    expect(path).toMatchObject({ layers: ['conv1', 'fc'], given: 14, naturalImages: 12 });
    expect(path?.prototype?.layers.map(({ full }) => full.spearman)).toEqual([0.5, -0.5]);
    expect(path?.controls.map(({ kind }) => kind)).toEqual(['grey']);
    expect(path?.natural[1].full.different).toBeNull();
    const [, second] = runIds;
    expect((await client.call('prototype.get', { runId: second })).result?.logit).toBeNull();
  });

  it('averages the curves of a model over its classes', async () => {
    const { models } = await client.call('similarity.get', { auditId });
    const [{ curves, natural, totals }] = models;
    expect(natural.map(({ full }) => full.spearman)).toEqual([0.5, 0.5]);
    const own = curves.find(({ series }) => series === 'paper')!;
    expect(own.layers.map(({ full }) => [full.spearman, full.normalised])).toEqual([
      [0.5, null],
      [-0.5, 0.75],
    ]);
    expect(totals[0].scores?.full.spearman).toEqual({ percent: 25, interval: [20, 30] });
  });

  it('explains every option of the method', async () => {
    const { options, profiles } = await client.call('method.get', {});
    const rotation = options.find(({ name }) => name === 'affine.rotation');
    expect(rotation).toEqual({
      ...{ name: 'affine.rotation', unit: 'degrees', source: 'fixed', kind: 'number' },
      ...{ description: 'Largest rotation either way.', least: 0, most: 180 },
    });
    const paper = profiles.find(({ name }) => name === 'paper')!;
    expect(paper.values).toMatchObject({ steps: 512, 'affine.scale': [0.7, 1.3] });
    expect(Object.keys(paper.values)).toEqual(options.map(({ name }) => name));
    expect(options.filter(({ description }) => description === '')).toEqual([]);
  });

  it('says what a model file holds, and what is wrong with one', async () => {
    const path = resourcePath('sample/shortcut.onnx');
    const { found, problem } = await client.call('model.inspect', { path });
    expect(problem).toBeUndefined();
    expect(found?.classifier).toMatchObject({ channels: 3, height: 28, width: 28 });
    expect(found?.classifier?.labels).toHaveLength(10);
    const wrong = await client.call('model.inspect', { path: resourcePath('sample/digits.txt') });
    expect(wrong.found).toBeUndefined();
    expect(wrong.problem).toBe(
      'digits.txt is a text file that starts with “zero”, not a model; give the model itself.',
    );
    const images = { path: resourcePath('sample/photographs'), model: { path } };
    const set = await client.call('imageSet.inspect', images);
    expect(set.classes).toHaveLength(10);
    expect(set.images).toBe(set.classes.reduce((sum, { images: n }) => sum + n, 0));
  });

  it('registers an audit, whose job fails in one sentence where the engine does', async () => {
    const failed = new Promise((resolve) => {
      client.on('studio.changed', () => {
        void client.call('studio.get', {}).then(({ jobs }) => {
          if (jobs[0]?.state === 'failed') resolve(jobs[0].reason);
        });
      });
    });
    const { job } = await client.call('audit.create', {
      models: [{ path: resourcePath('sample/balanced.onnx') }],
      classes: 'three',
      options: { steps: 2 },
    });
    expect(job).toMatchObject({ name: 'balanced' });
    expect(await failed).toBe('This engine computes nothing.');
  });

  it('refuses an audit that cannot be run, and says why', async () => {
    const path = resourcePath('sample/balanced.onnx');
    const cases = [
      [{ models: [{ path: 'balanced.onnx' }] }, /balanced\.onnx is not whole/],
      [{ models: [{ path }], classes: 'horse' }, /horse/],
      [{ models: [{ path }], options: { step: 3 } }, /step/],
      [{ models: [{ path }, { path }] }, /named twice/],
    ] as const;
    for (const [request, words] of cases) {
      await expect(client.call('audit.create', request as never)).rejects.toMatchObject({
        code: 'bad-input',
        message: expect.stringMatching(words),
      });
    }
  });

  it('gives back the mark before, so that undo sets it again', async () => {
    const sights = [`${runIds[0]}`];
    const mark = { state: 'concern', severity: 4, note: 'Snow instead of a wolf.' } as const;
    const { previous } = await client.call('review.set', { auditId, sights, mark });
    expect(previous).toEqual({ state: 'unreviewed', severity: null, note: '' });
    const undone = await client.call('review.set', { auditId, sights, mark: previous });
    expect(undone.previous).toEqual(mark);
    expect(await client.call('review.list', { auditId })).toMatchObject([
      { sights, mark: previous },
    ]);
  });

  it('finds nothing where there is nothing', async () => {
    const nowhere = { code: 'not-found' };
    await expect(client.call('audit.get', { auditId: 99 })).rejects.toMatchObject({
      ...nowhere,
      message: 'There is no such audit in the workspace.',
    });
    await expect(client.call('prototype.get', { runId: 99 })).rejects.toMatchObject(nowhere);
    await expect(client.call('similarity.get', { auditId: 99 })).rejects.toMatchObject(nowhere);
    await expect(client.call('audit.resume', { auditId: 99 })).rejects.toMatchObject(nowhere);
    await expect(client.call('job.retry', { jobId: 99 })).rejects.toMatchObject(nowhere);
    const mark = { state: 'cleared', severity: null, note: '' } as const;
    const stranger = client.call('review.set', { auditId, sights: ['99'], mark });
    await expect(stranger).rejects.toMatchObject(nowhere);
  });

  describe('when anything is thrown at it', () => {
    const stream = new Stream(7, 0, 0, 'noise');
    const draw = (count: number): number => Math.floor(stream.uniform() * count);
    const words = ['', 'path', 'id', 'auditId', '__proto__', 'constructor', 'toString', '\0', '🐙'];
    const scalars = [null, true, -1, 0, 1, 1.5, 1e308, 2 ** 53, '', '../..', 'all', ...words];

    /** Random JSON, three levels deep at most. */
    function anything(depth = 3): unknown {
      const kind = depth === 0 ? 0 : draw(4);
      if (kind < 2) return scalars[draw(scalars.length)];
      const parts = Array.from({ length: draw(4) }, () => anything(depth - 1));
      if (kind === 2) return parts;
      return Object.fromEntries(parts.map((part) => [words[draw(words.length)], part]));
    }

    /** An object with the call's own keys, and random values. */
    function nearly(call: Call): unknown {
      const { properties = {} } = z.toJSONSchema(calls[call].input, { io: 'input' });
      return Object.fromEntries(Object.keys(properties).map((key) => [key, anything(2)]));
    }

    const isTyped = (reply: unknown): boolean =>
      z.strictObject({ id: z.int(), failure: failureSchema }).safeParse(reply).success;
    const isRight = (call: Call, reply: unknown): boolean =>
      calls[call].output.safeParse((reply as { output?: unknown }).output).success;

    it.each(Object.keys(calls) as Call[])('%s answers, or says what is wrong', async (call) => {
      for (let round = 0; round < 200; round++) {
        const input = round % 2 === 0 ? anything() : nearly(call);
        const reply = await service.answer({ id: round, call, input });
        const fits = calls[call].input.safeParse(input).success;
        const answered = isTyped(reply) || (fits && isRight(call, reply));
        expect([input, answered]).toEqual([input, true]);
        if (!fits) expect(reply).toMatchObject({ failure: { code: 'bad-request' } });
        expect([input, JSON.stringify(reply)]).not.toEqual([
          input,
          expect.stringContaining('"internal"'),
        ]);
      }
    });

    it('no message at all makes it fail', async () => {
      for (let round = 0; round < 500; round++) {
        const message = anything();
        const reply = await service.answer(message);
        expect([message, reply === undefined || isTyped(reply)]).toEqual([message, true]);
      }
    });

    it.each(['nothing.get', 'toString', '__proto__', 'constructor', ''])(
      'the call “%s” does not exist',
      async (call) => {
        expect(isCall(call)).toBe(false);
        const reply = await service.answer({ id: 3, call, input: {} });
        expect(reply).toMatchObject({ id: 3, failure: { code: 'bad-request' } });
      },
    );

    it('the page hears nonsense without a word', () => {
      for (let round = 0; round < 500; round++) tell(anything());
      for (const event of Object.keys(events)) tell({ event, value: anything() });
      expect(client.service).toEqual({ state: 'ready' });
    });
  });

  it('fails at the page where an answer is of another version', async () => {
    let hear: (message: unknown) => void = () => undefined;
    const stranger = new StudioClient({
      send: (message) => hear({ id: (message as { id: number }).id, output: { audits: 'none' } }),
      listen(listener) {
        hear = listener;
        return () => undefined;
      },
    });
    hear(push('service', { state: 'ready' }));
    await expect(stranger.call('studio.get', {})).rejects.toMatchObject({ code: 'version' });
  });

  it('waits for a service that starts, and does not wait for one that is down', async () => {
    const sent: unknown[] = [];
    let hear: (message: unknown) => void = () => undefined;
    const early = new StudioClient({
      send: (message) => sent.push(message),
      listen(listener) {
        hear = listener;
        return () => undefined;
      },
    });
    const asked = early.call('studio.get', {});
    expect(sent).toEqual([]);
    hear(push('service', { state: 'ready' }));
    expect(sent).toEqual([{ id: 0, call: 'studio.get', input: {} }]);
    hear(push('service', { state: 'down', message: 'It is away.' }));
    const down = { code: 'service-down', message: 'It is away.' };
    await expect(asked).rejects.toMatchObject(down);
    await expect(early.call('studio.get', {})).rejects.toMatchObject(down);
  });
});
