import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../src-main/store/workspace.ts';
import { eidoscope, environment, node, program, start } from '../support/command.ts';
import { Folder } from '../support/network.ts';
import { sampleFile } from '../support/sample.ts';

const folder = new Folder();
afterAll(() => folder.remove());

const which = ['--model', sampleFile('shortcut.onnx'), '--classes', '0-1', '--set', 'steps=256'];
const photographs = ['--images', sampleFile('photographs')];
const audit = (workspace: string, ...more: string[]): string[] => [
  'audit',
  ...which,
  ...photographs,
  ...['--workspace', workspace, '--json', ...more],
];

/** What `--json` says, but for where. */
function figures(stdout: string): object {
  const { workspace: _where, ...rest } = JSON.parse(stdout) as { workspace: string };
  return rest;
}

/** Every file that `--out` wrote, with its bytes. */
function filesIn(path: string): Map<string, Buffer> {
  const entries = readdirSync(join(folder.path, path), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return [file.slice(join(folder.path, path).length), readFileSync(file)];
    }),
  );
}

const nothingWrong = { database: [], brokenReferences: [], missing: [], damaged: [], unknown: [] };

function verdictOf(workspace: string) {
  const reader = openWorkspace(join(folder.path, workspace), { readOnly: true });
  try {
    return reader.verify();
  } finally {
    reader.close();
  }
}

/** Lets a command press Ctrl-C itself, when it says a text: who does so from outside may be late. */
function interruptedAt(text: string): NodeJS.ProcessEnv {
  const code = `
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (said, ...rest) => {
      if (String(said).includes(${JSON.stringify(text)})) process.kill(process.pid, 'SIGINT');
      return write(said, ...rest);
    };`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
}

describe('an audit', () => {
  let whole: object;
  beforeAll(async () => {
    const { code, stdout } = await eidoscope(audit('whole', '--out', 'whole-out'), folder.path);
    expect(code).toBe(0);
    whole = figures(stdout);
  });

  it('prints nothing but JSON, and tells on standard error how it goes, in plain lines', async () => {
    const { stdout, stderr } = await eidoscope(audit('whole'), folder.path);
    expect(figures(stdout)).toEqual(whole);
    expect(stderr).not.toMatch(/[^\P{C}\n]/u);
    expect(filesIn('whole-out').size).toBe(2 * 4);
  });

  it('ends in the same bytes under the same seed, and in others under another', async () => {
    await eidoscope(audit('again', '--out', 'again-out'), folder.path);
    expect(filesIn('again-out')).toEqual(filesIn('whole-out'));
    const other = ['--seed', '1', '--prototypes', '2', '--classes', '0', '--out', 'other-out'];
    await eidoscope(['generate', ...which, '--workspace', 'other', ...other], folder.path);
    const raw = [...filesIn('other-out')].filter(([name]) => name.endsWith('.f32'));
    const hashes = new Set(raw.map(([, bytes]) => bytes.toString('base64')));
    hashes.add(filesIn('whole-out').get('/shortcut/paper/0-zero-0.f32')!.toString('base64'));
    expect(hashes.size).toBe(3);
  });

  it('is the same when the photographs come later', async () => {
    await eidoscope(['generate', ...which, '--workspace', 'later'], folder.path);
    const later = ['similarity', '--workspace', 'later', ...photographs, '--json'];
    const { code, stdout } = await eidoscope(later, folder.path);
    expect(code).toBe(0);
    expect(figures(stdout)).toEqual(whole);
  });

  it('that is stopped with Ctrl-C ends soon with code 130, and goes on later', async () => {
    const { ended } = start(audit('stopped'), folder.path, interruptedAt('10 %'));
    const { code, stdout, stderr } = await ended;
    expect(stderr).toContain('10 %');
    expect(stderr).not.toContain('20 %');
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/\nStopped; run the same command again to go on\.\n$/);
    expect(verdictOf('stopped')).toEqual(nothingWrong);
    const again = await eidoscope(audit('stopped', '--out', 'stopped-out'), folder.path);
    expect(figures(again.stdout)).toEqual(whole);
    expect(filesIn('stopped-out')).toEqual(filesIn('whole-out'));
  });

  it('that is killed with -9 again and again ends in the same bytes', async () => {
    for (let kill = 0; kill < 3; kill++) {
      const { child, ended, says } = start(audit('killed'), folder.path);
      await Promise.race([says('0 %'), ended]).catch(() => undefined);
      await pause(Math.random() * 700);
      child.kill('SIGKILL');
      await ended;
      const { missing, damaged, database, brokenReferences } = verdictOf('killed');
      expect({ missing, damaged, database, brokenReferences }).toEqual({
        ...{ missing: [], damaged: [], database: [], brokenReferences: [] },
      });
    }
    const again = await eidoscope(audit('killed', '--out', 'killed-out'), folder.path);
    expect(figures(again.stdout)).toEqual(whole);
    expect(filesIn('killed-out')).toEqual(filesIn('whole-out'));
  });

  it('finds its workspace in use by another, and leaves both in peace', async () => {
    const generate = ['generate', ...which, '--workspace', 'shared'];
    const { child, ended, says } = start(generate, folder.path);
    await says('0 %');
    // It waits, so that it is not over before the second has begun.
    child.kill('SIGSTOP');
    const second = await eidoscope(generate, folder.path);
    child.kill('SIGCONT');
    expect(second).toMatchObject({ code: 4, stdout: '' });
    expect(second.stderr).toMatch(
      new RegExp(`^Another process \\(${child.pid}\\) is writing to the workspace .*\\n$`),
    );
    expect(await ended).toMatchObject({ code: 0 });
    expect(verdictOf('shared')).toEqual(nothingWrong);
  });

  it('cannot use a file as its workspace, and leaves the file alone', async () => {
    const file = folder.write('precious.txt', 'precious');
    for (const path of [file, join(file, 'below')]) {
      expect(await eidoscope(audit(path), folder.path)).toMatchObject({
        code: 4,
        stdout: '',
        stderr: `The workspace ${path} is not a folder: choose another path.\n`,
      });
    }
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });
});

