import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { auditOf, studioOf } from './support/answers.ts';
import { faultsInBothThemes } from './support/axe.ts';
import { chromiumPath, StudioPage } from './support/page.ts';

const scale = { classes: 9, models: 2 };
let studio: StudioPage;
const ids = (cells: unknown[]): string[] => cells.map((cell) => (cell as { id: string }).id);

describe.skipIf(!chromiumPath)('what marks hold for', () => {
  beforeAll(async () => {
    studio = await StudioPage.start();
  });
  afterAll(() => studio.stop());
  afterEach(() => expect(studio.complaints.splice(0)).toEqual([]));

  it('is all that is selected, and how many that are is said', async () => {
    const page = await studio.open('#/1/gallery', scale);
    await page.getByRole('grid').focus();
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('p');
    await page.getByText('Concern: 2 prototypes').waitFor();
    expect(await page.getByRole('gridcell', { name: /concern/ }).count()).toBe(2);
    await page.close();
  });

  it('is no longer what was selected once the next unreviewed one is looked at', async () => {
    const page = await studio.open('#/1/gallery', scale);
    await page.getByRole('grid').focus();
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('j');
    await page.getByRole('toolbar', { name: 'Selection' }).waitFor({ state: 'detached' });
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'cleared 1' }).waitFor();
    expect(await page.getByRole('gridcell', { name: /cleared/ }).count()).toBe(1);
    await page.close();
  });

  it('is what was clicked and what Ctrl was held for, as in file managers', async () => {
    const page = await studio.open('#/1/gallery', scale);
    const selected = page.locator('[role=gridcell][aria-selected=true]');
    await page.locator('#tile-2').click();
    await page.locator('#tile-3').click({ modifiers: ['ControlOrMeta'] });
    expect(await selected.evaluateAll(ids)).toEqual(['tile-2', 'tile-3']);
    await page.locator('#tile-3').click({ modifiers: ['ControlOrMeta'] });
    await page.locator('#tile-2').click({ modifiers: ['ControlOrMeta'] });
    expect(await selected.count()).toBe(0);
    await page.locator('#tile-4').click({ modifiers: ['ControlOrMeta'] });
    expect(await selected.evaluateAll(ids)).toEqual(['tile-4']);
    await page.locator('#tile-2').click();
    await page.locator('#tile-5').click({ modifiers: ['Shift'] });
    const range = ['tile-2', 'tile-3', 'tile-4', 'tile-5'];
    expect(await selected.evaluateAll(ids)).toEqual(range);
    await page.close();
  });

  it('is nothing that a filter hides', async () => {
    const page = await studio.open('#/1/gallery', scale);
    await page.getByRole('grid').focus();
    await page.keyboard.press(' ');
    const bar = page.getByRole('toolbar', { name: 'Selection' });
    await bar.waitFor();
    await page.getByRole('button', { name: 'paper 18' }).click();
    await bar.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'paper 18' }).click();
    await bar.waitFor();
    expect(await bar.innerText()).toContain('1 selected');
    await page.close();
  });
});

describe.skipIf(!chromiumPath)('a workspace that is only read', () => {
  const why = 'The workspace was opened to be read only.';
  beforeAll(async () => {
    studio = await StudioPage.start();
  });
  afterAll(() => studio.stop());

  it('has no control that would write, and says why on each', async () => {
    const known = studioOf(auditOf(scale));
    const page = await studio.open('#/1/loupe/2', scale, 'dark', {
      'studio.get': () => ({ ...known, workspace: { ...known.workspace, readOnly: why } }),
    });
    const concern = page.getByRole('button', { name: 'Concern' });
    await concern.and(page.getByTitle(why)).waitFor();
    expect(await concern.isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: '3', exact: true }).isDisabled()).toBe(true);
    expect(await page.getByRole('textbox', { name: 'Note' }).isEditable()).toBe(false);
    await page.goto(`${studio.origin}#/1/report`);
    const write = page.getByRole('button', { name: /^Write the report/ });
    await write.and(page.getByTitle(why)).waitFor();
    expect(await write.isDisabled()).toBe(true);
    expect(await page.getByRole('textbox', { name: 'Reviewer' }).isEditable()).toBe(false);
    expect(await faultsInBothThemes(page)).toEqual([]);
    await page.close();
  });
});
