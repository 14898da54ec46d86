import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { auditOf, prototypeOf, studioOf } from './support/answers.ts';
import { faultsInBothThemes } from './support/axe.ts';
import { chromiumPath, StudioPage, type Answers } from './support/page.ts';

const scale = { classes: 3, models: 1 };
const audit = auditOf(scale);
const long = 'years since the applicant last moved into another municipality of the same district';

/** Rows that differ in age by ten years a run, and in their home. */
const rowOf = (runId: number) => [
  { name: 'age', unit: 'years', value: 20 + 10 * runId, min: 20, max: 80, position: runId / 6 },
  { name: long, value: 3, min: 0, max: 12, position: 0.25 },
  {
    ...{ name: 'home', value: runId % 3, min: 0, max: 2, position: 1 },
    categories: ['owns', 'rents', 'free'],
    category: ['owns', 'rents', 'free'][runId % 3],
  },
];

const answers: Answers = {
  'audit.get': () => ({
    ...audit,
    models: audit.models.map((model) => ({ ...model, height: 224, width: 224, features: 3 })),
  }),
  'prototype.get': ({ runId }: { runId: number }) => {
    const prototype = prototypeOf(audit, runId);
    const result = { ...prototype.result!, features: rowOf(runId), unsettledLogit: 12.5 };
    return { ...prototype, result };
  },
};

const hash = 'b'.repeat(64);
/** A library with a model of a table and its rows, and a model file that says nothing of its features. */
function library(asked: unknown[]): Answers {
  const model = {
    ...{ id: 1, name: 'decisions', path: '/m/decisions.onnx', sha256: hash, bytes: 900 },
    ...{ labels: ['refused', 'granted'], channels: 3, height: 1, width: 1, features: 2 },
    ...{ preprocessingFrom: 'sidecar', addedAt: '2026-01-01T00:00:00.000Z' },
    request: { path: '/m/decisions.onnx' },
  };
  const set = {
    ...{ id: 4, name: 'applicants.csv', path: '/rows/applicants.csv', fingerprint: hash },
    ...{ images: 24, counts: { refused: 12, granted: 12 }, columns: ['age', 'home'], skipped: [] },
    addedAt: '2026-01-01T00:00:00.000Z',
  };
  const studio = { ...studioOf(audit), models: [model], imageSets: [set] };
  const found = (features?: unknown) => ({
    ...{ name: 'plain', format: 'onnx', producer: '', parameters: 12, columns: 3 },
    files: [{ path: 'plain.onnx', bytes: 900, sha256: hash }],
    inputs: [{ name: 'rows', dtype: 'float32', dims: ['N', 3] }],
    ...{ outputs: ['logits'], operators: [], unsupported: [], notes: [] },
    ...(features !== undefined && {
      classifier: {
        ...{ channels: 3, height: 1, width: 1, layout: 'table', batch: 'free', logits: 'logits' },
        ...{ labels: ['refused', 'granted'], preprocessingFrom: 'file', layers: { modules: 1 } },
        preprocessing: { range: 1, mean: [0], std: [1], order: 'columns', resize: 1 },
        features,
      },
    }),
  });
  const take = (call: string) => (input: unknown) => {
    asked.push([call, input]);
    return call === 'imageSet.add' ? { imageSetId: 5, isNew: true } : { modelId: 2, isNew: true };
  };
  return {
    'studio.get': () => studio,
    'method.get': () => ({ options: [], profiles: [], preprocessing: [] }),
    'model.inspect': ({ path, featureList }: { path: string; featureList?: unknown }) =>
      featureList === undefined
        ? { path, found: found(), problem: 'The model takes rows of 3 features; say what each is.' }
        : { path, found: found(featureList) },
    'features.suggest': (input: unknown) => {
      asked.push(['features.suggest', input]);
      const home = { name: 'home', categories: ['owns', 'rents'] };
      return { features: [{ name: 'age', min: 18, max: 85, integer: true }, home], rows: 3 };
    },
    'model.add': take('model.add'),
    'imageSet.add': take('imageSet.add'),
    'imageSet.get': () =>
      [{ modelId: 1, problem: 'The rows lack the feature income of this model.' }].map((match) => ({
        ...match,
        classes: [],
        unmatched: [],
        skipped: [],
      })),
  };
}

