import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { findChromium } from '../../src-main/report/pdf/chromium.ts';
import { auditWith } from '../../src-main/report/support/audited.ts';
import { scratchFolder } from '../../src-main/store/support/sample.ts';
import { openWorkspace } from '../../src-main/store/workspace.ts';
import { eidoscope, environment } from '../support/command.ts';

const scratch = scratchFolder();
const at = (name: string): string => join(scratch.path, name);
beforeAll(() => {
  const workspace = openWorkspace(at('w'));
  auditWith(workspace);
  workspace.close();
});
afterAll(() => scratch.remove());

const report = (out: string, ...more: string[]) =>
  eidoscope(['report', '--workspace', 'w', '--out', out, ...more], scratch.path);

describe('eidoscope report', () => {
  it('writes the files that are asked for, and tells their hashes', async ({ expect }) => {
    const ended = await report('json', '--format', 'html,json', '--json');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const files = ['report.html', 'report.json', 'report.schema.json'];
    expect(JSON.parse(ended.stdout)).toMatchObject({
      audit: 1,
      files: files.map((path) => ({ path })),
    });
    expect(readdirSync(at('json')).sort()).toEqual(['manifest.json', ...files].sort());
  });

  it('finds an audit by its name, and names those that there are', async ({ expect }) => {
    expect(await report('named', '--format', 'csv', '--audit', 'tiny')).toMatchObject({ code: 0 });
    expect(await report('nobody', '--audit', 'other')).toMatchObject({
      code: 4,
      stderr: 'The workspace holds no audit other; there are 1 (tiny).\n',
    });
    expect(readdirSync(scratch.path)).not.toContain('nobody');
  });

  it('refuses a format that there is not', async ({ expect }) => {
    const ended = await report('word', '--format', 'html,docx');
    expect(ended).toMatchObject({ code: 2 });
    expect(ended.stderr).toContain('There is no docx; there are html, pdf, json, csv.');
  });

  it.skipIf(!findChromium())('prints the same PDF twice', async ({ expect }) => {
    for (const out of ['one', 'two']) expect(await report(out)).toMatchObject({ code: 0 });
    const [one, two] = ['one', 'two'].map((out) => readFileSync(join(at(out), 'report.pdf')));
    expect(one.subarray(0, 5).toString()).toBe('%PDF-');
    expect(one.equals(two)).toBe(true);
  });

  it('ends with exit code 6 where nothing can print, and writes the rest', async ({ expect }) => {
    const variables: NodeJS.ProcessEnv = environment;
    variables.EIDOSCOPE_CHROMIUM = at('no-browser');
    const ended = await report('printless', '--format', 'html,pdf');
    delete variables.EIDOSCOPE_CHROMIUM;
    expect(ended.code).toBe(6);
    expect(ended.stderr).toContain('The PDF was not made, for neither a Chromium');
    expect(readdirSync(at('printless')).sort()).toEqual(['manifest.json', 'report.html']);
  });
});

describe('eidoscope verify', () => {
  const verify = (...args: string[]) => eidoscope(['verify', ...args], scratch.path);

  it('ends well for a workspace and a report that are whole', async ({ expect }) => {
    await report('whole', '--format', 'html,csv');
    for (const args of [['w'], ['whole'], ['whole', '--workspace', 'w']]) {
      const { code, stdout } = await verify(...args);
      expect({ code, stdout }).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('is whole: every byte is what it was.') as string,
      });
    }
  });

  it('names what is not as it was, and ends with 1', async ({ expect }) => {
    await report('harmed', '--format', 'html,csv');
    appendFileSync(join(at('harmed'), 'report.html'), ' ');
    rmSync(join(at('harmed'), 'scores.csv'));
    const { code, stdout } = await verify('harmed', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ kind: 'report', whole: false, changed: ['report.html'], missing: ['scores.csv'] },
    });
  });

  it('knows a manifest that is another one', async ({ expect }) => {
    await report('again', '--format', 'csv');
    const { code, stdout } = await verify('again', '--manifest', '0'.repeat(64));
    expect({ code, stdout }).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('manifest: it is not the one that was named') as string,
    });
  });

  it('finds a damaged file and a damaged database of a workspace', async ({ expect }) => {
    const workspace = openWorkspace(at('broken'));
    const auditId = auditWith(workspace);
    const { imageHash } = workspace.gallery(auditId)[0];
    workspace.close();
    writeFileSync(join(at('broken'), 'files', imageHash!.slice(0, 2), imageHash!), 'other');
    const damaged = await verify('broken', '--json');
    expect(damaged.code).toBe(1);
    expect(JSON.parse(damaged.stdout)).toMatchObject({ whole: false, damaged: [imageHash] });
    writeFileSync(join(at('broken'), 'eidoscope.db'), 'no database'.repeat(1000));
    expect(await verify('broken')).toMatchObject({ code: 1 });
  });

  it('says what it can verify', async ({ expect }) => {
    const ended = await verify('.');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/neither a workspace nor a report: name a folder with/);
  });
});
