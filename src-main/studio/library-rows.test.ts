import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StudioClient } from '../api/client.ts';
import { parseConfiguration } from '../audit/configuration.ts';
import { compareAudit, runAudit } from '../audit/audit.ts';
import type { Engine } from '../engine/engine.ts';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import { linearTable, writeTable } from '../prototype/table.fixture.ts';
import { scratchFolder } from '../store/support/sample.ts';
import { uploadsFolder } from '../store/uploads.ts';
import { openWorkspace, type Workspace } from '../store/workspace.ts';
import { resourcePath } from '../resources.ts';
import type { StudioService } from './service.ts';
import { connected } from './support/connected.ts';

const features = [
  { name: 'age', min: 0, max: 100 },
  { name: 'home', categories: ['owns', 'rents'] },
];
/** A row is granted where age − 50 is above 0, whatever the home. */
const graph = linearTable(
  [
    [-1, 1],
    [0, 0],
    [0, 0],
  ],
  [50, -50],
);
/** Eleven of each class, by what the file says; one that is granted is of 10 years. */
const rows = [
  ...Array.from({ length: 11 }, (_, i) => `${60 + i},owns,granted`),
  ...Array.from({ length: 11 }, (_, i) => `${20 + i},rents,refused`),
  ...['10,owns,granted', 'old,owns,granted', '30,owns,undecided'],
];
const text = (head: string): string => [head, ...rows].join('\n');

