import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Estimate } from '../../src-main/api/estimate.ts';
import type { AuditRequest } from '../../src-main/api/request.ts';
import type { KnownModel, Studio } from '../../src-main/api/studio.ts';
import { methodAnswer } from '../../src-main/report/options.ts';
import { checkAnswer, classesAnswer } from '../../src-main/studio/answers/estimate.ts';
import { auditOf, studioOf } from './support/answers.ts';
import { faultsInBothThemes } from './support/axe.ts';
import { chromiumPath, placeOf, StudioPage, type Answers } from './support/page.ts';

const scale = { classes: 9, models: 2 };
const audit = auditOf(scale);
const CLASSES = 1000;

const labels = Array.from({ length: CLASSES }, (_, index) =>
  index === 151
    ? 'dalmatian'
    : index % 50 === 7
      ? `class ${index} with a name that is much longer than any line of the list has room for, as some of ImageNet’s are`
      : `class ${index}`,
);
const modelOf = (id: number, name: string): KnownModel => ({
  ...{ id, name, path: `/models/${name}.onnx`, sha256: 'a'.repeat(64), bytes: 1, labels },
  ...{ channels: 3, height: 224, width: 224, preprocessingFrom: 'imagenet' },
  ...{ request: { path: `/models/${name}.onnx` }, addedAt: '2026-01-01T00:00:00.000Z' },
});
const studio: Studio = {
  ...studioOf(audit),
  models: [modelOf(1, 'resnet'), modelOf(2, 'squeeze')],
  imageSets: [
    {
      ...{ id: 3, name: 'photos', path: '/photos', fingerprint: 'b'.repeat(64), images: 60 },
      ...{ counts: { 'class 3': 20, dalmatian: 40 }, skipped: [] },
      addedAt: '2026-01-01T00:00:00.000Z',
    },
  ],
};

const range = (least: number, most: number) => ({ least, most });
const estimate: Estimate = {
  ...{ problems: [], notes: [], busy: false, free: 4e11, seconds: range(700, 1100) },
  speeds: [
    {
      ...{ model: 'resnet', profile: 'paper', step: range(40, 50), from: 'trial' },
      batch: { images: 1, guessed: false },
    },
  ],
  work: {
    ...{ prototypes: 4, controls: 2, snapshots: 32, steps: 2048, baselineSteps: range(8, 40) },
    ...{ naturalImages: 60, comparisons: 18, total: range(3e8, 4.2e8) },
    bytes: {
      ...{ images: range(1, 2), tensors: range(1, 2), snapshots: range(1, 2) },
      ...{ evidence: range(1, 2), database: range(1, 2) },
    },
  },
};

/** A service that checks as the real one does, and computes nothing. */
function service(more: Answers = {}) {
  const created: AuditRequest[] = [];
  const stops: number[] = [];
  const matches = [1, 2].map((modelId) => ({
    ...{ modelId, unmatched: [], skipped: [] },
    classes: [
      { index: 3, label: labels[3], images: 20, predicted: 17 },
      { index: 151, label: 'dalmatian', images: 40 },
    ],
  }));
  const answers: Answers = {
    'studio.get': () => studio,
    'method.get': () => methodAnswer(),
    'audit.check': (request) => checkAnswer(request, '/srv/space'),
    'audit.estimate': () => estimate,
    'estimate.stop': () => {
      stops.push(1);
      return {};
    },
    'classes.find': ({ labels: all, text }: { labels: string[]; text: string }) =>
      classesAnswer(all, text),
    'imageSet.get': () => matches,
    'audit.create': (request: AuditRequest) => {
      created.push(request);
      const job = { id: 1, auditId: 1, name: 'fixture', state: 'queued', notes: [] };
      return { auditId: 1, job: { ...job, createdAt: '2026-01-01T00:00:00.000Z' } };
    },
    ...more,
  };
  return { answers, created, stops };
}

/** Tabs until something of that role and name has the focus. */
async function tabTo(
  page: Page,
  role: 'checkbox' | 'listbox' | 'textbox' | 'searchbox' | 'combobox',
  name: string,
) {
  const wanted = page.getByRole(role, { name, exact: true });
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    if ((await page.locator(':focus').and(wanted).count()) === 1) return;
  }
  throw new Error(`${role} ${name} cannot be reached by Tab.`);
}

const chosen = (page: Page, count: number): Promise<void> =>
  page.getByText(`${count.toLocaleString('en')} of 1,000 chosen`).waitFor();

