import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../store/blobs.ts';
import { scratchFolder } from '../store/support/sample.ts';
import { openWorkspace, type Workspace } from '../store/workspace.ts';
import { exportReport } from './export.ts';
import { chromiumPrinter } from './pdf/printer.ts';
import { auditWith } from './support/audited.ts';
import { isWhole, verifyReport } from './verify.ts';

const formats = ['html', 'json', 'csv'] as const;

describe('an exported report', () => {
  const scratch = scratchFolder();
  const at = (name: string): string => join(scratch.path, name);
  let workspace: Workspace;
  let auditId: number;

  beforeAll(async () => {
    workspace = openWorkspace(at('workspace'));
    auditId = auditWith(workspace);
    await exportReport(workspace, auditId, at('report'), { formats });
  });
  afterAll(() => {
    workspace.close();
    scratch.remove();
  });

  /** A copy to do harm to. */
  function copy(name: string): string {
    cpSync(at('report'), at(name), { recursive: true });
    return at(name);
  }

  it('has the same bytes again, elsewhere and later, from a workspace that is only read', async () => {
    const reader = openWorkspace(at('workspace'), { readOnly: true });
    await exportReport(reader, auditId, at('again'), { formats });
    reader.close();
    const files = readdirSync(at('report')).sort();
    expect(readdirSync(at('again')).sort()).toEqual(files);
    for (const file of files) {
      expect(readFileSync(join(at('again'), file))).toEqual(readFileSync(join(at('report'), file)));
    }
  });

  it('is whole, and its manifest knows the images of the workspace', () => {
    const verdict = verifyReport(at('report'), workspace);
    expect(isWhole(verdict)).toBe(true);
    const manifest = JSON.parse(readFileSync(join(at('report'), 'manifest.json'), 'utf8')) as {
      files: { path: string; sha256: string }[];
      images: { sha256: string }[];
    };
    for (const { path, sha256: hash } of manifest.files) {
      expect(sha256(readFileSync(join(at('report'), path)))).toBe(hash);
    }
    const hashes = workspace.gallery(auditId).map(({ imageHash }) => imageHash);
    expect(manifest.images.map((image) => image.sha256)).toEqual(hashes.sort());
  });

  it('betrays each changed byte, missing and added file', () => {
    const folder = copy('harmed');
    const changed = readFileSync(join(folder, 'report.html'));
    changed[changed.length >> 1] ^= 1;
    writeFileSync(join(folder, 'report.html'), changed);
    rmSync(join(folder, 'scores.csv'));
    writeFileSync(join(folder, 'extra.txt'), '');
    expect(verifyReport(folder)).toMatchObject({
      ...{ changed: ['report.html'], missing: ['scores.csv'], added: ['extra.txt'] },
    });
  });

  it('replaces an older report and leaves files of others where they are', async () => {
    const folder = copy('older');
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    await exportReport(workspace, auditId, folder, { formats: ['json'] });
    expect(readdirSync(folder).sort()).toEqual([
      ...['manifest.json', 'mine.txt', 'report.json', 'report.schema.json'],
    ]);
  });

  it('refuses a folder of others, and leaves nothing behind', async () => {
    mkdirSync(at('others'));
    writeFileSync(join(at('others'), 'mine.txt'), 'mine');
    await expect(exportReport(workspace, auditId, at('others'))).rejects.toThrow(
      /holds other files: choose a folder that is empty/,
    );
    expect(readdirSync(at('others'))).toEqual(['mine.txt']);
    expect(readdirSync(scratch.path).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  it('says why there is no PDF, and writes all the rest', async () => {
    const { notes, files } = await exportReport(workspace, auditId, at('printless'), {
      ...{ formats: ['html', 'pdf'], printer: chromiumPrinter(at('no-browser')) },
    });
    expect(notes).toEqual([`The PDF was not made: ${at('no-browser')} cannot be started.`]);
    expect(files.map(({ path }) => path)).toEqual(['report.html']);
  });
});
