import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import { linearTable, mlpTable, writeTable } from '../prototype/table.fixture.ts';
import golden from '../prototype/golden/table.json' with { type: 'json' };
import { composeReport } from '../report/compose.ts';
import { tablesOf } from '../report/tables.ts';
import { openWorkspace } from '../store/workspace.ts';
import { exemplarsAnswer } from '../studio/answers/exemplars.ts';
import { auditAnswer } from '../studio/answers/audit.ts';
import { prototypeAnswer } from '../studio/answers/prototype.ts';
import { loadClassifier } from '../classifier/load.ts';
import { resourcePath } from '../resources.ts';
import { compareAudit, runAudit } from './audit.ts';
import { selfTest } from './self-test.ts';
import { randomInput } from './self-test-network.ts';
import { parseConfiguration } from './configuration.ts';

const features = [
  { name: 'age', unit: 'years', min: 18, max: 90, mean: 40, std: 12 },
  { name: 'income', min: 0, max: 200 },
  { name: 'home', categories: ['owns', 'rents', 'free'] },
];
const home = mkdtempSync(join(tmpdir(), 'eidoscope-table-audit-'));
const labels = join(home, 'labels.txt');
const rows = join(home, 'rows.csv');
writeFileSync(labels, 'refused\nchecked\ngranted\n');
/** Twelve rows of each class, whose mean is known: age 30, 40 and 50, a third in each home. */
const lines = ['refused', 'checked', 'granted'].flatMap((label, k) =>
  Array.from(
    { length: 12 },
    (_, i) =>
      `${30 + 10 * k + (i % 2 ? 1 : -1)},${100 + i - 5.5},${['owns', 'rents', 'free'][i % 3]},${label}`,
  ),
);
writeFileSync(rows, ['age,income,home,class', ...lines].join('\n'));
const { first, bias, second } = golden;
const mlp = writeTable(mlpTable(5, first, bias, second), { features, name: 'mlp' });
const linear = writeTable(
  linearTable(
    [
      [1, -1, 0],
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    [0, 0, 0],
  ),
  { features, name: 'linear' },
);
const narrow = writeTable(
  linearTable(
    [
      [1, -1, 0],
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    [0, 0, 0],
  ),
  { features: [{ ...features[0], max: 60 }, ...features.slice(1)], name: 'narrow' },
);
const engine = await openOnnxRuntime({ threads: 1 });
const workspace = openWorkspace(join(home, 'workspace'));
afterAll(() => {
  workspace.close();
  mlp.remove();
  linear.remove();
  narrow.remove();
  rmSync(home, { recursive: true, force: true });
});

interface Transferred {
  readonly from: number;
  readonly to: number;
  readonly classes: readonly unknown[];
}

const asked = (weight: number, ...paths: string[]) =>
  parseConfiguration(
    {
      models: paths.map((path) => ({ path, labels })),
      images: rows,
      natural: 'labelled',
      options: { steps: 30, snapshotEvery: 15, penalty: { weight } },
    },
    'test',
  );

describe('an audit of tables', async () => {
  const { auditId, models } = await runAudit(asked(0.01, mlp.path, linear.path), {
    workspace,
    engine,
  });
  const runs = workspace.runs.list(auditId);

  it('makes prototypes and their control without the pull, and shows them as bars', () => {
    const counts = Map.groupBy(runs, ({ profile, state }) => `${profile} ${state}`);
    expect([...counts].map(([name, { length }]) => [name, length])).toEqual([
      ['paper finished', 6],
      ['plain finished', 6],
    ]);
    const { tiles, models: shown } = auditAnswer(workspace, auditId)!;
    expect(shown.map((model) => [model.features, model.height])).toEqual([
      [3, 224],
      [3, 224],
    ]);
    const [tile] = tiles;
    // Width and height stand in the header of a PNG.
    const png = Buffer.from(workspace.readFile(tile.imageHash!));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([224, 224]);
  });

  it('answers with values between the bounds, of one category, and with what settling cost', () => {
    for (const { id } of runs.filter(({ profile }) => profile === 'paper')) {
      const { result } = prototypeAnswer(workspace, id)!;
      const [age, income, category] = result!.features!;
      expect(age.value).toBeGreaterThan(18);
      expect(age.value).toBeLessThan(90);
      expect(income.value / 200).toBeCloseTo(income.position, 5);
      expect(['owns', 'rents', 'free'][category.value]).toBe(category.category);
      expect(result!.unsettledLogit).toEqual(expect.any(Number));
    }
  });

  it('compares rows with natural rows, middle and mean row in place of grey, random and permuted ones of noise', () => {
    const series = models[0].similarity!.totals.map((each) => [each.kind, each.series]);
    expect(series).toContainEqual(['grey', 'mean row']);
    expect(series).toContainEqual(['noise', 'permuted rows']);
    expect(series).toContainEqual(['grey', 'middle row']);
    expect(series).toContainEqual(['noise', 'random row']);
    expect(series.flat().filter((name) => name === 'grey')).toHaveLength(2);
    expect(models[0].similarity!.classes.map(({ n }) => n)).toEqual([12, 12, 12]);
    const middle = workspace.scores
      .ofClass(auditId, models[1].model.id, 0)!
      .found.subjects.find((subject) => subject.series === 'middle row')!;
    // Of age 54, and a third in each home.
    expect(middle.logit).toBeCloseTo((54 - 40) / 12 + 1 / 3, 5);
    // The linear model's logit of the mean row: age 40 on average, a third in each home; its only layer is the logits.
    const mean = workspace.scores
      .ofClass(auditId, models[1].model.id, 0)!
      .found.subjects.find((subject) => subject.series === 'mean row')!;
    expect(mean.logit).toBeCloseTo((40 - 40) / 12 + 1 / 3, 5);
  });

  it('shows natural rows by their values', async () => {
    const wanted = { auditId, modelId: models[1].model.id, classIndex: 0, most: 3 };
    const [best] = (await exemplarsAnswer(workspace, wanted))!;
    // The oldest of the class that own a home.
    expect(best.features!.map(({ value }) => value).slice(0, 1)).toEqual([31]);
    expect(best.features![2].category).toBe('owns');
  });

  it('carries rows over to a model of the same features, and to no other', async () => {
    const pairs = (id: number) =>
      (workspace.scores.finding(id, 'transfer') as Transferred[]).map(({ from, to, classes }) => [
        ...[from, to, classes.length],
      ]);
    const [one, two] = models.map(({ model }) => model.id);
    expect(pairs(auditId)).toEqual(
      expect.arrayContaining([
        [one, two, 3],
        [two, one, 3],
      ]),
    );
    const configuration = { ...asked(0, mlp.path, narrow.path), images: undefined };
    const other = await runAudit(configuration, { workspace, engine });
    expect(pairs(other.auditId)).toEqual([]);
  });

  it('reports values in words and as a table', async () => {
    const { report } = await composeReport(workspace, auditId);
    const table = tablesOf(report).get('features.csv')!;
    expect(table.split('\r\n')[0]).toContain('run,model,class,profile,feature,value,unit,category');
    expect(table.trim().split('\r\n')).toHaveLength(1 + 3 * 12);
  });
});

it('is tested at rows within its bounds', async () => {
  const path = mlp.path;
  const classifier = await loadClassifier(path, { labels });
  for (const index of [0, 1, 2]) {
    const [age, income, ...category] = randomInput(classifier, index);
    // As the network takes them: age less its mean, in deviations; income as it is.
    expect(Math.abs(40 + 12 * age - 54)).toBeLessThanOrEqual(36);
    expect(Math.abs(income - 100)).toBeLessThanOrEqual(100);
    expect(category.toSorted()).toEqual([0, 0, 1]);
  }
  const { checks, passed } = await selfTest(classifier, engine, { path });
  expect(checks.filter(({ state }) => state === 'failed')).toEqual([]);
  expect(passed).toBe(true);
});

it('goes with models of images: each is compared with its own kind, and made in the ways that it has', async () => {
  const photographs = resourcePath('sample/photographs');
  const configuration = parseConfiguration(
    {
      models: [
        { path: linear.path, labels, images: rows },
        { path: resourcePath('sample/shortcut.onnx'), images: photographs },
      ],
      ...{ classes: '0', profiles: ['paper', 'fourier'], natural: 'labelled', controls: false },
      options: { steps: 3, snapshotEvery: 0 },
    },
    'test',
  );
  const { auditId, models } = await runAudit(configuration, { workspace, engine });
  const profiles = models.map(({ model }) =>
    workspace.runs.list(auditId, { modelId: model.id }).map(({ profile }) => profile),
  );
  expect(profiles).toEqual([['paper'], ['paper', 'fourier']]);
  const kinds = () =>
    workspace.audits
      .get(auditId)!
      .models.map(({ imageSetId }) => workspace.imageSets.get(imageSetId!)!.path);
  expect(kinds()).toEqual([rows, photographs]);
  const fewer = join(home, 'fewer.csv');
  writeFileSync(fewer, ['age,income,home,class', ...lines.slice(0, 11)].join('\n'));
  await compareAudit(auditId, { images: fewer }, { workspace, engine });
  expect(kinds()).toEqual([fewer, photographs]);
});

it('makes no control of what is plain maximisation itself', async () => {
  const { auditId } = await runAudit(asked(0, linear.path), { workspace, engine });
  expect(new Set(workspace.runs.list(auditId).map(({ profile }) => profile))).toEqual(
    new Set(['paper']),
  );
});
