import { chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/runtimes/chromium.ts';
import { hosts, type OpenStudio } from '../journey/support/hosts.ts';
import { makeWorkspace } from '../journey/support/workspace.ts';
import { Folder } from '../support/network.ts';
import { allOf, browserWays, foreignCode, waysOut } from './support/attempts.ts';
import { openCanary, type Canary } from './support/canary.ts';

/** Long enough for whatever is not stopped to arrive, in milliseconds: the control takes a tenth of it. */
const LONG = 3000;

/** A class or a note that would run, were it markup. */
const HOSTILE = '<img src="no.png" onerror="broken = true">';

/** What the desktop window's preload gives the page. */
const bridge = [
  ...['choose', 'kind', 'listen', 'onCommand', 'openWorkspace', 'pathOf', 'platform', 'print'],
  ...['recentWorkspaces', 'send', 'showMenu'],
];

/** Globals of the page; the tests are checked without a browser's types. */
declare const location: { hash: string };

const folder = new Folder();
afterAll(() => folder.remove());

let canary: Canary;
beforeAll(async () => {
  canary = await openCanary();
});
afterAll(() => canary.close());

const hitsIn = (page: OpenStudio['page']): Promise<string[]> =>
  page.evaluate(() => (globalThis as unknown as { hits: string[] }).hits);

describe.skipIf(!findChromium())('a page without a policy', () => {
  it('is broken by every attempt: each of them can succeed', async () => {
    const own = await openCanary();
    const browser = await chromium.launch({
      executablePath: findChromium(),
      args: ['--no-sandbox'],
    });
    const page = await browser.newPage();
    await page.goto(`${own.origin}/page`);
    await page.evaluate(allOf(foreignCode, own));
    await expect
      .poll(() => hitsIn(page).then((hits) => hits.sort()))
      .toEqual(Object.keys(foreignCode).sort());
    const everything = { ...waysOut, ...browserWays };
    await page.evaluate(allOf(everything, canary));
    await expect.poll(() => [...canary.arrivals].sort()).toEqual(Object.keys(everything).sort());
    await browser.close();
    own.close();
    canary.arrivals.clear();
  });
});

describe.each(hosts)('the studio in $name', (host) => {
  let studio: OpenStudio;
  beforeAll(async () => {
    // One class keeps its name, for its photographs to be found.
    const names = Array<string>(10).fill(HOSTILE).with(3, 'three');
    const labels = folder.write('labels.txt', names.join('\n'));
    await makeWorkspace(folder.path, host.name, ['--labels', labels]);
    studio = await host.open(`${folder.path}/${host.name}`);
    await studio.page.getByRole('grid').waitFor();
  });
  afterAll(() => studio?.close());

  it('runs no code but its own, and reaches no other place', async () => {
    const { page } = studio;
    const desktop = host.name === 'Electron';
    await page.evaluate(allOf({ ...foreignCode, ...waysOut }, canary));
    if (desktop) await page.evaluate(allOf(browserWays, canary));
    await page.waitForTimeout(LONG);
    const arrivals = [...canary.arrivals];
    expect({ hits: await hitsIn(page), arrivals }).toEqual({ hits: [], arrivals: [] });
  });

  it('has nothing of Node, and of the host what it needs alone', async () => {
    const { page } = studio;
    const found = await page.evaluate(() => {
      const all = globalThis as Record<string, unknown>;
      const names = ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'];
      const bridge = Object.keys(all.eidoscopeHost ?? {}).sort();
      return { names: names.filter((name) => name in all), bridge };
    });
    expect(found).toEqual({ names: [], bridge: host.name === 'Electron' ? bridge : [] });
  });

  it('takes names and notes from files for text', async () => {
    const { page } = studio;
    await page.reload();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Note' }).fill(HOSTILE);
    await page.keyboard.press('Escape');
    for (const view of ['gallery', 'similarity']) {
      await page.evaluate((place) => (location.hash = place), `#/1/${view}`);
      await page.getByText(HOSTILE).first().waitFor({ state: 'attached' });
    }
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => 'broken' in globalThis)).toBe(false);
    expect(await page.locator('img[src="no.png"]').count()).toBe(0);
  });
});
