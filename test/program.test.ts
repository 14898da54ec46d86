import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const launcher = join(import.meta.dirname, '..', 'scripts', 'eidoscope.mjs');

/** Stands for the built command line: says what it was given, then does what it is told. */
const program = `
const [word] = process.argv.slice(2);
console.log(JSON.stringify(process.argv.slice(2)));
if (word === 'fail') process.exitCode = 3;
if (word === 'wait') setTimeout(() => {}, 60_000);
`;

describe('the eidoscope program', () => {
  let folder: string;
  let copy: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'program-test-'));
    copy = join(folder, 'scripts', 'eidoscope.mjs');
    fs.mkdirSync(dirname(copy));
    fs.copyFileSync(launcher, copy);
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const build = (): void => {
    const built = join(folder, 'out', 'main', 'host', 'cli', 'main.js');
    fs.mkdirSync(dirname(built), { recursive: true });
    fs.writeFileSync(built, program);
  };
  const start = (...args: string[]) =>
    spawnSync(process.execPath, [copy, ...args], { encoding: 'utf8' });

  it('says what to do when it is not built, and writes nothing to standard output', () => {
    expect(start('--help')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'Eidoscope is not built yet: run "npm ci" and "npm run build" in its folder.\n',
    });
  });

  it('passes arguments and exit code through', () => {
    build();
    const args = ['fail', 'two words', '--flag=ü'];
    expect(start(...args)).toMatchObject({
      status: 3,
      stdout: `${JSON.stringify(args)}\n`,
      stderr: '',
    });
  });

  it('ends with the signal that ended its command', async () => {
    build();
    const child = spawn(process.execPath, [copy, 'wait']);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([null, 'SIGTERM']);
  });
});
