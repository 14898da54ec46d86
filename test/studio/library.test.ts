import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Match } from '../../src-main/api/library.ts';
import type { Inspection } from '../../src-main/api/model.ts';
import type { KnownModel, Studio } from '../../src-main/api/studio.ts';
import { auditOf, studioOf } from './support/answers.ts';
import { faultsInBothThemes } from './support/axe.ts';
import { chromiumPath, StudioPage, type Answers } from './support/page.ts';

const scale = { classes: 3, models: 2 };
const hash = 'a'.repeat(64);
const long = 'mortarboard, academic cap, in a very long name as some exporters give them';

const known: KnownModel = {
  ...{ id: 1, name: 'digits', path: '/models/digits.onnx', sha256: hash, bytes: 61_700 },
  ...{ labels: ['zero', 'one', long], channels: 3, height: 28, width: 28 },
  ...{ preprocessingFrom: 'imagenet (assumed)', addedAt: '2026-01-01T00:00:00.000Z' },
  request: { path: '/models/digits.onnx' },
};
const set = {
  ...{ id: 4, name: 'photographs', path: '/photographs', fingerprint: hash, images: 50 },
  ...{ counts: { zero: 20, one: 20, teapot: 10 }, addedAt: '2026-01-01T00:00:00.000Z' },
  skipped: [{ name: 'one/a.txt', reason: 'one/a.txt cannot be read as a photograph.' }],
};
const full = (): Studio => ({ ...studioOf(auditOf(scale)), models: [known], imageSets: [set] });
const empty = (): Studio => ({ ...studioOf(auditOf(scale)), audits: [] });

const found = (labels: string[], preprocessing: string): Inspection => ({
  path: '/up/digits.onnx',
  found: {
    ...{ name: 'digits', format: 'onnx', opset: 17, producer: 'pytorch 2.4', parameters: 14_834 },
    files: [{ path: 'digits.onnx', bytes: 61_700, sha256: hash }],
    inputs: [{ name: 'x', dtype: 'float32', dims: ['batch', 3, 28, 28] }],
    ...{ outputs: ['logits', 'features'], operators: [], unsupported: [], notes: [] },
    classifier: {
      ...{ channels: 3, height: 28, width: 28, layout: 'NCHW', batch: 'free', logits: 'logits' },
      ...{ labels, preprocessingFrom: preprocessing, layers: { modules: 12 } },
      preprocessing: { range: 1, mean: [0, 0, 0], std: [1, 1, 1], order: 'RGB', resize: 28 },
    },
  },
});

/** A service that knows one good file, and calls every other one what it is. */
function service(studio: () => Studio, asked: unknown[] = []): Answers {
  return {
    'studio.get': studio,
    'method.get': () => ({ options: [], profiles: [], preprocessing: ['imagenet', 'unit'] }),
    'model.inspect': (request: { path: string; preprocessing?: string; labelsText?: string }) => {
      const { path, preprocessing = 'imagenet (assumed)', labelsText } = request;
      asked.push(request);
      if (!path.endsWith('.onnx')) {
        return { path, problem: 'notes.pdf is a PDF, not an ONNX model; give a .onnx file.' };
      }
      const labels = labelsText?.split('\n') ?? ['class 0', 'class 1', 'class 2'];
      return found(labels, preprocessing);
    },
    'model.try': ({ model }: { model: { preprocessing?: string } }) => ({
      ...{ imageHash: hash, height: 28, width: 28 },
      top: ['two', long].map((label, classIndex) => ({
        ...{ classIndex, label, logit: 4 - classIndex, probability: 0.9 / (1 + classIndex) },
      })),
      warnings: model.preprocessing ? [] : ['The model hardly prefers one class to another.'],
    }),
    'model.selfTest': ({ photograph }: { photograph?: string }) => ({
      ...{ model: 'digits', passed: false, top: [] },
      checks: [
        { name: 'gradient', state: 'failed', text: 'The logits change in jumps (Round).' },
        { name: 'original', state: 'passed', text: 'The file itself gives the same.' },
        { name: 'photograph', state: 'skipped', text: photograph ?? 'No photograph was given.' },
      ],
    }),
    'model.add': (request: unknown) => {
      asked.push(request);
      return { modelId: 1, isNew: true };
    },
  };
}

/** Takes what the page sends, as the web host does. */
async function takeUploads(page: Page): Promise<string[]> {
  const sent: string[] = [];
  await page.route('**/uploads/**', (route) => {
    const { pathname } = new URL(route.request().url());
    sent.push(`${route.request().method()} ${pathname.replace(/[0-9a-f]{32}/, 'BATCH')}`);
    const path = `/ws${pathname}`;
    return route.fulfill({ status: 201, contentType: 'application/json', json: { path } });
  });
  return sent;
}

const file = (name: string, mimeType = '') => ({ name, mimeType, buffer: Buffer.from('x') });