describe.skipIf(!chromiumPath)('a row of a table', () => {
  let studio: StudioPage;
  beforeAll(async () => {
    studio = await StudioPage.start();
  });
  afterAll(() => studio.stop());
  afterEach(() => expect(studio.complaints.splice(0)).toEqual([]));

  it('is shown in the loupe as values, bounds and bars, and its steps as bars alone', async () => {
    const page = await studio.open('#/1/loupe/2', scale, 'light', answers);
    const table = page.getByRole('region', { name: /^Features of/ }).getByRole('table');
    await table.getByRole('row', { name: /age.+20 to 80 years.+40 years/ }).waitFor();
    await table.getByRole('row', { name: /home.+one of owns, rents, free.+free/ }).waitFor();
    const bar = table.getByRole('row', { name: /^age/ }).locator('.bar');
    const [whole, filled] = await Promise.all([
      bar.boundingBox(),
      bar.locator('span').boundingBox(),
    ]);
    expect(filled!.width / whole!.width).toBeCloseTo(1 / 3, 2);
    await page.getByText('at a logit of 12.50').waitFor();
    expect(await faultsInBothThemes(page)).toEqual([]);
    await page.keyboard.press('[');
    await table.waitFor({ state: 'detached' });
    await page.close();
  });

  it('is compared with another by the difference in its unit', async () => {
    const page = await studio.open('#/1/compare/1,2', scale, 'light', answers);
    const second = page.getByRole('region', { name: /^Features of class 1/ });
    await second.getByRole('row', { name: /^age.+40 years \+10 years/ }).waitFor();
    await second.getByRole('row', { name: /^home.+free not rents/ }).waitFor();
    await second.getByRole('row', { name: /^years since.+same$/ }).waitFor();
    const differences = page.getByRole('complementary', { name: 'Differences' });
    await differences.getByRole('row', { name: 'value of age 30 years 40 years' }).waitFor();
    expect(await faultsInBothThemes(page)).toEqual([]);
    await page.close();
  });

  it('is added to the library as a CSV file, and says which model it does not go with', async () => {
    const asked: unknown[] = [];
    const page = await studio.open('#/1/library', scale, 'light', library(asked));
    await page.getByText('24 rows in 2 classes · 2 columns: age, home').waitFor();
    await page.getByText('Classes, and how the models see them').click();
    await page.getByText('The rows lack the feature income of this model.').waitFor();
    await page.getByRole('button', { name: 'Add rows …' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Add rows' });
    await dialog.getByRole('button', { name: 'Choose a CSV file …' }).waitFor();
    expect(await faultsInBothThemes(page)).toEqual([]);
    await dialog.getByRole('textbox').fill('/rows/more.csv');
    await dialog.getByRole('textbox').press('Enter');
    await page.getByText('Rows added').waitFor();
    expect(asked).toEqual([['imageSet.add', { path: '/rows/more.csv' }]]);
    await page.close();
  });

  it('gets its features by keyboard, from pasted lines and from what is typed', async () => {
    const asked: unknown[] = [];
    const page = await studio.open('#/1/library', scale, 'light', library(asked));
    await page.getByRole('button', { name: 'Import a model …' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Import a model' });
    await dialog.getByRole('textbox').first().fill('/m/plain.onnx');
    await dialog.getByRole('textbox').first().press('Enter');
    const region = dialog.getByRole('region', { name: 'Features' });
    await region.getByText('Give column 1 a name.').waitFor();
    const add = dialog.getByRole('button', { name: 'Add to the library' });
    expect(await add.isEnabled()).toBe(false);
    expect(await faultsInBothThemes(page)).toEqual([]);

    const pasted = region.getByRole('textbox', { name: /^First line of a table/ });
    await pasted.fill('age,home\n18,owns\n85,rents');
    await region.getByRole('button', { name: 'Take what is pasted' }).press('Enter');
    await region.getByText('All 3 columns are described.').waitFor();
    await region.getByText(/Taken from 3 rows/).waitFor();
    await region.getByRole('textbox', { name: 'age, unit' }).fill('years');
    await region.getByRole('textbox', { name: 'age, highest' }).fill('');
    await region
      .getByText(
        'Give the lowest and the highest value of age as numbers, with a point before decimals and nothing between thousands.',
      )
      .waitFor();
    expect(await add.isEnabled()).toBe(false);
    await region.getByRole('textbox', { name: 'age, highest' }).fill('90');
    await expect.poll(() => add.isEnabled()).toBe(true);
    await add.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    const featureList = [
      { name: 'age', unit: 'years', min: 18, max: 90, integer: true },
      { name: 'home', categories: ['owns', 'rents'], encoding: 'one-hot' },
    ];
    expect(asked.at(-1)).toEqual(['model.add', { path: '/m/plain.onnx', featureList }]);
    await page.close();
  });
});
