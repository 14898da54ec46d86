import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Exported, Preview } from '../../src-main/api/report.ts';
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
});
