import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { auditOf } from './support/answers.ts';
import { faultsInBothThemes } from './support/axe.ts';
import { chromiumPath, placeOf, StudioPage } from './support/page.ts';

const scale = { classes: 9, models: 2 };
const active = (page: Page): Promise<string | null> =>
  page.getByRole('grid').getAttribute('aria-activedescendant');

if (!chromiumPath) {
  process.stderr.write('The studio is not tested in a browser: no Chromium is installed.\n');
}

describe.skipIf(!chromiumPath)('the studio, by keyboard alone', () => {
  let studio: StudioPage;
  beforeAll(async () => {
    studio = await StudioPage.start();
  });
  afterAll(() => studio.stop());
  afterEach(() => expect(studio.complaints.splice(0)).toEqual([]));

  it('moves through the gallery, past a place that is empty, and opens the loupe', async () => {
    const page = await studio.open('#/1/gallery', scale);
    await page.getByRole('grid').focus();
    expect(await active(page)).toBe('tile-1');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    expect(await active(page)).toBe('tile-11');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'class 1', exact: true }).waitFor();
    expect(await placeOf(page)).toBe('#/1/loupe/11');
    await page.close();
  });

  it('goes back through the steps of the optimisation, and keeps the step over a reload', async () => {
    const page = await studio.open('#/1/loupe/2', scale);
    const slider = page.getByRole('slider', { name: 'Step of the optimisation' });
    await slider.waitFor();
    await page.keyboard.press('[');
    await page.keyboard.press('[');
    expect(await slider.getAttribute('aria-valuetext')).toBe('step 32');
    await page.reload();
    await slider.waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toBe('step 32');
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor();
    expect(await active(page)).toBe('tile-2');
    await page.close();
  });

  it('selects, compares, and shows the signed difference', async () => {
    const page = await studio.open('#/1/gallery', scale);
    await page.getByRole('grid').focus();
    for (const key of ['Space', 'ArrowDown', 'Space', 'c']) await page.keyboard.press(key);
    await page.getByRole('region', { name: /^B: class 1/ }).waitFor();
    expect(await placeOf(page)).toBe('#/1/compare/1,2');
    await page.keyboard.press('d');
    await page.getByRole('img', { name: /Signed difference of brightness, up to \d+ %/ }).waitFor();
    await page.close();
  });

  it('marks what is selected, and undoes it', async () => {
    const page = await studio.open('#/1/gallery', scale);
    await page.getByRole('grid').focus();
    const marked = page.getByRole('gridcell', { name: /marked: concern$/ });
    for (const key of ['Space', 'Shift+ArrowDown', 'p']) await page.keyboard.press(key);
    await marked.nth(1).waitFor();
    expect(await marked.count()).toBe(2);
    await page.keyboard.press('Control+z');
    await marked.first().waitFor({ state: 'detached' });
    await page.close();
  });

  it('shows a prototype as soon as it is made, and goes on when the service was away', async () => {
    const page = await studio.open('#/1/gallery', scale);
    const cell = page.locator('#tile-9');
    await cell.getByText('waiting', { exact: true }).waitFor();
    const [tile, made] = auditOf(scale).tiles.filter(({ runId }) => runId === 9 || runId === 10);
    const finished = { ...tile, state: 'finished', imageHash: made.imageHash, logit: 3 };
    studio.push('prototype.finished', { auditId: 1, tile: finished });
    await cell.locator('img').waitFor();
    studio.push('service', { state: 'down', message: 'The service has ended.' });
    expect(await page.getByRole('alert').innerText()).toBe('The service has ended.');
    expect(await page.getByRole('grid').isVisible()).toBe(true);
    studio.push('service', { state: 'ready' });
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await page.close();
  });

  it('takes letters in the search as text, and finds the class', async () => {
    const page = await studio.open('#/1/gallery', scale);
    const grid = page.getByRole('grid');
    await grid.waitFor();
    await page.keyboard.press('/');
    await page.locator('input:focus').waitFor();
    await page.keyboard.type('class 5');
    await expect.poll(() => grid.getByRole('rowheader').allInnerTexts()).toEqual(['class 5\n5']);
    expect(await placeOf(page)).toBe('#/1/gallery?q=class+5');
    await page.close();
  });

  it('shows what has a figure within limits, in the order of one column, beside natural images', async () => {
    const exemplar = { place: 0, name: 'wolf.png', logit: 7, imageHash: 'a'.repeat(64) };
    const page = await studio.open('#/1/gallery?sort=logit', scale, 'dark', {
      'exemplars.get': () => [exemplar],
    });
    const grid = page.getByRole('grid');
    await grid.waitFor();
    await page.keyboard.press('m');
    await grid.getByRole('img', { name: 'Natural image of class 0, logit 7.0' }).first().waitFor();
    await page.keyboard.press('o');
    const dialog = page.getByRole('dialog', { name: 'Refine the gallery' });
    await dialog.getByLabel('Sort by the figures of').selectOption('2 paper 0');
    await dialog.getByLabel('logit, at least').fill('20');
    await page.keyboard.press('Tab');
    expect(await placeOf(page)).toBe('#/1/gallery?sort=logit%402+paper+0&natural=yes&logit=20..');
    expect(await faultsInBothThemes(page)).toEqual([]);
    await page.reload();
    await grid.waitFor();
    const shown = grid.getByRole('gridcell', { name: /^prototype of/ });
    const least = (await shown.allInnerTexts()).map((text) =>
      Number(/logit ([\d.]+)/.exec(text)?.[1]),
    );
    expect(Math.min(...least)).toBeGreaterThanOrEqual(20);
    await page.close();
  });

  it('finds a command in the palette, and shows the sheet of shortcuts', async () => {
    const page = await studio.open('#/1/gallery', scale);
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('Control+k');
    await page.locator('input:focus').waitFor();
    await page.keyboard.type('similarity');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Path similarity', exact: true }).waitFor();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Shortcuts' });
    expect(await sheet.getByRole('term').allInnerTexts()).toContain('Signed difference');
    await page.close();
  });

  it.each(['gallery', 'loupe/1', 'compare/1,2', 'similarity'])(
    'has no serious fault of access in %s, in either theme',
    async (view) => {
      const page = await studio.open(`#/1/${view}`, scale, 'light');
      await page.locator('[role=grid], h2').first().waitFor();
      expect(await faultsInBothThemes(page)).toEqual([]);
      await page.close();
    },
  );

  it('draws no more of 10,000 prototypes than can be seen, and reaches the last', async () => {
    const page = await studio.open('#/1/gallery', { classes: 1112, models: 3 });
    const grid = page.getByRole('grid');
    await grid.hover();
    await page.mouse.wheel(0, 1e6);
    await page.getByRole('rowheader', { name: 'class 1111' }).waitFor();
    expect(await page.getByRole('gridcell').count()).toBeLessThan(300);
    await page.close();
  });
});
