import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineSettingsSchema } from '../api/settings.ts';
import { scratchFolder } from '../store/support/sample.ts';
import { configFolder, KeptFile } from './kept-file.ts';

describe('settings that are kept in a file', () => {
  let scratch: ReturnType<typeof scratchFolder>;
  let path: string;
  let file: KeptFile<{ engine?: string; threads?: number }>;
  beforeEach(() => {
    scratch = scratchFolder();
    path = join(scratch.path, 'config', 'settings.json');
    file = new KeptFile(path, machineSettingsSchema, {});
  });
  afterEach(() => scratch.remove());

  const put = (text: string): void => {
    fs.mkdirSync(join(scratch.path, 'config'), { recursive: true });
    fs.writeFileSync(path, text);
  };
  const names = (): string[] => fs.readdirSync(join(scratch.path, 'config')).sort();

  it('are the usual ones where there is no file, and come back once they are kept', () => {
    expect(file.read()).toEqual({ value: {} });
    file.write({ engine: 'webgpu', threads: 3 });
    expect(file.read()).toEqual({ value: { engine: 'webgpu', threads: 3 } });
    expect(JSON.parse(fs.readFileSync(path, 'utf8'))).toEqual({
      ...{ version: 1, engine: 'webgpu', threads: 3 },
    });
    expect(names()).toEqual(['settings.json']);
  });

  it.each([
    ['no JSON', '{"version": 1,'],
    ['no object', '[1]'],
    ['without a version', '{"threads": 2}'],
    ['of a wrong kind', '{"version": 1, "threads": "two"}'],
    ['empty', ''],
    ['far too large', `{"version": 1}${' '.repeat(2 ** 20)}`],
  ])('are the usual ones where the file is %s, which is told and kept', (_what, text) => {
    put(text);
    expect(file.read()).toEqual({
      value: {},
      problem: `The file ${path} is damaged, so the usual settings are used; it is left as it is.`,
    });
    file.write({ threads: 1 });
    expect(file.read()).toEqual({ value: { threads: 1 } });
    expect(names()).toEqual(['settings.damaged-1.json', 'settings.json']);
    expect(fs.readFileSync(join(scratch.path, 'config', 'settings.damaged-1.json'), 'utf8')).toBe(
      text,
    );
  });

  it('of a newer Eidoscope are neither used nor written over', () => {
    const text = '{"version": 2, "threads": {"of": "a future"}}';
    put(text);
    expect(file.read().problem).toMatch(/was written by a newer Eidoscope/);
    expect(() => file.write({ threads: 1 })).toThrow(
      `${path} was written by a newer Eidoscope: update Eidoscope, or move that file away.`,
    );
    expect(fs.readFileSync(path, 'utf8')).toBe(text);
    expect(names()).toEqual(['settings.json']);
  });

  /** Root may write everywhere: as root, the test becomes somebody else. */
  const stranger = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const module = pathToFileURL(new URL('./kept-file.ts', import.meta.url).pathname).href;
  const script = `
    const { KeptFile } = await import(${JSON.stringify(module)});
    const file = new KeptFile(process.argv[1], { parse: (value) => value }, {});
    try { file.write({ threads: 1 }); } catch (error) { console.log(error.message); }`;
  const asStranger = (): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, ['--input-type=module', '-e', script, path], {
      ...{ encoding: 'utf8', ...stranger },
    });

  it.skipIf(process.platform === 'win32')(
    'say in one sentence that their folder is read-only',
    ({ skip }) => {
      put('{"version": 1}');
      fs.chmodSync(scratch.path, 0o755);
      fs.chmodSync(join(scratch.path, 'config'), 0o555);
      const { stdout, status } = asStranger();
      if (status !== 0) skip('another user cannot run this Node');
      expect(stdout).toBe(
        `The settings cannot be kept in ${path} (EACCES): make that folder writable, or name another one in EIDOSCOPE_CONFIG.\n`,
      );
      expect(names()).toEqual(['settings.json']);
    },
  );

  it('lie where the system wants them', () => {
    expect(configFolder({ XDG_CONFIG_HOME: '/x' }, 'linux')).toBe('/x/eidoscope');
    expect(configFolder({ EIDOSCOPE_CONFIG: '/y', XDG_CONFIG_HOME: '/x' }, 'linux')).toBe('/y');
    expect(configFolder({}, 'darwin')).toMatch(/Library.Application Support.Eidoscope$/);
    expect(configFolder({ APPDATA: '/roaming' }, 'win32')).toMatch(/roaming.Eidoscope$/);
  });
});
