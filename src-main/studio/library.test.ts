import fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StudioClient } from '../api/client.ts';
import { addTask, countTask } from '../api/library.ts';
import { registerAudit } from '../audit/audit.ts';
import { parseConfiguration } from '../audit/configuration.ts';
import { layersOf } from '../classifier/layers.ts';
import { loadClassifier, specialiseClassifier } from '../classifier/load.ts';
import type { Engine } from '../engine/engine.ts';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import { imageSet } from '../photograph/image-set.ts';
import { resourcePath } from '../resources.ts';
import { naturalClasses } from '../similarity/folder.ts';
import { pathSimilarity } from '../similarity/path-similarity.ts';
import { scratchFolder } from '../store/support/sample.ts';
import { uploadsFolder } from '../store/uploads.ts';
import { openWorkspace, type Workspace } from '../store/workspace.ts';
import { doubtsOf } from './answers/library-look.ts';
import type { StudioService } from './service.ts';
import { connected } from './support/connected.ts';

const shortcut = resourcePath('sample/shortcut.onnx');
const photographs = resourcePath('sample/photographs');
const digits = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

describe('the library', () => {
  let engine: Engine;
  let scratch: ReturnType<typeof scratchFolder>;
  let workspace: Workspace;
  let service: StudioService;
  let client: StudioClient;

  beforeAll(async () => {
    engine = await openOnnxRuntime({ provider: 'cpu', threads: 1 });
  });
  beforeEach(() => {
    scratch = scratchFolder();
    workspace = openWorkspace(join(scratch.path, 'workspace'));
    ({ service, client } = connected(workspace, engine));
  });
  afterEach(async () => {
    await service.stop();
    workspace.close();
    scratch.remove();
  });

  /** A folder of what a page sent, as the web host keeps it. */
  function send(batch: string, files: Readonly<Record<string, string>>): string {
    const folder = join(uploadsFolder(workspace.path), batch);
    fs.mkdirSync(folder, { recursive: true });
    for (const [name, from] of Object.entries(files)) fs.copyFileSync(from, join(folder, name));
    return folder;
  }

  describe('models', () => {
    it('keeps a model with its answers before any audit uses it, and an audit of them is of that model', async () => {
      const labels = join(scratch.path, 'digits.txt');
      fs.writeFileSync(labels, digits.map((digit) => `the ${digit}`).join('\n'));
      const asked = { path: shortcut, preprocessing: 'unit', labels };
      const { modelId, isNew } = await client.call('model.add', asked);
      expect(isNew).toBe(true);
      const { models } = await client.call('studio.get', {});
      expect(models).toMatchObject([{ id: modelId, request: asked }]);
      expect(models[0].labels[3]).toBe('the three');
      const request = { models: [models[0].request], classes: '0' };
      const auditId = await registerAudit(parseConfiguration(request, 'The test'), { workspace });
      expect(workspace.audits.get(auditId)?.models).toMatchObject([{ modelId }]);
      expect(workspace.models.list()).toHaveLength(1);
    });

    it('says exactly what is wrong with a file, and keeps nothing of it', async () => {
      const path = resourcePath('sample/digits.txt');
      await expect(client.call('model.add', { path })).rejects.toMatchObject({
        code: 'bad-input',
        message:
          'digits.txt is a text file that starts with “zero”, not a model; give the model itself.',
      });
      await expect(client.call('model.add', { path: 'model.onnx' })).rejects.toMatchObject({
        message: 'The path model.onnx is not whole: give it from the root on.',
      });
      const labelsText = 'one\ntwo';
      await expect(client.call('model.add', { path: shortcut, labelsText })).rejects.toMatchObject({
        message: expect.stringMatching(/has 2 labels, but the model has 10 classes\.$/),
      });
      const { problem } = await client.call('model.inspect', { path: shortcut, labelsText });
      expect(problem).toBe('labels.txt has 2 labels, but the model has 10 classes.');
      expect((await client.call('studio.get', {})).models).toEqual([]);
    });

    it('takes pasted names, which stay with the model when the upload folder is emptied', async () => {
      const labelsText = digits.join('\n');
      const { modelId } = await client.call('model.add', { path: shortcut, labelsText });
      fs.rmSync(uploadsFolder(workspace.path), { recursive: true, force: true });
      const kept = workspace.models.get(modelId)!;
      expect(kept.facts.labels).toEqual(digits);
      expect(fs.readFileSync(kept.answers.labels!, 'utf8')).toBe(`${labelsText}\n`);
      expect((await loadClassifier(kept.path, kept.answers)).labels).toEqual(digits);
    });

    it('keeps an uploaded model once, however often it is sent, and removes its file with it', async () => {
      const files = {
        'shortcut.onnx': shortcut,
        'shortcut.json': resourcePath('sample/shortcut.json'),
        'digits.txt': resourcePath('sample/digits.txt'),
      };
      const sent = [send('a', files), send('b', files)];
      const one = await client.call('model.add', { path: join(sent[0], 'shortcut.onnx') });
      const two = await client.call('model.add', { path: join(sent[1], 'shortcut.onnx') });
      expect(two).toEqual({ modelId: one.modelId, isNew: false });
      expect(fs.readdirSync(uploadsFolder(workspace.path))).toEqual([]);
      const { path } = workspace.models.get(one.modelId)!;
      expect(path).toMatch(/models[/\\][0-9a-f]{64}[/\\]shortcut\.onnx$/);
      expect(fs.readFileSync(path)).toEqual(fs.readFileSync(shortcut));
      await client.call('model.remove', { modelId: one.modelId });
      expect(fs.readdirSync(join(workspace.path, 'models'))).toEqual([]);
      expect(fs.existsSync(shortcut)).toBe(true);
    });

    it('changes answers and names, but for a model that an audit uses only its name', async () => {
      const { modelId } = await client.call('model.add', { path: shortcut });
      const answers = { preprocessing: 'tf' };
      await client.call('model.update', { modelId, name: 'Shortcut, −1 to 1', answers });
      expect((await client.call('studio.get', {})).models).toMatchObject([
        { id: modelId, name: 'Shortcut, −1 to 1', preprocessingFrom: 'tf', request: answers },
      ]);
      const request = { models: [{ path: shortcut, ...answers }], classes: '0' };
      await registerAudit(parseConfiguration(request, 'The test'), { workspace });
      const refused = { code: 'bad-state', message: expect.stringContaining('uses the model') };
      const back = { modelId, answers: { preprocessing: 'unit' } };
      await expect(client.call('model.update', back)).rejects.toMatchObject(refused);
      await expect(client.call('model.remove', { modelId })).rejects.toMatchObject(refused);
      await client.call('model.update', { modelId, name: 'shortcut' });
      expect(workspace.models.get(modelId)).toMatchObject({ name: 'shortcut' });
    });

    it('shows a photograph as the model sees it, and what the model says of it', async () => {
      const [name] = fs.readdirSync(join(photographs, 'seven'));
      const photograph = join(photographs, 'seven', name);
      const model = { path: resourcePath('sample/balanced.onnx') };
      const look = await client.call('model.try', { model, photograph });
      expect(look.top[0].label).toBe('seven');
      expect(look.top).toHaveLength(5);
      const sum = look.top.reduce((total, { probability }) => total + probability!, 0);
      expect(sum).toBeGreaterThan(0.5);
      expect(sum).toBeLessThanOrEqual(1 + 1e-9);
      expect(Array.from(workspace.readFile(look.imageHash).subarray(1, 4))).toEqual(
        Array.from(Buffer.from('PNG')),
      );
      const wrong = { model: { path: shortcut }, photograph: shortcut };
      await expect(client.call('model.try', wrong)).rejects.toMatchObject({
        code: 'bad-input',
        message: expect.stringMatching(/^shortcut\.onnx cannot be read as a photograph: /),
      });
    });

    it('is tested, on a photograph of one of its classes', async () => {
      const [name] = fs.readdirSync(join(photographs, 'seven'));
      const found = await client.call('model.selfTest', {
        model: { path: resourcePath('sample/balanced.onnx') },
        photograph: join(photographs, 'seven', name),
      });
      expect(found.checks.map(({ state }) => state)).toEqual(Array(4).fill('passed'));
      expect(found.checks[3].text).toBe(
        'seven is number 1 of what the model sees in the photograph.',
      );
    });

    it('doubts what looks like another preprocessing or another output', () => {
      expect(doubtsOf(Float32Array.of(9, 0, -3, 1))).toEqual([]);
      expect(doubtsOf(Float32Array.of(0.01, 0, 0.02, 0))).toMatchObject([
        expect.stringContaining('hardly prefers'),
      ]);
      expect(doubtsOf(Float32Array.of(0.7, 0.2, 0.1))).toMatchObject([
        expect.stringContaining('probabilities, not logits'),
      ]);
      expect(doubtsOf(Float32Array.of(4000, 0, -20))).toMatchObject([
        expect.stringContaining('4000'),
      ]);
      expect(doubtsOf(Float32Array.of(NaN, 0))).toMatchObject([
        expect.stringContaining('not numbers'),
      ]);
    });
  });

  describe('photographs', () => {
    it('adds a folder of folders, tells what is left out, and finds it again', async () => {
      const folder = join(scratch.path, 'photographs');
      fs.cpSync(photographs, folder, { recursive: true });
      fs.renameSync(join(folder, 'nine'), join(folder, 'teapot'));
      fs.writeFileSync(join(folder, 'one', 'notes.txt'), 'No photograph.');
      const { modelId } = await client.call('model.add', { path: shortcut });
      const { imageSetId, isNew } = await client.call('imageSet.add', { path: folder });
      expect(isNew).toBe(true);
      const again = await client.call('imageSet.add', { path: folder });
      expect(again).toEqual({ imageSetId, isNew: false });
      const [set] = (await client.call('studio.get', {})).imageSets;
      expect(set.counts.teapot).toBe(fs.readdirSync(join(photographs, 'nine')).length);
      expect(set.skipped).toMatchObject([{ name: 'one/notes.txt' }]);
      const [match] = await client.call('imageSet.get', { imageSetId });
      expect(match).toMatchObject({ modelId, unmatched: ['teapot'] });
      expect(match.classes.map(({ label }) => label)).toEqual(digits.slice(0, 9));
      await client.call('imageSet.remove', { imageSetId });
      expect(fs.existsSync(join(folder, 'one'))).toBe(true);
      expect((await client.call('studio.get', {})).imageSets).toEqual([]);
    });

    it.each([
      ['nowhere', /^There is no folder .*nowhere; check the path/],
      ['flat', /has no folders in it: put the photographs of each class into a folder/],
      ['file', /is a file; name the folder/],
    ])('says what is wrong with %s', async (name, words) => {
      fs.mkdirSync(join(scratch.path, 'flat'));
      fs.writeFileSync(join(scratch.path, 'flat', 'a.png'), 'x');
      fs.writeFileSync(join(scratch.path, 'file'), 'x');
      const path = join(scratch.path, name);
      await expect(client.call('imageSet.add', { path })).rejects.toMatchObject({
        code: 'bad-input',
        message: expect.stringMatching(words),
      });
    });

    it('counts what the model predicts as its class exactly as path similarity does', async () => {
      const { modelId } = await client.call('model.add', { path: shortcut });
      const { imageSetId } = await client.call('imageSet.add', { path: photographs });
      const counted = await client.call('imageSet.count', { imageSetId, modelId });
      const classifier = await loadClassifier(shortcut);
      const set = await imageSet(photographs, { labels: classifier.labels });
      expect(set.fingerprint).toBe(workspace.imageSets.get(imageSetId)?.fingerprint);
      const layers = layersOf(specialiseClassifier(classifier, 1), 'block').slice(-1);
      const classes = naturalClasses(set, classifier);
      const measured = await pathSimilarity(engine, classifier, {
        ...{ layers, classes, subjects: [], filter: 'predicted', resamples: 10, threads: 1 },
      });
      const filtered = measured.classes.map(({ index, n }) => ({
        index,
        predicted: n,
      }));
      expect(counted.classes).toMatchObject(filtered);
      expect(counted.classes.some(({ predicted, images }) => predicted! < images)).toBe(true);
    });

    it('tells how far a count is, stops it, and keeps what was counted', async () => {
      const { modelId } = await client.call('model.add', { path: shortcut });
      const { imageSetId } = await client.call('imageSet.add', { path: photographs });
      const both = { imageSetId, modelId };
      const task = countTask(imageSetId, modelId);
      const seen: number[] = [];
      const end = client.on('library.progress', (progress) => {
        if (progress.task !== task) return;
        seen.push(progress.done);
        void client.call('library.stop', { task });
      });
      await expect(client.call('imageSet.count', both)).rejects.toMatchObject({
        code: 'bad-state',
        message: 'This was stopped.',
      });
      expect(seen.length).toBeGreaterThan(0);
      end();
      const counted = await client.call('imageSet.count', both);
      expect(await client.call('imageSet.get', { imageSetId })).toEqual([counted]);
      expect(addTask('a')).not.toBe(addTask('b'));
    });

    it('counts no photographs that are no longer those that were added', async () => {
      const folder = join(scratch.path, 'photographs');
      fs.cpSync(photographs, folder, { recursive: true });
      const { modelId } = await client.call('model.add', { path: shortcut });
      const { imageSetId } = await client.call('imageSet.add', { path: folder });
      const [name] = fs.readdirSync(join(folder, 'one'));
      fs.rmSync(join(folder, 'one', name));
      await expect(client.call('imageSet.count', { imageSetId, modelId })).rejects.toMatchObject({
        message: expect.stringContaining('changed since it was added'),
      });
    });
  });

  describe('audits', () => {
    it('are renamed, weighed and removed with the files that they alone need', async () => {
      const { auditId } = await client.call('sample.add', {});
      const { jobs } = await client.call('studio.get', {});
      await client.call('job.pause', { jobId: jobs[0].id });
      const run = workspace.runs.claim(auditId, 1)[0];
      workspace.runs.saveCheckpoint(run.id, Uint8Array.from({ length: 1000 }));
      await client.call('audit.rename', { auditId, name: 'Digits' });
      const [summary] = (await client.call('studio.get', {})).audits;
      expect(summary).toMatchObject({ name: 'Digits', classes: 10, models: [1, 2] });
      const weight = await client.call('audit.weigh', { auditId });
      expect(weight.bytes).toBeGreaterThanOrEqual(1000);
      const before = workspace.size().files;
      const { bytes } = await client.call('audit.remove', { auditId });
      expect(bytes).toBe(weight.bytes);
      expect(workspace.size().files).toBe(before - bytes);
      const studio = await client.call('studio.get', {});
      expect(studio).toMatchObject({ audits: [], jobs: [] });
      // What no audit uses any more can go too.
      for (const { id } of studio.models) await client.call('model.remove', { modelId: id });
      for (const { id } of studio.imageSets) {
        await client.call('imageSet.remove', { imageSetId: id });
      }
      expect(workspace.verify()).toMatchObject({ brokenReferences: [], missing: [], unknown: [] });
    });

    it('that are being worked on are stopped before they are removed', async () => {
      const { auditId } = await client.call('sample.add', {});
      await client.call('audit.remove', { auditId });
      expect((await client.call('studio.get', {})).audits).toEqual([]);
      await expect(client.call('audit.remove', { auditId })).rejects.toMatchObject({
        code: 'not-found',
      });
    });
  });
});
