import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lookOut } from '../support/notice.ts';
import { auditOf, studioOf } from './support/answers.ts';
import { seriousFaults } from './support/axe.ts';
import { chromiumPath, placeOf, StudioPage, type Answers } from './support/page.ts';

const scale = { classes: 9, models: 2 };
const studio = studioOf(auditOf(scale));
const used = {
  ...{ id: 'onnxruntime', provider: 'cpu', device: 'a processor', version: '1', threads: 4 },
  precision: 'float32',
  deterministic: true,
};
const choice = (name: string, possible = true) => ({
  ...{ name, title: `Engine ${name}`, text: 'What it needs.', possible },
});
const engines = {
  choices: [choice('cpu'), choice('webgpu'), choice('dml', false)],
  ...{ used, threads: { usual: 4, most: 8 } },
};
const path = '/config/settings.json';
const calm: Answers = {
  'settings.get': () => ({ settings: {}, given: {}, path }),
  'engines.list': () => engines,
  'workspace.get': () => ({
    ...{ name: 'fixture', path: '/fixture', bytes: { database: 2e6, files: 3e8 } },
  }),
};
const modelOfSample = (id: number) => ({
  ...{ id, name: `model ${id}`, path: `/eidoscope/resources/sample/model-${id}.onnx` },
  ...{ sha256: '0'.repeat(64), bytes: 1, labels: ['zero'], channels: 3, height: 28 },
  ...{ width: 28, preprocessingFrom: 'unit', request: { path: '/model.onnx' } },
  addedAt: '2026-01-01T00:00:00.000Z',
});
const withModels = (...ids: number[]): Answers => ({
  ...calm,
  'studio.get': () => ({ ...studio, models: ids.map(modelOfSample) }),
});
/** The audit that is open is of both. */
const sample = withModels(1, 2);
/** Text of what has the focus. */
const focused = async (page: Page): Promise<string> =>
  String(await page.evaluate('document.activeElement.textContent'));
/** Pixels that the page is larger than its window, across and down. */
const OVERFLOWS = `(({ scrollWidth, scrollHeight, clientWidth, clientHeight }) =>
  [scrollWidth - clientWidth, scrollHeight - clientHeight])(document.documentElement)`;
const tour = (page: Page) => page.getByRole('region', { name: /^Tour, / });

async function palette(page: Page, typed: string): Promise<string[]> {
  await page.keyboard.press('Control+k');
  await page.locator('input:focus').waitFor();
  await page.keyboard.type(typed);
  return page.getByRole('listbox', { name: 'Commands' }).getByRole('option').allInnerTexts();
}