describe.skipIf(!chromiumPath)('a new audit', () => {
  let window: StudioPage;
  beforeAll(async () => {
    window = await StudioPage.start();
  });
  afterAll(() => window.stop());
  afterEach(() => expect(window.complaints.splice(0)).toEqual([]));

  const open = async (answers: Answers, scheme: 'light' | 'dark' = 'dark'): Promise<Page> => {
    const page = await window.open('#/latest/new', scale, scheme, answers);
    await page.getByRole('heading', { name: 'New audit' }).waitFor();
    return page;
  };

  it('is put together and started by keyboard alone', async () => {
    const { answers, created } = service();
    const page = await window.open('#/1/gallery', scale, 'dark', answers);
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('a');
    await page.getByRole('heading', { name: 'New audit' }).waitFor();
    await tabTo(page, 'checkbox', /resnet/ as never);
    await page.keyboard.press('Space');
    await tabTo(page, 'combobox', 'Photographs');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, 'searchbox', 'Find a class');
    await page.getByRole('button', { name: 'None', exact: true }).press('Enter');
    await page.getByRole('searchbox').focus();
    await page.keyboard.type('dalm');
    await tabTo(page, 'listbox', 'Classes');
    await page.keyboard.press('Space');
    await chosen(page, 1);
    await page.getByText('About 12–18 minutes').waitFor();
    await page.getByRole('textbox', { name: /Or as a list/ }).focus();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('grid').waitFor();
    expect(await placeOf(page)).toBe('#/1/gallery');
    expect(created).toMatchObject([
      {
        ...{ models: [{ path: '/models/resnet.onnx' }], classes: '151', images: '/photos' },
        ...{ profiles: ['paper', 'fourier'], prototypes: 1, seed: 0 },
      },
    ]);
    await page.close();
  });

  it('takes a list of classes as the command line does, and says what is not found', async () => {
    const page = await open(service().answers);
    await page.getByRole('checkbox', { name: /resnet/ }).check();
    const list = page.getByRole('textbox', { name: /Or as a list/ });
    await list.fill('0-9\ndalmatian, 151\nclass 20');
    await chosen(page, 12);
    await list.fill('0-9, dalmatain, 1000');
    await page
      .getByText('There is no class called dalmatain; the nearest are dalmatian (151)')
      .waitFor();
    await page.getByText('There is no class 1000;').waitFor();
    expect(await page.getByRole('button', { name: /^Start/ }).isDisabled()).toBe(true);
    await page.getByRole('searchbox').fill('class 99');
    await page.getByRole('option', { name: /class 99$/ }).click();
    expect(await list.inputValue()).toBe('0-9, dalmatain, 1000\n99');
    await page.close();
  });

  it('chooses the classes that have photographs', async () => {
    const page = await open(service().answers);
    await page.getByRole('checkbox', { name: /resnet/ }).check();
    await page.getByText(/Without photographs there is no path similarity/).waitFor();
    await page.getByRole('combobox', { name: 'Photographs', exact: true }).selectOption('/photos');
    await page.getByRole('button', { name: 'Those with photographs (2)' }).click();
    await chosen(page, 2);
    await page.getByText('20 photographs, 17 predicted').waitFor();
    expect(await page.getByRole('textbox', { name: /Or as a list/ }).inputValue()).toBe('3,151');
    await page.close();
  });

  it('checks a parameter as it is typed, marks what was changed, and resets it', async () => {
    const page = await open(service().answers);
    await page.getByRole('checkbox', { name: /resnet/ }).check();
    await page.getByRole('heading', { name: 'Parameters' }).click();
    const rotation = page.getByRole('textbox', { name: 'Rotation, either way, natural path' });
    await rotation.fill('200');
    await page.getByText('It must be at most 180, not 200.').waitFor();
    expect(await rotation.getAttribute('aria-invalid')).toBe('true');
    await rotation.fill('15');
    await page.getByText('It must be at most 180, not 200.').waitFor({ state: 'detached' });
    await page.getByText('1 changed').waitFor();
    const scales = ['first', 'second'].map((place) =>
      page.getByRole('textbox', { name: `Scale, from and to, recognisable, ${place}` }),
    );
    await scales[0].fill('2');
    await page.getByText('It must name the smaller magnification first.').waitFor();
    await page.getByRole('button', { name: 'Reset all' }).click();
    expect(await rotation.inputValue()).toBe('180');
    expect(await scales[0].inputValue()).toBe('0.7');
    await page.close();
  });

  it('survives a reload and other views, and can be cleared', async () => {
    const page = await open(service().answers);
    await page.getByRole('checkbox', { name: /squeeze/ }).check();
    await page.getByRole('spinbutton', { name: /Seed/ }).fill('17');
    await page.reload();
    await page.getByRole('heading', { name: 'New audit' }).waitFor();
    expect(await page.getByRole('checkbox', { name: /squeeze/ }).isChecked()).toBe(true);
    expect(await page.getByRole('spinbutton', { name: /Seed/ }).inputValue()).toBe('17');
    await page.getByRole('link', { name: 'Gallery' }).click();
    await page.getByRole('grid').waitFor();
    await page.goBack();
    expect(await page.getByRole('spinbutton', { name: /Seed/ }).inputValue()).toBe('17');
    await page.getByRole('button', { name: 'Clear' }).click();
    expect(await page.getByRole('checkbox', { name: /squeeze/ }).isChecked()).toBe(false);
    await page.close();
  });

  it('begins from an audit of the workspace, and knows the same one again', async () => {
    const request: AuditRequest = {
      ...{ models: [{ path: '/models/squeeze.onnx' }], classes: '5,6', images: '/photos' },
      profiles: [{ profile: 'paper', options: { penalty: { weight: 0.05 } } }],
      ...{ prototypes: 3, seed: 4, options: {}, layers: 'conv', natural: 'labelled' },
      controls: false,
    };
    const known = { auditId: 1, state: 'cancelled', finished: 3, total: 9 } as const;
    const { answers } = service({
      'audit.configuration': () => request,
      'audit.estimate': () => ({ ...estimate, known }),
    });
    const page = await open(answers);
    await page
      .getByRole('combobox', { name: 'Start from an audit of the workspace' })
      .selectOption({ label: 'fixture' });
    await page.getByText('3 of 9 prototypes made').waitFor();
    await page.getByRole('button', { name: /^Go on with it/ }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Layers to compare' }).inputValue()).toBe(
      'conv',
    );
    await page.getByText('The same for a pipeline').click();
    const yaml = await page.getByLabel('audit.yaml', { exact: true }).innerText();
    expect(yaml).toContain('weight: 0.05');
    expect(await page.getByLabel('Command', { exact: true }).innerText()).toBe(
      'npx eidoscope audit --model /models/squeeze.onnx --classes 5,6 --images /photos --profile paper ' +
        '--prototypes 3 --seed 4 --set penalty.weight=0.05 --layers conv --natural labelled ' +
        '--no-controls --workspace /srv/space',
    );
    await page.close();
  });

  it('says beside the field what the service found, and stops an estimate', async () => {
    const problems = [{ field: 'images', message: 'The folder /photos is empty.' }];
    const found = { problems, notes: [], speeds: [], busy: false };
    const first = await open(service({ 'audit.estimate': () => found }).answers);
    await first.getByRole('checkbox', { name: /resnet/ }).check();
    const field = first.getByRole('region', { name: 'Photographs' });
    await field.getByText('The folder /photos is empty.').waitFor();
    await first.close();
    const { answers, stops } = service({ 'audit.estimate': () => new Promise(() => undefined) });
    const page = await open(answers);
    await page.getByRole('checkbox', { name: /resnet/ }).check();
    await page.getByRole('button', { name: 'Stop the estimate' }).click();
    await page.getByText('The estimate was stopped.').waitFor();
    await expect.poll(() => stops).toEqual([1]);
    expect(await page.getByRole('button', { name: /^Start/ }).isEnabled()).toBe(true);
    await page.close();
  });

  it('scrolls through a thousand classes, chooses and searches, with few of them on the page', async () => {
    const page = await open(service().answers);
    await page.getByRole('checkbox', { name: /resnet/ }).check();
    await chosen(page, CLASSES);
    await page.getByText('About 12–18 minutes').waitFor();
    const list = page.getByRole('listbox');
    await list.focus();
    for (let i = 0; i < 30; i++) await page.keyboard.press('PageDown');
    await page.keyboard.press('End');
    await page.getByRole('option', { name: /class 999/ }).waitFor();
    for (let i = 0; i < 10; i++) {
      await page.keyboard.press('Space');
      await page.keyboard.press('ArrowUp');
    }
    await chosen(page, CLASSES - 10);
    expect(await page.getByRole('option').count()).toBeLessThan(100);
    await page.getByRole('searchbox').pressSequentially('class 7');
    await page.getByRole('button', { name: /^Add these/ }).waitFor();
    await page.close();
  });

  it('has no serious fault of access, in either theme', async () => {
    const page = await open(service().answers, 'light');
    await page.getByRole('checkbox', { name: /resnet/ }).check();
    await page.getByRole('heading', { name: 'Parameters' }).click();
    await page.getByRole('textbox', { name: /Or as a list/ }).fill('nonsense');
    await page.getByText(/no class called nonsense/).waitFor();
    expect(await faultsInBothThemes(page)).toEqual([]);
    await page.close();
  });
});
