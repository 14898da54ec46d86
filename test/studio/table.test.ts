import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { auditOf, prototypeOf } from './support/answers.ts';
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
});
