import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Composed, Exported, Preview } from '../../src-main/api/report.ts';
import type { Review } from '../../src-main/api/review.ts';
import { faultsInBothThemes } from './support/axe.ts';
import { chromiumPath, placeOf, StudioPage } from './support/page.ts';

const scale = { classes: 9, models: 2 };
const reviewedAt = '2026-01-02T03:04:05.000Z';
const finding = (sights: string[], mark: Review['mark'], more: Partial<Review> = {}): Review => ({
  ...{ sights, mark, reading: 'named', reviewedAt },
  ...more,
});
const findings = [
  finding(['4'], { state: 'cleared', severity: null, note: '' }),
  finding(['2', '1@16'], { state: 'concern', severity: 2, note: 'The same ruler.' }),
  finding(['1'], { state: 'concern', severity: 5, note: 'A ruler.' }, { reading: 'blind' }),
  finding(['3'], { state: 'unreviewed', severity: null, note: '' }),
];

const folder = '1-0123456789ab';
const exported: Exported = {
  ...{ folder, path: `/w/reports/${folder}`, manifestSha256: 'f'.repeat(64) },
  files: [{ path: 'report.html', bytes: 2_400_000, sha256: 'ab'.repeat(32) }],
  notes: ['The PDF was left out.'],
};
const preview = (more: Partial<Preview> = {}): Preview => ({
  ...{ folder, asOf: reviewedAt, findings: [] },
  counts: {
    ...{ prototypes: 36, made: 34, reviewed: 2, unreviewed: 32, concern: 1, cleared: 1 },
    comparisons: 1,
  },
  pdf: { possible: false, reason: 'No Chromium was found on this machine.' },
  ...more,
});

const composed = (page: string, more: Partial<Composed> = {}): Composed => ({
  ...{ folder, page: page.repeat(64), bytes: 2_400_000 },
  ...more,
});

