import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Inspection } from '../../src-main/api/model.ts';
import { faultsInBothThemes } from './support/axe.ts';
import { chromiumPath, StudioPage, type Answers } from './support/page.ts';

const scale = { classes: 3, models: 2 };
const hash = 'a'.repeat(64);
const scratch = mkdtempSync(join(tmpdir(), 'eidoscope-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Writes a folder of small files. @returns its path */
function folder(name: string, ...files: string[]): string {
  for (const file of files) {
    const path = join(scratch, name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'x');
  }
  return join(scratch, name);
}

const SAVED = ['saved_model.pb', 'variables/variables.index', 'variables/variables.data-0-of-1'];

const found = (path: string): Inspection => ({
  path,
  signatures: ['animals', 'colours'],
  found: {
    ...{ name: 'net', format: 'saved-model', producer: 'TensorFlow 2.21', parameters: 14_834 },
    files: [{ path: 'net/saved_model.pb', bytes: 61_700, sha256: hash }],
    inputs: [{ name: 'x', dtype: 'float32', dims: ['batch', 28, 28, 3] }],
    ...{ outputs: ['scores'], operators: [], unsupported: [], notes: [] },
    classifier: {
      ...{ channels: 3, height: 28, width: 28, layout: 'NHWC', batch: 'free', logits: 'scores' },
      ...{ labels: ['a', 'b'], preprocessingFrom: 'unit', layers: { modules: 12 } },
      preprocessing: { range: 1, mean: [0, 0, 0], std: [1, 1, 1], order: 'RGB', resize: 28 },
    },
  },
});

/** A service that knows SavedModels of two signatures, of which one has to be chosen. */
const service = (asked: unknown[]): Answers => ({
  'method.get': () => ({ options: [], profiles: [], preprocessing: ['imagenet', 'unit'] }),
  'model.inspect': (request: { path: string; signature?: string }) => {
    asked.push(request);
    if (request.signature === 'colours') return found(request.path);
    if (request.signature !== undefined) return { path: request.path, problem: 'It is damaged.' };
    const problem = 'The SavedModel has several signatures: animals, colours; say which one.';
    return { path: request.path, problem, signatures: ['animals', 'colours'] };
  },
  'model.add': (request: unknown) => {
    asked.push(request);
    return { modelId: 1, isNew: true };
  },
});

/** Takes what the page sends, as the web host does; from some file on the line is cut. */
async function takeUploads(page: Page, cutAt = Infinity): Promise<string[]> {
  const sent: string[] = [];
  await page.route('**/uploads/**', (route) => {
    const { pathname } = new URL(route.request().url());
    const method = route.request().method();
    sent.push(`${method} ${pathname.replace(/[0-9a-f]{32}/, 'BATCH')}`);
    if (method === 'PUT' && sent.length > cutAt) return route.abort();
    const path = `/ws${decodeURIComponent(pathname)}`;
    return route.fulfill({ status: 201, contentType: 'application/json', json: { path } });
  });
  return sent;
}

/** Drops what lies on the disk onto the window, as a file manager does: a page sees folders in it. */
async function drop(page: Page, ...files: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data });
  await session.detach();
}

const puts = (sent: readonly string[]): string[] =>
  sent.filter((line) => line.startsWith('PUT')).sort();

