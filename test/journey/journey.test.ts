import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src-main/api/report.ts';
import { eidoscope } from '../support/command.ts';
import { Folder } from '../support/network.ts';
import { sampleFolder } from '../support/sample.ts';
import { keyboard, mouse } from './support/hands.ts';
import { hosts, type OpenStudio } from './support/hosts.ts';
import { Reviewer } from './support/reviewer.ts';

const folder = new Folder();
afterAll(() => folder.remove());

const NOTE = 'The colour gives it away.';
/** The sample's files as a reviewer's own, somewhere else: the sample itself would begin the tour. */
const own = join(folder.path, 'own');
cpSync(sampleFolder, own, { recursive: true });
const modelFiles = (name: string): string[] =>
  [`${name}.onnx`, `${name}.json`, 'digits.txt'].map((file) => join(own, file));

describe.each(hosts)('a review in $name', (host) => {
  let studio: OpenStudio | undefined;
  afterEach(async () => {
    await studio?.close();
    studio = undefined;
  });

  it('says what is wrong with a file, and takes the right one after it', async () => {
    studio = await host.open(join(folder.path, `${host.name}-wrong`));
    const { page } = studio;
    const reviewer = new Reviewer(studio, mouse);
    await page.getByRole('heading', { name: /What does your classifier/ }).waitFor();
    const failure = page.getByRole('dialog').getByRole('alert');
    const whole = readFileSync(modelFiles('balanced')[0]);
    for (const [name, content] of [
      ['words.onnx', Buffer.from('This is no model.')],
      ['half.onnx', whole.subarray(0, whole.length / 2)],
    ] as const) {
      await reviewer.importModel([folder.bytes(name, content)]);
      await failure.filter({ hasText: name }).waitFor();
      expect(await failure.innerText()).toMatch(/^[^\n]{20,}\.$/);
    }
    await reviewer.importModel(modelFiles('balanced'));
    await page.getByRole('dialog').getByText('SHA-256').waitFor();
    expect(await failure.count()).toBe(0);
  });

  it.each([mouse, keyboard])(
    'goes by $name from a model file to a report',
    async (hands) => {
      const workspace = join(folder.path, `${host.name}-${hands.name}`);
      studio = await host.open(workspace);
      const { page } = studio;
      const reviewer = new Reviewer(studio, hands);
      await page.getByRole('heading', { name: /What does your classifier/ }).waitFor();

      for (const name of ['balanced', 'shortcut']) {
        await reviewer.importModel(modelFiles(name));
        await page.getByRole('dialog').getByText('SHA-256').waitFor();
        await reviewer.keepModel();
        await page.getByRole('heading', { name, exact: true }).waitFor();
      }
      await reviewer.addPhotographs(join(own, 'photographs'));
      await reviewer.audit('three, 7', '8');
      await reviewer.open('Gallery', 'g');
      // Both classes, both models, and plain maximisation beside each.
      await reviewer.gallery.untilFinished(8);
      await reviewer.compareModels('three');
      await page.getByRole('region', { name: /^B: three/ }).waitFor();
      await reviewer.markConcern(4, NOTE);
      await reviewer.open('Report', 'Shift+R');
      await reviewer.untilFound(NOTE);
      await reviewer.writeReport();
      await page.getByRole('region', { name: 'The written report' }).waitFor();
      await expectReport(join(workspace, 'reports'));
      expectNoOtherPlace(studio);
    },
    120_000,
  );
});

/** The report says what was written down, and each of its files is what the manifest says. */
async function expectReport(reports: string): Promise<void> {
  const [name] = readdirSync(reports);
  const read = (file: string): Buffer => readFileSync(join(reports, name, file));
  const { files } = JSON.parse(read('manifest.json').toString()) as Manifest;
  const hashes = files.map(({ path }) => createHash('sha256').update(read(path)).digest('hex'));
  expect(hashes).toEqual(files.map(({ sha256 }) => sha256));
  expect(files.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['report.html', 'report.json', 'report.pdf']),
  );
  for (const file of ['report.html', 'report.json']) expect(read(file).toString()).toContain(NOTE);
  expect(read('report.pdf').subarray(0, 5).toString()).toBe('%PDF-');
  const { code } = await eidoscope(['verify', name], reports);
  expect(code).toBe(0);
}

/** The page asked its own host for everything, all the way. */
function expectNoOtherPlace({ page, requests }: OpenStudio): void {
  const own = new URL(page.url());
  const foreign = requests
    .map((request) => new URL(request.url()))
    .filter(
      ({ protocol, host }) =>
        protocol !== 'blob:' && (protocol !== own.protocol || host !== own.host),
    );
  expect(requests.length).toBeGreaterThan(10);
  expect(foreign.map(String)).toEqual([]);
}