describe.skipIf(!chromiumPath)('the shell of the studio', () => {
  let host: StudioPage;
  beforeAll(async () => {
    host = await StudioPage.start();
  });
  afterAll(() => host.stop());
  afterEach(() => expect(host.complaints.splice(0)).toEqual([]));

  it('chooses engine and threads by keyboard, and keeps them once they are applied', async () => {
    const kept: unknown[] = [];
    const page = await host.open('#/1/settings', scale, 'dark', {
      ...calm,
      'settings.set': (settings: object) => {
        kept.push(settings);
        return { settings, given: {}, path };
      },
    });
    await page.getByRole('radio', { name: /Engine cpu/ }).focus();
    expect(await page.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
    await page.keyboard.press('ArrowDown');
    await page.getByRole('slider', { name: 'Threads' }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByText('3 of 8').waitFor();
    await page.getByRole('button', { name: 'Apply' }).press('Enter');
    await page.getByRole('button', { name: 'Apply', disabled: true }).waitFor();
    expect(kept).toEqual([{ engine: 'webgpu', threads: 3 }]);
    expect(await page.getByRole('radio', { name: /Engine dml/ }).isDisabled()).toBe(true);
    await page.close();
  });

  it('says why another engine computes, why it was chosen, what the command line overrules, and what is wrong with the file', async () => {
    const fallback = 'The provider webgpu cannot be used here, so the CPU computes: no device.';
    const chosen = 'Eidoscope chose the engine cpu: to convolve some images it takes 31 ms.';
    const page = await host.open('#/1/settings', scale, 'light', {
      ...calm,
      'engines.list': () => ({ ...engines, used: { ...used, fallback, chosen } }),
      'settings.get': () => ({
        ...{ settings: { threads: 2 }, given: { threads: 4 }, path },
        problem: `The file ${path} is damaged.`,
      }),
    });
    await page.getByText(fallback).waitFor();
    await page.getByText(chosen).waitFor();
    await page.getByText('Started with --threads 4').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('is damaged');
    expect(await seriousFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await seriousFaults(page)).toEqual([]);
    await page.goto(`${host.origin}#/1/gallery`);
    await page.getByRole('status').getByText('is damaged').waitFor();
    await page.close();
  });

  it('shows a workspace that can only be read as such, and says so when a mark is refused', async () => {
    const readOnly = 'This workspace is read-only, for it may not be written to.';
    const page = await host.open('#/1/gallery', scale, 'dark', {
      ...calm,
      'studio.get': () => ({ ...studio, workspace: { ...studio.workspace, readOnly } }),
      ...{ 'review.set': undefined },
    } as unknown as Answers);
    await page.getByText('Read-only', { exact: true }).waitFor();
    expect(await page.getByText('Read-only', { exact: true }).getAttribute('title')).toBe(readOnly);
    await page.getByRole('grid').focus();
    await page.keyboard.press('p');
    await page.getByRole('status').getByText('Not marked: This service answers no').waitFor();
    await page.close();
  });

  it('holds all views in one line each, without a scrollbar, however narrow', async () => {
    const page = await host.open('#/1/gallery', scale, 'dark', calm);
    await page.getByRole('grid').waitFor();
    for (const width of [1920, 1280, 1024, 800, 640]) {
      await page.setViewportSize({ width, height: 800 });
      const links = page.getByRole('navigation', { name: 'Views' }).getByRole('link');
      const boxes = await Promise.all((await links.all()).map((link) => link.boundingBox()));
      expect(boxes).toHaveLength(7);
      expect(new Set(boxes.map((box) => Math.round(box!.y))).size, `at ${width}`).toBe(1);
      const widest = Math.max(...boxes.map((box) => box!.x + box!.width));
      expect(widest, `at ${width}`).toBeLessThanOrEqual(width);
      const overflows = await page.evaluate(OVERFLOWS);
      expect(overflows, `at ${width}`).toEqual([0, 0]);
    }
    await page.close();
  });

  it('opens help at the term that was asked about, and finds equations by their words', async () => {
    const page = await host.open('#/1/loupe/1', scale, 'light', calm);
    await page.getByRole('button', { name: 'Logit', exact: true }).first().click();
    await page.getByRole('button', { name: 'Read on in help' }).click();
    const help = page.getByRole('dialog', { name: 'What the figures mean' });
    await help.waitFor();
    expect(await focused(page)).toMatch(/^Logit\s/);
    const equations = help.getByRole('img', { name: /^Equation: / });
    expect(await equations.count()).toBe(8);
    for (const equation of await equations.all()) {
      const { width, height } = (await equation.locator('math').boundingBox())!;
      expect(Math.min(width, height)).toBeGreaterThan(10);
    }
    expect(await seriousFaults(page)).toEqual([]);
    await help.getByRole('searchbox').fill('stranger');
    await equations.first().waitFor();
    expect(await equations.count()).toBe(1);
    expect(await equations.locator('mfrac').count()).toBe(1);
    await help.getByRole('searchbox').fill('xyzzy');
    await help.getByText('Nothing here speaks of “xyzzy”.').waitFor();
    await page.close();
  });

  it('finds classes, audits and settings by name, and offers what was chosen last first', async () => {
    const page = await host.open('#/1/gallery', scale, 'dark', {
      ...calm,
      'studio.get': () => ({
        ...studio,
        audits: [...studio.audits, { ...studio.audits[0], id: 2, name: 'faces of spring' }],
      }),
    });
    await page.getByRole('grid').waitFor();
    expect(await palette(page, 'faces')).toEqual([
      expect.stringMatching(/^faces of spring\s+Audits/),
    ]);
    await page.keyboard.press('Escape');
    await palette(page, 'class 5');
    await page.getByRole('option', { name: /^class 5\s+Classes/ }).waitFor();
    await page.keyboard.press('Escape');
    await palette(page, 'theme: light');
    await page.keyboard.press('Enter');
    await page.locator(':root[data-theme=light]').waitFor();
    await palette(page, 'class 5');
    await page.keyboard.press('Enter');
    expect(await placeOf(page)).toBe('#/1/gallery?q=class+5');
    await palette(page, 'go to settings');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Settings' }).waitFor();
    await page.goBack();
    await page.getByRole('grid').waitFor();
    expect((await palette(page, ''))[0]).toMatch(/^Go to the settings/);
    await page.close();
  });

  it('opens the palette again for keys that follow one another at once', async () => {
    const page = await host.open('#/1/gallery', scale, 'dark', calm);
    await page.getByRole('grid').waitFor();
    await palette(page, '');
    const field = page.locator('input:focus');
    for (let time = 0; time < 20; time++) {
      // Both are under way before the browser has told the page of the first.
      await Promise.all([page.keyboard.press('Escape'), page.keyboard.press('Control+k')]);
      await field.waitFor();
    }
    expect(await field.getAttribute('aria-label')).toBe('Command');
    await page.close();
  });

  it('leads through the sample by keyboard alone, once, and again when it is asked to', async () => {
    const page = await host.open('#/1/gallery', scale, 'dark', sample);
    await tour(page).waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('BODY');
    await page.keyboard.press('Tab');
    while ((await focused(page)).trim() !== 'Next') {
      await page.keyboard.press('Tab');
    }
    const seen: string[] = [];
    for (let step = 1; step <= 7; step++) {
      await page.getByRole('region', { name: `Tour, ${step} of 7` }).waitFor();
      seen.push((await placeOf(page)).split('/')[2]);
      if (step === 4) expect(await seriousFaults(page)).toEqual([]);
      await page.keyboard.press('Enter');
    }
    expect(seen).toEqual([
      ...['gallery', 'gallery', 'gallery', 'compare', 'similarity', 'loupe', 'report'],
    ]);
    await tour(page).waitFor({ state: 'detached' });
    await page.goto(`${host.origin}#/1/gallery`);
    await page.reload();
    await page.getByRole('grid').waitFor();
    expect(await tour(page).count()).toBe(0);
    await palette(page, 'take the tour');
    await page.keyboard.press('Enter');
    await tour(page).waitFor();
    await page.keyboard.press('Escape');
    await tour(page).waitFor({ state: 'detached' });
    await page.close();
  });

  it('waits while its person looks at something else, and goes on from there', async () => {
    const page = await host.open('#/1/gallery', scale, 'dark', sample);
    await tour(page).getByRole('button', { name: 'Next' }).click();
    await page.keyboard.press('l');
    await page.getByRole('heading', { name: 'Audits' }).waitFor();
    expect(await tour(page).count()).toBe(0);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Go on with the tour' }).click();
    await page.getByRole('region', { name: 'Tour, 2 of 7' }).waitFor();
    expect(await placeOf(page)).toContain('/gallery');
    await page.keyboard.press('l');
    await page.getByRole('button', { name: 'End the tour' }).click();
    await page.keyboard.press('g');
    await page.getByRole('grid').waitFor();
    expect(await tour(page).count()).toBe(0);
    await page.close();
  });

  it.each([
    ['workspace', calm],
    ['audit', withModels(1)],
  ])('leads nobody through another %s than the sample', async (_what, answers) => {
    const page = await host.open('#/1/gallery', scale, 'dark', answers);
    await page.getByRole('grid').waitFor();
    expect(await tour(page).count()).toBe(0);
    await page.close();
  });

  it('says that nothing leaves this machine', async () => {
    const page = await host.open('#/1/gallery', scale, 'light', calm);
    await page.getByRole('grid').waitFor();
    await palette(page, 'about');
    await page.keyboard.press('Enter');
    const about = page.getByRole('dialog', { name: 'About Eidoscope' });
    await about.getByText('Offline: nothing leaves this machine.').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.close();
  });

  it('opens its line again when it is cut, and is complete at once', async () => {
    let name = 'before';
    const page = await host.open('#/1/gallery', scale, 'dark', {
      ...calm,
      'audit.get': () => {
        const audit = auditOf(scale);
        return { ...audit, summary: { ...audit.summary, name } };
      },
    });
    await page.getByRole('grid').waitFor();
    expect(await page.title()).toBe('before – Eidoscope');
    name = 'after';
    const told = await lookOut(page, 'The studio does not answer');
    host.cut();
    await told();
    expect(await page.getByRole('grid').isVisible()).toBe(true);
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await page.waitForFunction(`document.title === 'after – Eidoscope'`);
    await page.close();
  });
});