describe.skipIf(!chromiumPath)('the library', () => {
  let studio: StudioPage;
  beforeAll(async () => {
    studio = await StudioPage.start();
  });
  afterAll(() => studio.stop());
  afterEach(() => expect(studio.complaints.splice(0)).toEqual([]));

  it('is what a new user sees: import, sample or photographs', async () => {
    let sampled = 0;
    const more = {
      ...service(empty),
      'sample.add': () => {
        sampled++;
        return { auditId: 1 };
      },
    };
    const page = await studio.open('', scale, 'light', more);
    await page.getByRole('heading', { name: 'What does your classifier look for?' }).waitFor();
    expect(await page.getByRole('link', { name: 'Library' }).getAttribute('aria-current')).toBe(
      'page',
    );
    expect(await faultsInBothThemes(page)).toEqual([]);
    await page.getByRole('button', { name: 'Run the sample' }).press('Enter');
    await expect.poll(() => sampled).toBe(1);
    await page.close();
  });

  it('imports a model by keyboard: what was found, what is asked, a photograph, kept', async () => {
    const asked: { preprocessing?: string; labelsText?: string }[] = [];
    const page = await studio.open('#/1/gallery', scale, 'dark', service(full, asked));
    const sent = await takeUploads(page);
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('l');
    await page.getByRole('heading', { name: 'Models' }).waitFor();
    await page.keyboard.press('Shift+I');
    const dialog = page.getByRole('dialog', { name: 'Import a model' });
    await dialog.getByLabel(/path on the machine/).fill('/up/digits.onnx');
    await page.keyboard.press('Enter');
    await dialog.getByText('ONNX, opset 17, written by pytorch 2.4').waitFor();
    await dialog.getByText('not said by the file; imagenet is assumed').waitFor();
    await dialog.getByText('3, without names').waitFor();
    const chooser = page.waitForEvent('filechooser');
    await dialog.getByRole('button', { name: 'Choose a photograph …' }).press('Enter');
    await (await chooser).setFiles([file('two.png', 'image/png')]);
    await dialog.getByText('The model hardly prefers').waitFor();
    expect(await faultsInBothThemes(page)).toEqual([]);
    await dialog.getByLabel(/How does it want its pixels/).selectOption('unit');
    await dialog.getByText('The model hardly prefers').waitFor({ state: 'detached' });
    await dialog.getByLabel(/Names of the classes/).fill('zero\none\ntwo');
    await dialog.getByText('3: zero, one, two').waitFor();
    await dialog.getByRole('button', { name: 'Add to the library' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(asked.at(-1)).toEqual({
      ...{ path: '/up/digits.onnx', preprocessing: 'unit', labelsText: 'zero\none\ntwo' },
    });
    // The photograph was sent to be looked at, and is taken back.
    await expect.poll(() => sent).toEqual(['PUT /uploads/BATCH/two.png', 'DELETE /uploads/BATCH']);
    await page.close();
  });

  it('tests by keyboard whether a model is read rightly, and forgets it with other answers', async () => {
    const page = await studio.open('#/1/library', scale, 'light', service(full));
    await page.getByRole('heading', { name: 'Models' }).waitFor();
    await page.keyboard.press('Shift+I');
    const dialog = page.getByRole('dialog', { name: 'Import a model' });
    await dialog.getByLabel(/path on the machine/).fill('/up/digits.onnx');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Test this model' }).press('Enter');
    await dialog.getByText('Gradient, failed. The logits change in jumps (Round).').waitFor();
    await dialog.getByText('Original file, passed.').waitFor();
    await dialog.getByText('Photograph, not tested. No photograph was given.').waitFor();
    expect(await faultsInBothThemes(page)).toEqual([]);
    await dialog.getByLabel(/How does it want its pixels/).selectOption('unit');
    await dialog.getByText('Gradient, failed.').waitFor({ state: 'detached' });
    await page.close();
  });

  it('says exactly what is wrong with a file, keeps nothing, and takes another', async () => {
    const page = await studio.open('#/1/library', scale, 'dark', service(full));
    const sent = await takeUploads(page);
    await page.getByRole('button', { name: 'Import a model …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import a model' });
    const choose = async (name: string): Promise<void> => {
      const chooser = page.waitForEvent('filechooser');
      await dialog.getByRole('button', { name: 'Choose a file …' }).click();
      await (await chooser).setFiles([file(name)]);
    };
    await choose('notes.pdf');
    const alert = dialog.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toBe(
      'notes.pdf is a PDF, not an ONNX model; give a .onnx file.',
    );
    expect(await dialog.getByRole('button', { name: 'Add to the library' }).count()).toBe(0);
    await choose('digits.onnx');
    await dialog.getByText('ONNX, opset 17').waitFor();
    expect(await alert.count()).toBe(0);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect
      .poll(() => sent.filter((line) => line.startsWith('DELETE')))
      .toEqual(['DELETE /uploads/BATCH', 'DELETE /uploads/BATCH']);
    await page.close();
  });

  it('takes what is dropped anywhere in the window', async () => {
    const page = await studio.open('#/1/gallery', scale, 'light', service(full));
    const sent = await takeUploads(page);
    await page.getByRole('grid').waitFor();
    // In words, for tests know no browser's types.
    const transfer = await page.evaluateHandle(`(() => {
      const data = new DataTransfer();
      data.items.add(new File(['x'], 'labels.txt', { type: 'text/plain' }));
      data.items.add(new File(['x'], 'digits.onnx'));
      return data;
    })()`);
    await page.dispatchEvent('main', 'dragenter', { dataTransfer: transfer });
    await page.getByText(/^Drop a model \(/).waitFor();
    await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
    await page.getByRole('dialog', { name: 'Import a model' }).waitFor();
    await page.getByText('digits.onnx, sent to the workspace').waitFor();
    expect(sent).toEqual(['PUT /uploads/BATCH/labels.txt', 'PUT /uploads/BATCH/digits.onnx']);
    expect(await page.getByText(/^Drop a model \(/).isVisible()).toBe(false);
    await page.close();
  });

  it('adds photographs by their path, tells how far it is, and stops', async () => {
    const more: Answers = {
      ...service(full),
      'imageSet.add': () => new Promise(() => undefined),
      'library.stop': () => ({}),
    };
    const page = await studio.open('#/1/library', scale, 'dark', more);
    await page.getByRole('heading', { name: 'Models' }).waitFor();
    await page.keyboard.press('Shift+P');
    const dialog = page.getByRole('dialog', { name: 'Add photographs' });
    await dialog.getByLabel(/Path of the folder/).fill('/photographs');
    await page.keyboard.press('Enter');
    await dialog.getByRole('progressbar').waitFor();
    studio.push('library.progress', { task: 'add /photographs', done: 30, total: 50 });
    await dialog.getByText('30 of 50').waitFor();
    expect(await faultsInBothThemes(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Stop' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.close();
  });

  it('counts what a model sees in photographs, with progress, and tells where they are too few', async () => {
    let finish: (match: Match) => void = () => undefined;
    const classes = [
      { index: 0, label: 'zero', images: 20 },
      { index: 1, label: 'one', images: 20 },
    ];
    const match: Match = { modelId: 1, classes, unmatched: ['teapot'], skipped: [] };
    let answer = match;
    const more: Answers = {
      ...service(full),
      'imageSet.get': () => [answer],
      'imageSet.count': () => new Promise((resolve) => (finish = resolve)),
    };
    const page = await studio.open('#/1/library', scale, 'dark', more);
    await page.getByText('1 file left out').waitFor();
    await page.getByText('Classes, and how the models see them').press('Enter');
    await page.getByText('1 folder is named after no class of this model: teapot').waitFor();
    await page.getByRole('button', { name: 'Count what digits sees' }).press('Enter');
    await page.getByRole('progressbar', { name: 'Photographs counted' }).waitFor();
    answer = {
      ...match,
      classes: classes.map((each, i) => ({ ...each, predicted: [18, 3][i] })),
    };
    finish(answer);
    await page.getByRole('row', { name: 'zero 20 18' }).waitFor();
    await page.getByRole('row', { name: 'one 20 3 too few' }).waitFor();
    expect(await faultsInBothThemes(page)).toEqual([]);
    await page.close();
  });

  it('renames an audit, and removes one after it said what goes with it', async () => {
    const calls: unknown[] = [];
    let audits = full().audits;
    const more: Answers = {
      ...service(() => ({ ...full(), audits })),
      'audit.rename': (input: unknown) => {
        calls.push(input);
        return {};
      },
      'audit.weigh': () => ({ bytes: 5_300_000, prototypes: 27, reviews: 2 }),
      'audit.remove': (input: unknown) => {
        calls.push(input);
        audits = [];
        studio.push('studio.changed', {});
        return { bytes: 5_300_000 };
      },
    };
    const page = await studio.open('#/1/library', scale, 'light', more);
    await page.getByRole('button', { name: 'Rename fixture' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Digits');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Rename' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Remove fixture' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove this audit?' });
    await dialog.getByText(/27 prototypes, 2 findings .* frees 5\.3 MB/).waitFor();
    await dialog.getByRole('button', { name: 'Remove the audit' }).click();
    await page.getByText('No audit yet.').waitFor();
    expect(calls).toEqual([{ auditId: 1, name: 'Digits' }, { auditId: 1 }]);
    await page.close();
  });

  it('lets a model that an audit uses be tried, but not be read in another way', async () => {
    const page = await studio.open('#/1/library', scale, 'dark', service(full));
    expect(await page.getByRole('button', { name: 'Remove digits' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Look at or try digits' }).click();
    const dialog = page.getByRole('dialog', { name: 'digits' });
    await dialog.getByText('The audit fixture uses this model as it is.').waitFor();
    expect(await dialog.getByLabel(/How does it want its pixels/).count()).toBe(0);
    expect(await dialog.getByRole('button', { name: 'Choose a photograph …' }).isEnabled()).toBe(
      true,
    );
    await page.close();
  });
});
