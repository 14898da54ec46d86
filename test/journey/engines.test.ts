import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { findNative } from '../../src-main/engine/tensorflow/location.ts';
import { Folder } from '../support/network.ts';
import { ask } from './support/ask.ts';
import { Gallery } from './support/gallery.ts';
import { hosts, type OpenStudio } from './support/hosts.ts';

const folder = new Folder();
afterAll(() => folder.remove());

const golden = join(import.meta.dirname, '..', '..', 'src-main', 'graph', 'keras', 'golden');
const hasNative = (() => {
  try {
    return findNative() !== '';
  } catch {
    return false;
  }
})();
const engine = hasNative ? 'tensorflow' : 'tensorflow-wasm';

describe.each(hosts)('a model of Keras in $name', (host) => {
  let studio: OpenStudio | undefined;
  afterEach(async () => {
    await studio?.close();
    studio = undefined;
  });

  it.each(['chain.h5', 'everything.keras'])('is audited on TensorFlow: %s', async (file) => {
    const workspace = join(folder.path, `${host.name}-${file}`);
    mkdirSync(`${workspace}-settings`);
    const settings = JSON.stringify({ version: 1, engine });
    writeFileSync(join(`${workspace}-settings`, 'settings.json'), settings);
    studio = await host.open(workspace);
    const { page } = studio;
    await page.getByRole('banner').waitFor();
    await ask(page, 'audit.create', {
      models: [{ path: join(golden, file), preprocessing: 'raw' }],
      ...{ classes: '0,1', options: { steps: 8, baseline: { maxSteps: 4 } } },
    });
    await page.evaluate(() => (location.hash = '#/latest/gallery'));
    await new Gallery(page).untilFinished(2);
    await page.evaluate(() => (location.hash = '#/1/settings'));
    const engineNow = page.getByText('Computes now:');
    await engineNow.waitFor();
    expect(await engineNow.innerText()).toMatch(
      hasNative ? /^Computes now: tensorflow, native/ : /^Computes now: tensorflow, wasm/,
    );
    expect(studio.complaints).toEqual([]);
  });
});

/** The page's global; tests are checked without a browser's types. */
declare const location: { hash: string };
