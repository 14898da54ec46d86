import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { unreviewed, type SavedView, type Scope } from '../../src-main/api/review.ts';
import { faultsInBothThemes } from './support/axe.ts';
import { chromiumPath, placeOf, StudioPage } from './support/page.ts';

/** A service that remembers whether a review is blind, and what was revealed. */
const revealed: string[][] = [];
let studio: StudioPage;
function blindAnswers(blind = false) {
  let scope: Scope = { title: '', question: '', reviewer: '', blind };
  return {
    'scope.get': () => scope,
    'scope.set': (input: { scope: Scope }) => {
      scope = input.scope;
      studio.push('scope.changed', { auditId: 1, scope });
      return scope;
    },
    'review.reveal': ({ sights }: { sights: string[] }) => {
      revealed.push(sights);
      const reviewedAt = '2026-01-01T00:00:00.000Z';
      const review = { sights, mark: unreviewed, reading: 'revealed', reviewedAt };
      studio.push('review.changed', { auditId: 1, review });
      return review;
    },
  };
}

const scale = { classes: 9, models: 2 };

describe.skipIf(!chromiumPath)('a review in the studio', () => {
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

  it('compares natural images and steps with a prototype by key, and keeps the reference over a reload', async () => {
    const exemplars = [0, 1].map((place) => ({
      ...{ place, name: `photograph ${place}.png`, logit: 9 - place },
      imageHash: `${place}`.repeat(64),
    }));
    const page = await studio.open('#/1/loupe/2', scale, 'dark', {
      'exemplars.get': () => exemplars,
    });
    await page.getByRole('button', { name: 'Compare with photograph 1.png, logit 8.0' }).waitFor();
    await page.keyboard.press('a');
    await page.getByRole('region', { name: /^B: class 1, natural image · photograph 0/ }).waitFor();
    expect(await placeOf(page)).toBe('#/1/compare/2,x1.1.0');
    await page.keyboard.press('Shift+A');
    await page.getByRole('region', { name: /^C: class 1, .*step 48/ }).waitFor();
    await page
      .getByRole('button', { name: 'Compare with photograph 1.png', pressed: false })
      .click();
    await page.getByRole('region', { name: /^D: .*photograph 1/ }).waitFor();
    expect(await placeOf(page)).toBe('#/1/compare/2,x1.1.0,2@48,x1.1.1');
    expect(await faultsInBothThemes(page)).toEqual([]);
    await page.keyboard.press('a');
    await page
      .getByText('There is no other natural image of this class')
      .waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('b');
    await page.reload();
    await page.getByRole('region', { name: /^B: / }).getByTitle('Reference').waitFor();
    await page.close();
  });

  it('keeps a view under a name, opens it by palette, renames and deletes it', async () => {
    let views: SavedView[] = [];
    const answers = {
      'view.list': () => views,
      'view.save': ({ name, query }: { name: string; query: string }) =>
        tell([{ id: 7, name, query }]),
      'view.rename': ({ name }: { name: string }) => tell([{ ...views[0], name }]),
      'view.remove': () => tell([]),
    };
    const tell = (now: SavedView[]): SavedView[] => {
      views = now;
      studio.push('views.changed', { auditId: 1, views });
      return views;
    };
    const page = await studio.open(
      '#/1/gallery?profile=paper&sort=logit-down',
      scale,
      'dark',
      answers,
    );
    await page.getByRole('grid').waitFor();
    const focused = page.locator('input:focus');
    await page.keyboard.press('v');
    await focused.waitFor();
    await page.keyboard.type('Natural path');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Saved views' });
    await dialog.getByRole('link', { name: /^Natural path\s+0 of \d+ reviewed/ }).waitFor();
    expect(await faultsInBothThemes(page)).toEqual([]);
    await page.goto(`${studio.origin}#/1/similarity`);
    await page.reload();
    await page.getByRole('heading').first().waitFor();
    await page.keyboard.press('Control+k');
    await focused.waitFor();
    await page.keyboard.type('view natural');
    await page.getByRole('option', { name: /Natural path/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('grid').waitFor();
    expect(await placeOf(page)).toBe('#/1/gallery?profile=paper&sort=logit-down');
    await page.keyboard.press('v');
    await dialog.getByRole('button', { name: 'Rename Natural path' }).click();
    await focused.waitFor();
    await page.keyboard.type('Path');
    await page.keyboard.press('Enter');
    await dialog.getByRole('link', { name: /^Path/ }).waitFor();
    await dialog.getByRole('button', { name: 'Delete Path' }).click();
    await dialog.getByRole('link').waitFor({ state: 'detached' });
    await page.close();
  });

  it('hides every name and figure until the first reading, in gallery, loupe and comparison', async () => {
    const answers = blindAnswers();
    const page = await studio.open('#/1/gallery', scale, 'dark', answers);
    const names = /class \d|network|fourier|paper|plain|logit|pooled/;
    const told = () => page.locator('main').innerHTML();
    await page.getByRole('grid').waitFor();
    expect(await told()).toMatch(names);
    await page.keyboard.press('h');
    await page.getByRole('button', { name: 'Blind: names are hidden' }).waitFor();
    expect(await told()).not.toMatch(names);
    expect(await faultsInBothThemes(page)).toEqual([]);
    await page.keyboard.press('e');
    await page.getByRole('slider', { name: 'Step of the optimisation' }).waitFor();
    expect(await told()).not.toMatch(names);
    expect(await faultsInBothThemes(page)).toEqual([]);
    const runId = Number((await placeOf(page)).split('/')[3]);
    await page.goto(`${studio.origin}#/1/compare/${runId},${runId}@16`);
    await page.getByRole('region', { name: /^B: Prototype \d+/ }).waitFor();
    expect(await told()).not.toMatch(names);
    // The first reading shows them, here and everywhere.
    await page.goto(`${studio.origin}#/1/loupe/${runId}`);
    await page.getByRole('slider', { name: 'Step of the optimisation' }).waitFor();
    await page.keyboard.press('p');
    await page
      .getByRole('heading', { name: /class \d/ })
      .first()
      .waitFor();
    expect(await told()).toMatch(names);
    await page.close();
  });

  it('shows a name that is asked for first, and has that written down', async () => {
    const answers = blindAnswers(true);
    const page = await studio.open('#/1/loupe/2', scale, 'dark', answers);
    await page.getByRole('heading', { name: /^Prototype \d+$/ }).waitFor();
    await page.keyboard.press('Shift+H');
    await page.getByRole('heading', { name: 'class 1', exact: true }).waitFor();
    expect(revealed).toEqual([['2']]);
    await page.close();
  });
});
