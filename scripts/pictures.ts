/**
 * Takes the pictures of the studio that the README shows: views of the audited sample, in both themes.
 *
 *   node scripts/pictures.ts [WORKSPACE]
 *
 * Needs a build and a workspace with the sample; the views are the ones that reviewers see at 1280 × 800.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import sharp from 'sharp';
import type { Mark } from '../src-main/api/review.ts';
import { ask } from '../test/journey/support/ask.ts';
import { hosts } from '../test/journey/support/hosts.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'docs', 'pictures');

/** Views by the name of their picture: an address, what must be there, and keys that are pressed then. */
const views = {
  gallery: { place: 'gallery', wait: '[role=gridcell] img', keys: [] },
  compare: { place: 'compare/11,41', wait: 'main img', keys: [] },
  similarity: { place: 'similarity', wait: 'main canvas, main table', keys: [] },
  report: { place: 'report', wait: 'main img', keys: [] },
} as const;

/** A finding, so that the report has something to show. */
async function write(page: Page): Promise<void> {
  const note =
    'The first model draws a red zero without a shape: it has learned the colour, not the digit.';
  const mark: Mark = { state: 'concern', severity: 4, note };
  await ask(page, 'review.set', { auditId: 1, sights: ['11', '41'], mark });
}

async function take(page: Page, name: keyof typeof views, scheme: string): Promise<void> {
  const { place, wait, keys } = views[name];
  await page.evaluate((hash) => (location.hash = hash), `#/1/${place}`);
  await page.locator(wait).first().waitFor();
  for (const key of keys) await page.keyboard.press(key);
  // Charts are drawn once their figures are there.
  await page.waitForTimeout(1500);
  const picture = sharp(await page.screenshot());
  await picture.webp({ quality: 82 }).toFile(join(target, `studio-${name}-${scheme}.webp`));
}

/** Globals of the page; scripts are checked without a browser's types. */
declare const location: { hash: string };

const scratch = await mkdtemp(join(tmpdir(), 'eidoscope-pictures-'));
const browser = hosts.find(({ name }) => name === 'Chromium');
if (!browser) throw new Error('The pictures need a Chromium.');
for (const scheme of ['light', 'dark'] as const) {
  const workspace = join(scratch, scheme);
  const from = process.argv[2] ?? join(root, '.eidoscope', 'sample');
  await cp(from, workspace, { recursive: true });
  const studio = await browser.open(workspace, scheme);
  const { page } = studio;
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.locator(views.gallery.wait).first().waitFor();
  await write(page);
  const tour = page.getByRole('button', { name: 'Skip' });
  if (await tour.isVisible()) await tour.click();
  for (const name of Object.keys(views) as (keyof typeof views)[]) await take(page, name, scheme);
  await studio.close();
}
await rm(scratch, { recursive: true });