describe.skipIf(!chromiumPath)('the report view', () => {
  let studio: StudioPage;
  beforeAll(async () => {
    studio = await StudioPage.start();
  });
  afterAll(() => studio.stop());
  afterEach(() => expect(studio.complaints.splice(0)).toEqual([]));

  const open = (more: object = {}, address = '#/1/report') =>
    studio.open(address, scale, 'light', {
      'review.list': () => findings,
      'report.preview': () => preview(),
      ...more,
    });

  it('lists findings worst first, lets one be edited there, and keeps a filter over a reload', async () => {
    const page = await open();
    const cards = page.getByRole('article');
    await cards.first().waitFor();
    const notes = async () =>
      Promise.all((await cards.getByRole('textbox').all()).map((field) => field.inputValue()));
    expect(await notes()).toEqual(['A ruler.', 'The same ruler.', '']);
    expect(await cards.first().innerText()).toContain('read blind');
    await cards.first().getByRole('button', { name: '3', exact: true }).click();
    await cards.first().getByRole('button', { name: '3', pressed: true }).waitFor();
    await page.getByRole('button', { name: 'Cleared 1', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.reload();
    await page.getByRole('button', { name: 'Cleared 1', pressed: true }).waitFor();
    expect(await notes()).toEqual(['']);
    expect(await faultsInBothThemes(page)).toEqual([]);
    await page.close();
  });

  it('leads to the comparison and to what is unreviewed, by key', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Open the comparison' }).click();
    await page.getByRole('region', { name: /^B: / }).waitFor();
    expect(await placeOf(page)).toBe('#/1/compare/2,1@16');
    await page.keyboard.press('Shift+R');
    await page.getByText(/2 of \d+ prototypes reviewed/).waitFor();
    await page.keyboard.press('j');
    await page.getByRole('slider', { name: 'Step of the optimisation' }).waitFor();
    expect(await placeOf(page)).toBe('#/1/loupe/10');
    await page.close();
  });

  it('shows at once what another page writes down', async () => {
    const page = await open({ 'review.list': () => [] });
    await page.getByRole('heading', { name: 'Nothing is written down yet' }).waitFor();
    studio.push('review.changed', { auditId: 1, review: findings[1] });
    await page.getByRole('article', { name: /^class 1, .*; class 0/ }).waitFor();
    const scope = { title: 'Rulers', question: 'Where?', reviewer: 'R.', blind: false };
    studio.push('scope.changed', { auditId: 1, scope });
    const title = page.getByRole('textbox', { name: 'Title' });
    await expect.poll(() => title.inputValue()).toBe('Rulers');
    await page.close();
  });

  it('keeps what the review is about', async () => {
    const kept: object[] = [];
    const page = await open({
      'scope.set': ({ scope }: { scope: object }) => {
        kept.push(scope);
        return scope;
      },
    });
    await page.getByRole('textbox', { name: 'Question and scope' }).fill('Who wears a gown?');
    await page.keyboard.press('Tab');
    await expect.poll(() => kept).toMatchObject([{ question: 'Who wears a gown?', title: '' }]);
    await page.close();
  });

  it('writes the report, says why there is no PDF, and shows files with their hashes', async () => {
    const asked: object[] = [];
    const page = await open({
      'report.preview': () => preview({ exported: asked.length > 0 ? exported : undefined }),
      'report.export': (input: object) => {
        asked.push(input);
        return exported;
      },
    });
    await page.getByText('No Chromium was found on this machine.').waitFor();
    await page.keyboard.press('w');
    const link = page.getByRole('link', { name: 'report.html', exact: true });
    await link.waitFor();
    expect(asked).toEqual([{ auditId: 1, formats: ['html', 'json', 'csv'] }]);
    expect(await link.getAttribute('href')).toBe(`reports/${folder}/report.html`);
    const written = page.getByRole('region', { name: 'The written report' });
    expect(await written.innerText()).toMatch(/2\.4 MB[^]*abababababababab…[^]*\/w\/reports/);
    expect(await faultsInBothThemes(page)).toEqual([]);
    await page.close();
  });

  it('shows the report before it is written, says that it is out of date, and makes it anew', async () => {
    const names = [folder, '1-0123456789ac'];
    let marks = 0;
    const pages: string[] = [];
    const page = await open({
      'report.preview': () => preview({ folder: names[marks] }),
      'report.compose': () => {
        pages.push('ab'[marks]);
        return composed('ab'[marks], { folder: names[marks] });
      },
    });
    await page.keyboard.press('v');
    const frame = page.getByTitle(/^The report\./);
    await frame.waitFor();
    expect(await placeOf(page)).toBe('#/1/report?show=preview');
    expect(await frame.getAttribute('src')).toBe(`pages/${'a'.repeat(64)}`);
    await page.getByText('What would be written now, 2.4 MB').waitFor();
    marks = 1;
    studio.push('review.changed', { auditId: 1, review: finding(['5'], findings[2].mark) });
    await page.getByText('Made before the last change.').waitFor();
    expect(await faultsInBothThemes(page)).toEqual([]);
    await page.getByRole('button', { name: 'Make it anew' }).press('Enter');
    await page.getByText('What would be written now').waitFor();
    expect(await frame.getAttribute('src')).toBe(`pages/${'b'.repeat(64)}`);
    expect(pages).toEqual(['a', 'b']);
    await page.keyboard.press('v');
    await page.getByRole('article').first().waitFor();
    await page.close();
  });

  it('opens the preview large, and lets the keyboard in and out of it', async () => {
    const page = await open({ 'report.compose': () => composed('a') }, '#/1/report?show=preview');
    const sheet = page.getByRole('region', { name: 'Preview of the report' });
    const report = page.frameLocator('iframe');
    await report.getByText('To the end').waitFor();
    const small = (await sheet.boundingBox())!;
    await page.keyboard.press('Shift+V');
    const leave = page.getByRole('button', { name: /^Leave/ });
    await leave.waitFor();
    const large = (await sheet.boundingBox())!;
    expect(large.width).toBeGreaterThan(small.width + 300);
    await leave.focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await report.locator('#end').waitFor();
    await expect
      .poll(async () => (await report.locator('#end').boundingBox())!.y)
      .toBeLessThan(large.y + large.height);
    await page.keyboard.press('Shift+Tab');
    await report.locator('a:focus').waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.locator('button:focus', { hasText: 'Leave' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Large/ }).waitFor();
    expect((await sheet.boundingBox())!.width).toBe(small.width);
    await page.close();
  });

  it('tells how far the preview is, and lets it be stopped', async () => {
    let refuse: (value: object) => void = () => undefined;
    const stopped: object[] = [];
    const page = await open(
      {
        'report.compose': () => new Promise((resolve) => (refuse = resolve)),
        'library.stop': (input: object) => {
          stopped.push(input);
          refuse({ no: 'report' });
          return {};
        },
      },
      '#/1/report?show=preview',
    );
    await page.getByText('Putting the report together …').waitFor();
    studio.push('library.progress', { task: 'compose 1', done: 12, total: 34 });
    await page.getByText('12 of 34 pictures').waitFor();
    expect(await faultsInBothThemes(page)).toEqual([]);
    await page.getByRole('button', { name: 'Stop' }).press('Enter');
    await page.getByRole('button', { name: 'Make the preview' }).waitFor();
    expect(stopped).toEqual([{ task: 'compose 1' }]);
    await page.close();
  });

  it('says why there is no preview, and where there is nothing to show yet', async () => {
    let pages = 0;
    const broken = await open(
      // The first answer is none that the contract knows.
      { 'report.compose': () => (pages++ === 0 ? { page: 1 } : composed('a')) },
      '#/1/report?show=preview',
    );
    await broken.getByRole('heading', { name: 'There is no preview' }).waitFor();
    expect(await faultsInBothThemes(broken)).toEqual([]);
    await broken.getByRole('button', { name: 'Try again' }).press('Enter');
    await broken.getByTitle(/^The report\./).waitFor();
    await broken.close();
    const { counts } = preview();
    const empty = await open(
      { 'report.preview': () => preview({ counts: { ...counts, made: 0 } }) },
      '#/1/report?show=preview',
    );
    await empty.getByRole('heading', { name: 'There is nothing to show yet' }).waitFor();
    expect(await faultsInBothThemes(empty)).toEqual([]);
    await empty.close();
  });
});