describe('rows of a table in the library', () => {
  let engine: Engine;
  let scratch: ReturnType<typeof scratchFolder>;
  let workspace: Workspace;
  let service: StudioService;
  let client: StudioClient;
  const table = writeTable(graph, { features, labels: 'labels.txt', name: 'decisions' });
  fs.writeFileSync(join(table.folder, 'labels.txt'), 'refused\ngranted\n');

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
  afterAll(() => table.remove());

  /** Writes a file of rows. */
  function write(head = 'age,home,class', name = 'applicants.csv'): string {
    const path = join(scratch.path, name);
    fs.writeFileSync(path, text(head));
    return path;
  }

  it('are a set of their own kind, with the rows of each class and what the model sees in them', async () => {
    const path = write();
    const { imageSetId, isNew } = await client.call('imageSet.add', { path });
    expect(isNew).toBe(true);
    const { imageSets } = await client.call('studio.get', {});
    expect(imageSets).toMatchObject([
      { name: 'applicants.csv', path, images: 25, columns: ['age', 'home'] },
    ]);
    expect(imageSets[0].counts).toEqual({ granted: 13, refused: 11, undecided: 1 });
    const { modelId } = await client.call('model.add', { path: table.path });
    const counted = await client.call('imageSet.count', { imageSetId, modelId });
    expect(counted).toMatchObject({
      classes: [
        { label: 'refused', images: 11, predicted: 11 },
        { label: 'granted', images: 13, predicted: 11 },
      ],
      unmatched: ['undecided'],
      skipped: [{ name: 'row 24', reason: 'row 24 has "old" for age.' }],
    });
    expect(await client.call('imageSet.get', { imageSetId })).toEqual([counted]);
  });

  it('that a page sent are kept in the workspace, and go when they are removed', async () => {
    const folder = join(uploadsFolder(workspace.path), 'a'.repeat(32));
    fs.mkdirSync(folder, { recursive: true });
    fs.renameSync(write(), join(folder, 'applicants.csv'));
    const sent = join(folder, 'applicants.csv');
    const { imageSetId } = await client.call('imageSet.add', { path: sent });
    const { path } = workspace.imageSets.get(imageSetId)!;
    expect(fs.existsSync(sent)).toBe(false);
    expect(fs.readFileSync(path, 'utf8')).toBe(text('age,home,class'));
    await client.call('imageSet.remove', { imageSetId });
    expect(fs.existsSync(path)).toBe(false);
  });

  it('go with models that take such rows, and say in one sentence why with no other', async () => {
    await client.call('model.add', { path: table.path });
    await client.call('model.add', { path: resourcePath('sample/shortcut.onnx') });
    const problems = async (path: string) => {
      const { imageSetId } = await client.call('imageSet.add', { path });
      const matches = await client.call('imageSet.get', { imageSetId });
      return matches.map(({ problem }) => problem);
    };
    expect(await problems(write())).toEqual([undefined, 'It takes images, not rows of a table.']);
    expect(await problems(write('years,house,class', 'other.csv'))).toEqual([
      'The rows lack the features age, home of this model.',
      'It takes images, not rows of a table.',
    ]);
    const photographs = resourcePath('sample/photographs');
    expect(await problems(photographs)).toEqual([
      'It takes rows of a table, not photographs.',
      undefined,
    ]);
  });

  it.each([
    ['no class', 'age,home,kind', /lacks the class of each row; call the column .+ class\.$/],
    ['one name twice', 'age,age,class', /has two columns called age\.$/],
  ])('are refused where they have %s', async (_, head, reason) => {
    await expect(client.call('imageSet.add', { path: write(head) })).rejects.toThrow(reason);
    expect(workspace.imageSets.list()).toEqual([]);
  });

  it('are the same set in an audit and in a comparison, and refused for another table', async () => {
    const path = write();
    const { imageSetId } = await client.call('imageSet.add', { path });
    const configuration = parseConfiguration(
      { models: [{ path: table.path }], images: path, options: { steps: 4 }, controls: false },
      'test',
    );
    const { auditId } = await runAudit(configuration, { workspace, engine });
    const [{ imageSetId: used }] = workspace.audits.get(auditId)!.models;
    // Of the audit are the rows that have a class of the model and can be read.
    expect(workspace.imageSets.get(used!)).toMatchObject({
      path,
      images: 23,
      columns: ['age', 'home'],
    });
    const fine = join(scratch.path, 'fine.csv');
    fs.writeFileSync(fine, ['age,home,class', ...rows.slice(0, 22)].join('\n'));
    const added = await client.call('imageSet.add', { path: fine });
    await compareAudit(auditId, { images: fine }, { workspace, engine });
    expect(workspace.audits.get(auditId)!.models[0].imageSetId).toBe(added.imageSetId);
    const { problems } = await client.call('audit.estimate', {
      ...configuration,
      images: write('years,home,class', 'other.csv'),
    });
    expect(problems).toEqual([
      { field: 'images', message: expect.stringMatching(/other\.csv lacks the feature age;/) },
    ]);
    expect(imageSetId).not.toBe(used);
  });

  it('tell what the features look like, and a model keeps what was typed of them', async () => {
    const bare = writeTable(graph, { labels: 'labels.txt' });
    fs.writeFileSync(join(bare.folder, 'labels.txt'), 'refused\ngranted\n');
    const { found, problem } = await client.call('model.inspect', { path: bare.path });
    expect([found?.columns, problem]).toEqual([3, expect.stringMatching(/say .+ what each is/)]);

    const file = join(scratch.path, 'fine.csv');
    fs.writeFileSync(file, ['age,home,class', ...rows.slice(0, 22)].join('\n'));
    const suggested = await client.call('features.suggest', { path: file });
    expect(suggested).toEqual({
      features: [
        { name: 'age', min: 20, max: 70, integer: true },
        { name: 'home', categories: ['owns', 'rents'] },
      ],
      rows: 22,
    });
    for (const text of [`${'n'.repeat(201)}\n1\n`, `home\nours\n${'t'.repeat(201)}\n`]) {
      await expect(client.call('features.suggest', { text })).rejects.toThrow(
        /^What was pasted has more columns, or longer names .+ 200 characters\.$/,
      );
    }
    const [age, home] = suggested.features;
    const asked = { path: bare.path, featureList: [{ ...age, unit: 'years' }, home] };
    const read = await client.call('model.inspect', asked);
    expect(read.found?.classifier?.features).toEqual([
      { ...age, unit: 'years' },
      { ...home, encoding: 'one-hot' },
    ]);
    const short = await client.call('model.inspect', { ...asked, featureList: [age] });
    expect(short.problem).toBe('The model takes rows of 3 columns, but its features fill 1.');

    const { modelId } = await client.call('model.add', asked);
    const kept = workspace.models.get(modelId)!;
    expect(kept.facts.features).toMatchObject([{ name: 'age', unit: 'years', max: 70 }, home]);
    expect(JSON.parse(fs.readFileSync(kept.answers.features!, 'utf8'))).toEqual(asked.featureList);
    // What an audit of the library's model asks for is read in the same way.
    const [{ request }] = (await client.call('studio.get', {})).models;
    const { auditId } = await client.call('audit.create', { models: [request], classes: '0' });
    expect(workspace.audits.get(auditId)!.models).toMatchObject([{ modelId }]);
    bare.remove();
  });
});