describe.skipIf(!chromiumPath)('a folder of a model', () => {
  let studio: StudioPage;
  beforeAll(async () => {
    studio = await StudioPage.start();
  });
  afterAll(() => studio.stop());
  afterEach(() => expect(studio.complaints.splice(0)).toEqual([]));

  async function open(asked: unknown[] = []): Promise<Page> {
    const page = await studio.open('#/1/library', scale, 'light', service(asked));
    await page.getByRole('heading', { name: 'Models' }).waitFor();
    return page;
  }

  it('is sent as a whole when it is dropped, and asked for its signature', async () => {
    const asked: Record<string, unknown>[] = [];
    const page = await open(asked);
    const sent = await takeUploads(page);
    folder('', 'my net.json');
    const net = folder('my net', ...SAVED, '.DS_Store', 'assets/.keep');
    await drop(page, net, join(scratch, 'my net.json'));
    const dialog = page.getByRole('dialog', { name: 'Import a model' });
    await dialog.getByText(/several networks, and does not say which one is meant/).waitFor();
    expect(await dialog.getByRole('alert').count()).toBe(0);
    await dialog.getByText('my net/saved_model.pb, sent to the workspace').waitFor();
    const names = ['.json', ...SAVED.map((file) => `/${file}`)];
    expect(puts(sent)).toEqual(names.map((name) => `PUT /uploads/BATCH/my%20net${name}`).sort());
    expect(await faultsInBothThemes(page)).toEqual([]);
    await dialog.getByLabel(/Which one is the classifier/).focus();
    await dialog.getByLabel(/Which one is the classifier/).selectOption('animals');
    await dialog.getByText('It is damaged.').waitFor();
    await dialog.getByLabel(/Which one is the classifier/).selectOption('colours');
    await dialog.getByText('TensorFlow SavedModel, written by TensorFlow 2.21').waitFor();
    expect(await dialog.locator('select:focus').inputValue()).toBe('colours');
    await dialog.getByRole('button', { name: 'Add to the library' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(asked.at(-1)).toMatchObject({ signature: 'colours' });
    expect(asked.at(-1)?.path).toMatch(/^\/ws\/uploads\/\w{32}\/my net\/saved_model\.pb$/);
    await page.close();
  });

  it('is found in the one folder that was dropped around it', async () => {
    const page = await open();
    const sent = await takeUploads(page);
    await drop(page, folder('served', ...SAVED.map((file) => `1/${file}`)));
    await page.getByText('1/saved_model.pb, sent to the workspace').waitFor();
    expect(puts(sent)).toHaveLength(3);
    await page.close();
  });

  it('is sent when it is chosen, without what systems hide in it', async () => {
    const page = await open();
    const sent = await takeUploads(page);
    await page.getByRole('button', { name: 'Import a model …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import a model' });
    const choose = async (path: string): Promise<void> => {
      const chooser = page.waitForEvent('filechooser');
      await dialog.getByRole('button', { name: 'Choose a folder …' }).press('Enter');
      await (await chooser).setFiles(path);
    };
    await choose(folder('photographs', 'cat/1.jpg', 'notes.json'));
    await dialog.getByText('photographs holds no model: choose the model’s own').waitFor();
    expect(sent).toEqual([]);
    await choose(folder('web', 'model.json', 'group1-shard1of1.bin', '.hidden'));
    await dialog.getByText('web/model.json, sent to the workspace').waitFor();
    expect(puts(sent)).toEqual([
      'PUT /uploads/BATCH/web/group1-shard1of1.bin',
      'PUT /uploads/BATCH/web/model.json',
    ]);
    await page.close();
  });

  it('is taken back as a whole when the line is cut', async () => {
    const page = await open();
    const sent = await takeUploads(page, 1);
    await drop(page, folder('cut', ...SAVED));
    const dialog = page.getByRole('dialog', { name: 'Import a model' });
    await dialog.getByText(/could not be sent: the studio does not answer/).waitFor();
    await expect.poll(() => sent.at(-1)).toBe('DELETE /uploads/BATCH');
    studio.complaints.splice(0); // The browser says that a request failed.
    await page.close();
  });

  it('is refused before anything is sent where the workspace could not keep it', async () => {
    const page = await open();
    const sent = await takeUploads(page);
    await drop(page, folder('named', 'model.json', 'a:b.bin'));
    const dialog = page.getByRole('dialog', { name: 'Import a model' });
    await dialog.getByText('“a:b.bin” cannot be sent under this name: rename it.').waitFor();
    await drop(
      page,
      folder('many', 'model.json', ...Array.from({ length: 2100 }, (_, i) => `w${i}`)),
    );
    await dialog.getByText('The folder many holds more than 2048 files: give its path').waitFor();
    await drop(page, folder('deep', 'model.json', `${'a/'.repeat(9)}w`));
    await dialog.getByText(/lies in too many folders to be sent/).waitFor();
    expect(sent).toEqual([]);
    await page.close();
  });

  it('is none where it holds photographs', async () => {
    const page = await open();
    await drop(page, folder('animals', 'cat/1.jpg', 'dog/1.jpg'));
    const asked = page.getByText('A browser does not tell where the folder “animals” lies');
    await asked.waitFor();
    expect(await page.getByRole('dialog', { name: 'Import a model' }).count()).toBe(0);
    await page.close();
  });
});