/** Runs a shell line in a mount namespace of its own, where the system allows that. */
const inNamespace = (line: string): string =>
  spawnSync('unshare', ['-rm', 'sh', '-c', line], { encoding: 'utf8', env: environment }).stdout ??
  '';
const mayMount = inNamespace('mount -t tmpfs tmpfs /mnt && echo yes') === 'yes\n';

describe.skipIf(!mayMount)('a disk of its own (needs the right to mount one)', () => {
  const quoted = (args: readonly string[]): string =>
    [node, program, ...args].map((arg) => `'${arg}'`).join(' ');
  const generate = (workspace: string): string =>
    quoted(['generate', ...which, '--set', 'snapshotEvery=1', '--workspace', workspace]);

  it('that is full ends an audit in one sentence, and the audit goes on when there is room', () => {
    const told = inNamespace(
      [
        'mount -t tmpfs -o size=2m tmpfs /mnt',
        `${generate('/mnt/w')} 2>&1 >/dev/null | tail -n 1`,
        'mount -o remount,size=100m /mnt',
        generate('/mnt/w'),
        `cp -r /mnt/w '${folder.path}/full'`,
      ].join('\n'),
    );
    expect(told).toMatch(
      /^The disk that holds \/mnt\/w is full: free some space and run the same command again\.\n/,
    );
    expect(told).toContain('Audit 1: 2 prototypes, kept in /mnt/w');
    expect(verdictOf('full')).toEqual(nothingWrong);
  });

  it('that is read-only ends an audit in one sentence', () => {
    const told = inNamespace(
      [
        'mount -t tmpfs tmpfs /mnt && mkdir /mnt/w && mount -o remount,ro /mnt',
        `${generate('/mnt/w')} 2>&1; echo $?`,
        `${generate('/mnt/new/w')} 2>&1; echo $?`,
      ].join('\n'),
    );
    expect(told).toBe(
      ['/mnt/w', '/mnt/new/w']
        .map(
          (path) =>
            `The workspace ${path} is read-only: choose a folder that can be written to.\n4\n`,
        )
        .join(''),
    );
  });
});
