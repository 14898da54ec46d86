import Database from 'better-sqlite3';
import fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATABASE } from './database.ts';
import {
  bytesOf,
  classifier,
  imageSet,
  outcomeOf,
  planAudit,
  plansOf,
  scratchFolder,
  similarityOf,
} from './support/sample.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const losses = { variance: 0, highFrequency: 0 };

describe('a workspace', () => {
  let scratch: ReturnType<typeof scratchFolder>;
  let folder: string;
  let workspace: Workspace;
  const reopen = (): Workspace => {
    workspace.close();
    workspace = openWorkspace(folder);
    return workspace;
  };
  /** Reads the database past our own code. */
  const raw = (sql: string): unknown[] => {
    const database = new Database(join(folder, DATABASE), { readonly: true });
    const rows = database.prepare(sql).raw().all() as unknown[][];
    database.close();
    return rows.flat();
  };
  beforeEach(() => {
    scratch = scratchFolder();
    folder = join(scratch.path, 'deep', 'workspace');
    workspace = openWorkspace(folder);
  });
  afterEach(() => {
    workspace.close();
    scratch.remove();
  });

  it('is a WAL database that marks itself, with STRICT tables only', () => {
    expect(raw('PRAGMA journal_mode')).toEqual(['wal']);
    expect(raw('PRAGMA application_id')).toEqual([Buffer.from('Eido').readUInt32BE()]);
    expect(raw('PRAGMA user_version')).toEqual([1]);
    expect(
      raw("SELECT count(*) FROM pragma_table_list WHERE strict = 0 AND name NOT LIKE 'sqlite_%'"),
    ).toEqual([0]);
  });

  it('finds the same model again, and tells another preprocessing apart', () => {
    const id = workspace.models.save(classifier, '/a/tiny.onnx');
    expect(workspace.models.save(classifier, '/b/tiny.onnx')).toBe(id);
    const other = { ...classifier, preprocessing: { ...classifier.preprocessing, range: 255 } };
    expect(workspace.models.save(other, '/b/tiny.onnx')).not.toBe(id);
    const record = reopen().models.get(id)!;
    expect(record.path).toBe('/b/tiny.onnx');
    expect(record.files).toEqual(classifier.files);
    expect(record.facts.labels).toEqual(classifier.labels);
    expect(workspace.models.list()).toHaveLength(2);
  });

  it('finds the same image set and the same audit again', () => {
    const first = planAudit(workspace);
    const again = planAudit(reopen());
    expect(again).toEqual(first);
    expect(workspace.runs.list(first.auditId)).toHaveLength(3);
    expect(workspace.imageSets.list()).toEqual([
      { ...imageSet, id: 1, addedAt: expect.stringMatching(/^\d{4}-/) },
    ]);
    expect(workspace.audits.get(first.auditId)!.models).toEqual([{ modelId: 1, imageSetId: 1 }]);
  });

  it('plans a run once, whatever comes after', () => {
    const { auditId, modelId } = planAudit(workspace, 2);
    workspace.runs.finish(workspace.runs.claim(auditId)[0].id, outcomeOf(0));
    expect(workspace.runs.plan(auditId, plansOf(modelId, 3))).toBe(1);
    expect(workspace.runs.progress(auditId)).toEqual({
      queued: 2,
      running: 0,
      finished: 1,
      failed: 0,
      cancelled: 0,
    });
  });

  it('gives a run to one claimer only', () => {
    const { auditId } = planAudit(workspace);
    const first = workspace.runs.claim(auditId, 2).map((run) => run.classIndex);
    const second = workspace.runs.claim(auditId, 2).map((run) => run.classIndex);
    expect([...first, ...second]).toEqual([0, 1, 2]);
    expect(workspace.runs.claim(auditId)).toEqual([]);
  });

  it('claims among the runs of one model and profile', () => {
    const { auditId, modelId } = planAudit(workspace);
    expect(workspace.runs.claim(auditId, 5, { modelId, profile: 'fourier' })).toEqual([]);
    expect(workspace.runs.claim(auditId, 5, { modelId, profile: 'paper' })).toHaveLength(3);
  });

  it('gives back what a run gave', () => {
    const { auditId } = planAudit(workspace);
    const [run] = workspace.runs.claim(auditId);
    const outcome = outcomeOf(0);
    workspace.runs.finish(run.id, outcome);
    const prototype = reopen().runs.prototype(run.id)!;
    expect(prototype).toMatchObject({ logit: 7.5, predicted: 0, steps: 512, varianceLoss: 0.125 });
    expect(prototype.logits).toEqual(outcome.logits);
    expect(workspace.runs.raw(run.id)).toEqual(outcome.raw);
    expect(new Uint8Array(workspace.readFile(prototype.imageHash))).toEqual(outcome.image);
    expect(workspace.runs.get(run.id)).toMatchObject({
      state: 'finished',
      engine: outcome.engine,
      versions: outcome.versions,
      timings: outcome.timings,
      batch: outcome.batch,
      configuration: { profile: 'paper', steps: 512 },
    });
  });

  it('keeps figures that are not finite as absent', () => {
    const { auditId } = planAudit(workspace);
    const [run] = workspace.runs.claim(auditId);
    workspace.runs.finish(run.id, { ...outcomeOf(0), logit: NaN, probability: Infinity });
    expect(workspace.runs.prototype(run.id)).toMatchObject({
      logit: undefined,
      probability: undefined,
    });
  });

  it('keeps one checkpoint of a run, and none once it has finished', () => {
    const { auditId } = planAudit(workspace);
    const [run] = workspace.runs.claim(auditId);
    workspace.runs.saveCheckpoint(run.id, bytesOf(1));
    workspace.runs.saveCheckpoint(run.id, bytesOf(2));
    expect(raw('SELECT count(*) FROM blobs')).toEqual([1]);
    expect(new Uint8Array(workspace.runs.checkpoint(run.id)!)).toEqual(bytesOf(2));
    workspace.runs.finish(run.id, outcomeOf(0));
    expect(workspace.runs.checkpoint(run.id)).toBeUndefined();
    expect(workspace.verify().unknown).toEqual([]);
    expect(raw('SELECT count(*) FROM blobs')).toEqual([2]);
  });

  it('does not drop a checkpoint that another run holds as well', () => {
    const { auditId } = planAudit(workspace);
    const [one, two] = workspace.runs.claim(auditId, 2);
    for (const { id } of [one, two]) workspace.runs.saveCheckpoint(id, bytesOf(1));
    workspace.runs.finish(one.id, outcomeOf(0));
    expect(new Uint8Array(workspace.runs.checkpoint(two.id)!)).toEqual(bytesOf(1));
  });

  it('keeps a snapshot once, however often it is given', () => {
    const { auditId } = planAudit(workspace);
    const [run] = workspace.runs.claim(auditId);
    const snapshot = { stage: 2, step: 64, logit: 3, losses, image: bytesOf(5) } as const;
    workspace.runs.addSnapshot(run.id, snapshot);
    workspace.runs.addSnapshot(run.id, { ...snapshot, stage: 1, image: undefined });
    workspace.runs.addSnapshot(run.id, snapshot);
    expect(workspace.runs.snapshots(run.id).map(({ stage, step }) => [stage, step])).toEqual([
      [1, 64],
      [2, 64],
    ]);
  });

  it('says why a run failed or was cancelled, and keeps the image of a cancelled one', () => {
    const { auditId } = planAudit(workspace);
    const [one, two] = workspace.runs.claim(auditId, 2);
    workspace.runs.fail(one.id, 'The gradient is not finite.');
    workspace.runs.saveCheckpoint(two.id, bytesOf(1));
    workspace.runs.cancel(two.id, 'Cancelled.', outcomeOf(1));
    expect(workspace.runs.get(one.id)).toMatchObject({
      state: 'failed',
      reason: 'The gradient is not finite.',
    });
    expect(workspace.runs.prototype(two.id)).toBeDefined();
    workspace.runs.requeue(two.id);
    const [again] = workspace.runs.claim(auditId);
    expect(again).toMatchObject({ id: two.id, attempts: 2, reason: undefined });
    expect(workspace.runs.checkpoint(two.id)).toBeDefined();
  });

  it('queues again what was running when the last writer ended', () => {
    const { auditId } = planAudit(workspace);
    const [run] = workspace.runs.claim(auditId);
    workspace.audits.setState(auditId, 'running');
    expect(reopen().runs.get(run.id)!.state).toBe('queued');
    expect(workspace.audits.get(auditId)!.state).toBe('queued');
  });

  it('keeps the path similarity of a model in the place of an earlier one', () => {
    const { auditId, modelId } = planAudit(workspace);
    workspace.scores.save(auditId, modelId, similarityOf(40));
    workspace.scores.save(auditId, modelId, similarityOf(60));
    expect(reopen().scores.get(auditId, modelId)).toEqual(similarityOf(60));
    expect(workspace.scores.get(auditId, modelId + 1)).toBeUndefined();
    const summaries = workspace.scores.summaries(auditId);
    expect(summaries.map(({ series, ordinal, l1Percent }) => [series, ordinal, l1Percent])).toEqual(
      [
        ['paper', 0, 60],
        ['paper', 1, 15],
        ['grey', 0, 66],
      ],
    );
    expect(summaries[0]).toMatchObject({ naturalImages: 12, normalised: 0.5, label: 'cat' });
  });

  it('keeps similarity figures that are not finite as absent', () => {
    const { auditId, modelId } = planAudit(workspace);
    const result = similarityOf(NaN);
    workspace.scores.save(auditId, modelId, result);
    expect(workspace.scores.summaries(auditId)[0].l1Percent).toBeUndefined();
  });

  it('keeps findings by topic', () => {
    const { auditId } = planAudit(workspace);
    workspace.scores.saveFinding(auditId, 'transfer', { agrees: [true] });
    workspace.scores.saveFinding(auditId, 'transfer', { agrees: [false] });
    expect(reopen().scores.finding(auditId, 'transfer')).toEqual({ agrees: [false] });
    expect(workspace.scores.finding(auditId, 'entanglement')).toBeUndefined();
  });

  it('shows an audit as tiles, with scores where they are measured', () => {
    const { auditId, modelId } = planAudit(workspace);
    workspace.runs.finish(workspace.runs.claim(auditId)[0].id, outcomeOf(0));
    workspace.scores.save(auditId, modelId, similarityOf(75));
    const tiles = workspace.gallery(auditId);
    expect(tiles.map((tile) => [tile.label, tile.state, tile.logit, tile.l1Percent])).toEqual([
      ['class 0', 'finished', 7.5, 75],
      ['class 1', 'queued', undefined, undefined],
      ['class 2', 'queued', undefined, undefined],
    ]);
  });

  it('caches bytes under a key, and takes a damaged file for none', async () => {
    await workspace.cache.put('means', bytesOf(1));
    expect(new Uint8Array((await workspace.cache.get('means'))!)).toEqual(bytesOf(1));
    const [hash] = raw('SELECT hash FROM cache') as string[];
    fs.writeFileSync(join(folder, 'files', hash.slice(0, 2), hash), 'damaged');
    expect(await workspace.cache.get('means')).toBeUndefined();
    await workspace.cache.put('means', bytesOf(1));
    expect(new Uint8Array((await workspace.cache.get('means'))!)).toEqual(bytesOf(1));
    expect(await workspace.cache.get('others')).toBeUndefined();
    workspace.cache.clear();
    expect(raw('SELECT count(*) FROM blobs')).toEqual([0]);
  });

  it('reports a row without its file, a changed file, and a file without its row', () => {
    const { auditId } = planAudit(workspace);
    const [run] = workspace.runs.claim(auditId);
    workspace.runs.finish(run.id, outcomeOf(0));
    expect(workspace.verify()).toEqual(nothingWrong);
    const { imageHash, rawHash } = workspace.runs.prototype(run.id)!;
    const pathOf = (hash: string): string => join(folder, 'files', hash.slice(0, 2), hash);
    fs.rmSync(pathOf(imageHash));
    fs.appendFileSync(pathOf(rawHash), 'x');
    const stray = 'f'.repeat(64);
    fs.mkdirSync(join(folder, 'files', 'ff'), { recursive: true });
    fs.writeFileSync(pathOf(stray), 'x');
    const verdict = workspace.verify();
    expect(verdict).toEqual({
      ...nothingWrong,
      missing: [imageHash],
      damaged: [rawHash],
      unknown: [stray],
    });
  });

  it('collects what nothing refers to, and nothing else', () => {
    const { auditId } = planAudit(workspace);
    const [run] = workspace.runs.claim(auditId);
    const snapshot = { stage: 2, step: 64, logit: 3, losses } as const;
    workspace.runs.addSnapshot(run.id, { ...snapshot, image: bytesOf(5, 100) });
    workspace.runs.addSnapshot(run.id, { ...snapshot, image: bytesOf(6, 100) });
    expect(workspace.garbage()).toEqual({ files: 1, bytes: 100 });
    expect(workspace.size().files).toBe(200);
    expect(workspace.collectGarbage()).toEqual({ files: 1, bytes: 100 });
    expect(workspace.collectGarbage()).toEqual({ files: 0, bytes: 0 });
    expect(workspace.verify()).toEqual(nothingWrong);
    expect(workspace.size().files).toBe(100);
    expect(workspace.size().database).toBeGreaterThan(4096);
  });

  it('names the same content the same way in two workspaces', () => {
    const other = openWorkspace(join(scratch.path, 'other'));
    const hashes = [workspace, other].map((one) => {
      const { auditId } = planAudit(one);
      const [run] = one.runs.claim(auditId);
      one.runs.finish(run.id, outcomeOf(0));
      const { imageHash, rawHash } = one.runs.prototype(run.id)!;
      return [imageHash, rawHash];
    });
    other.close();
    expect(hashes[0]).toEqual(hashes[1]);
  });
});

const nothingWrong = { database: [], brokenReferences: [], missing: [], damaged: [], unknown: [] };
