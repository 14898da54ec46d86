import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { auditWith } from '../../src-main/report/support/audited.ts';
import { scratchFolder } from '../../src-main/store/support/sample.ts';
import { openWorkspace } from '../../src-main/store/workspace.ts';
import { eidoscope } from '../support/command.ts';

const scratch = scratchFolder();
const folder = join(scratch.path, 'w');
const tidy = (...args: string[]) => eidoscope(['tidy', ...args], scratch.path);

/** Content-addressed files on the disk. */
const files = (): string[] =>
  readdirSync(join(folder, 'files'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /[0-9a-f]{64}$/.test(name))
    .sort();

describe('eidoscope tidy', () => {
  let needed: string[];
  beforeAll(() => {
    const workspace = openWorkspace(folder);
    auditWith(workspace);
    workspace.close();
    needed = files();
    // What a crash between a file and its row leaves behind.
    mkdirSync(join(folder, 'files', 'ff'), { recursive: true });
    writeFileSync(join(folder, 'files', 'ff', 'f'.repeat(64)), new Uint8Array(1500));
  });
  afterAll(() => scratch.remove());

  it('counts what nothing refers to, and leaves it', async ({ expect }) => {
    expect(await tidy('w')).toMatchObject({
      ...{ code: 0, stderr: '' },
      stdout: 'Nothing refers to 1 file, 1.5 KB. Add --yes to remove it.\n',
    });
    expect(files()).toHaveLength(needed.length + 1);
  });

  it('removes it when told to, and nothing else', async ({ expect }) => {
    expect(needed.length).toBeGreaterThan(0);
    const { code, stdout } = await tidy('w', '--yes', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ files: 1, bytes: 1500, removed: true });
    expect(files()).toEqual(needed);
    expect(await tidy('w')).toMatchObject({ stdout: 'Every file of the workspace is needed.\n' });
  });

  it('removes nothing while a damaged database may still name the files', async ({ expect }) => {
    mkdirSync(join(folder, 'damaged-1'));
    writeFileSync(join(folder, 'files', 'ff', 'f'.repeat(64)), 'x');
    const { stdout } = await tidy('w', '--yes');
    expect(stdout).toMatch(/^A damaged database lies in the workspace/);
    expect(files()).toHaveLength(needed.length + 1);
  });

  it('makes no workspace at a mistyped path', async ({ expect }) => {
    const ended = [await tidy('v'), await tidy('v', '--yes')];
    expect(ended.map(({ code }) => code)).toEqual([4, 4]);
    expect(readdirSync(scratch.path)).toEqual(['w']);
  });
});
