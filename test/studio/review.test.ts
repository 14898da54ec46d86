import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { faultsInBothThemes } from './support/axe.ts';
import { chromiumPath, StudioPage } from './support/page.ts';

const scale = { classes: 9, models: 2 };

describe.skipIf(!chromiumPath)('a review in the studio', () => {
  let studio: StudioPage;
  beforeAll(async () => {
    studio = await StudioPage.start();
  });
  afterAll(() => studio.stop());
  afterEach(() => expect(studio.complaints.splice(0)).toEqual([]));

  it('marks a comparison by key as one thing, and undoes it', async () => {
    const page = await studio.open('#/1/compare/2,1@16', scale);
    const marks = page.getByRole('group', { name: 'Your mark' });
    await marks.waitFor();
    for (const key of ['p', '4', 'n']) await page.keyboard.press(key);
    await page.keyboard.type('Both hold a ruler.');
    await page.keyboard.press('Escape');
    await marks.getByRole('button', { name: 'Concern', pressed: true }).waitFor();
    await marks.getByRole('button', { name: '4', pressed: true }).waitFor();
    expect(await faultsInBothThemes(page)).toEqual([]);
    // The same pictures in another order are the same comparison; one of them alone is not.
    await page.goto(`${studio.origin}#/1/compare/1@16,2`);
    expect(await marks.getByRole('textbox').inputValue()).toBe('Both hold a ruler.');
    await page.goto(`${studio.origin}#/1/compare/2`);
    await marks.getByRole('button', { name: 'Concern', pressed: false }).waitFor();
    await page.goto(`${studio.origin}#/1/compare/1@16,2`);
    for (const _ of [1, 2, 3]) await page.keyboard.press('Control+z');
    await marks.getByRole('button', { name: 'Concern', pressed: false }).waitFor();
    expect(await marks.getByRole('textbox').inputValue()).toBe('');
    await page.close();
  });
});
