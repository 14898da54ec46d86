import Database from 'better-sqlite3';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Connection } from './connection.ts';
import { DATABASE, openForWriting } from './database.ts';
import { WorkspaceError } from './errors.ts';
import { bytesOf, outcomeOf, planAudit, scratchFolder, similarityOf } from './support/sample.ts';
import { Scores } from './scores.ts';
import { openWorkspace } from './workspace.ts';

const child = fileURLToPath(new URL('./support/child.ts', import.meta.url));

/** Runs a shell line in a mount namespace of its own, where the system allows that. */
const inNamespace = (line: string): string =>
  spawnSync('unshare', ['-rm', 'sh', '-c', line], { encoding: 'utf8' }).stdout;
const mayMount = inNamespace('mount -t tmpfs tmpfs /mnt && echo yes') === 'yes\n';

/** The error that an action ends in. */
function errorOf(action: () => unknown): WorkspaceError {
  try {
    action();
  } catch (error) {
    if (error instanceof WorkspaceError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a workspace that cannot be used', () => {
  let scratch: ReturnType<typeof scratchFolder>;
  let folder: string;
  let file: string;
  beforeEach(() => {
    scratch = scratchFolder();
    folder = join(scratch.path, 'workspace');
    file = join(folder, DATABASE);
  });
  afterEach(() => {
    fs.chmodSync(scratch.path, 0o755);
    scratch.remove();
  });

  const makeWorkspace = (): void => {
    const workspace = openWorkspace(folder);
    const { auditId } = planAudit(workspace);
    workspace.runs.finish(workspace.runs.claim(auditId)[0].id, outcomeOf(0));
    workspace.close();
  };

  it('says so when its path is a file', () => {
    fs.writeFileSync(folder, 'text');
    for (const readOnly of [true, false]) {
      const error = errorOf(() => openWorkspace(folder, { readOnly: readOnly as true }));
      expect(error.code).toBe('not-a-folder');
      expect(error.message).toBe(`The workspace ${folder} is not a folder: choose another path.`);
    }
    expect(errorOf(() => openWorkspace(join(folder, 'inside'))).code).toBe('not-a-folder');
    expect(fs.readFileSync(folder, 'utf8')).toBe('text');
  });

  // In a process of its own: where the system contradicts itself, Node may try again for ever.
  it.runIf(process.platform === 'linux').each([
    ['/proc', '/proc/eidoscope', /^\S+ (read-only|denied): .*\/proc\/eidoscope is /],
    [
      'what /proc lacks',
      '/proc/eidoscope/in',
      /^\S+ (read-only|denied): .*\/proc\/eidoscope\/in is /,
    ],
    ['/sys', '/sys/eidoscope', /^\S+ (read-only|denied): .*\/sys\/eidoscope is /],
    [
      'a device',
      '/dev/null/eidoscope',
      /^\S+ not-a-folder: The workspace \/dev\/null\/eidoscope is /,
    ],
    ['a name that is too long', `/tmp/${'eidoscope'.repeat(600)}`, /^\S+ not-a-folder: The path /],
    ['a path that is too long', `/tmp/${'eidoscope/'.repeat(600)}`, /^\S+ not-a-folder: The path /],
  ])('says so at once in %s, which holds no folder of ours', (_, path, words) => {
    for (const action of ['write', 'read']) {
      const { stdout, signal } = spawnSync(process.execPath, [child, action, path], {
        ...{ encoding: 'utf8', timeout: 100_000, killSignal: 'SIGKILL' },
      });
      expect(signal).toBeNull();
      expect(stdout).toMatch(/^WorkspaceError [a-z-]+: [^\n]+: [^\n]+\.\n$/);
      expect(stdout).toMatch(action === 'write' ? words : /^\S+ (missing|not-a-folder|denied): /);
    }
    expect(fs.existsSync('/tmp/eidoscope')).toBe(false);
  });

  it('says so when there is none to read, and makes none', () => {
    const error = errorOf(() => openWorkspace(folder, { readOnly: true }));
    expect(error.message).toBe(
      `There is no workspace at ${folder}: check the path, or run an audit into it first.`,
    );
    expect(fs.existsSync(folder)).toBe(false);
  });

  it('refuses the database of another program, and leaves it alone', () => {
    fs.mkdirSync(folder);
    const other = new Database(file);
    other.exec('CREATE TABLE theirs (x)');
    other.close();
    const before = fs.readFileSync(file);
    expect(errorOf(() => openWorkspace(folder)).code).toBe('not-a-workspace');
    expect(fs.readFileSync(file)).toEqual(before);
  });

  const damages: Record<string, (file: string) => void> = {
    'overwritten by text': (path) => fs.writeFileSync(path, 'This is no database. '.repeat(500)),
    'cut in half': (path) => fs.truncateSync(path, fs.statSync(path).size / 2),
    'cut to nothing': (path) => fs.truncateSync(path, 0),
    'scratched in the middle': (path) => {
      const bytes = fs.readFileSync(path);
      fs.writeFileSync(path, bytes.fill(0x5a, 4096, bytes.length - 4096));
    },
  };
  for (const [name, damage] of Object.entries(damages)) {
    it(`moves a database aside that is ${name}, deletes nothing, and starts anew when asked again`, () => {
      makeWorkspace();
      damage(file);
      const before = fs.readFileSync(file);
      const error = errorOf(() => openWorkspace(folder));
      expect(error.code).toBe('corrupt');
      expect(error.message).toMatch(
        /is damaged \(.*\) and was moved to damaged-1, nothing was deleted: /,
      );
      expect(fs.readFileSync(join(folder, 'damaged-1', DATABASE))).toEqual(before);
      const workspace = openWorkspace(folder);
      expect(workspace.audits.list()).toEqual([]);
      // The damaged database may still name these files.
      expect(workspace.verify().unknown).toHaveLength(2);
      expect(workspace.collectGarbage()).toEqual({ files: 0, bytes: 0 });
      expect(workspace.verify().unknown).toHaveLength(2);
      workspace.close();
    });
  }

  it('leaves a damaged database where it is when it is only read', () => {
    makeWorkspace();
    damages['overwritten by text'](file);
    expect(errorOf(() => openWorkspace(folder, { readOnly: true })).code).toBe('corrupt');
    expect(fs.readdirSync(folder)).not.toContain('damaged-1');
  });

  it('has one writer: a second one is told who writes, and readers go on', async () => {
    makeWorkspace();
    const holder = spawn(process.execPath, [child, 'hold', folder]);
    await once(holder.stdout, 'data');
    const error = errorOf(() => openWorkspace(folder));
    expect(error.message).toBe(
      `Another process (${holder.pid}) is writing to the workspace ${folder}: wait until it has ended, or choose another folder.`,
    );
    const reader = openWorkspace(folder, { readOnly: true });
    expect(reader.audits.list()).toHaveLength(1);
    reader.close();
    holder.kill('SIGKILL');
    await once(holder, 'close');
    openWorkspace(folder).close();
  });

  it('has one writer within a process, too', () => {
    const workspace = openWorkspace(folder);
    expect(errorOf(() => openWorkspace(folder)).code).toBe('busy');
    workspace.close();
    openWorkspace(folder).close();
  });

  it('shows a reader what the writer adds meanwhile', () => {
    const writer = openWorkspace(folder);
    const reader = openWorkspace(folder, { readOnly: true });
    expect(reader.audits.list()).toEqual([]);
    planAudit(writer);
    expect(reader.audits.list()).toHaveLength(1);
    writer.close();
    reader.close();
  });

  it('keeps to what it had when the database cannot grow', () => {
    const workspace = openWorkspace(folder);
    const { auditId, modelId } = planAudit(workspace);
    workspace.close();
    const database = openForWriting(folder);
    const scores = new Scores(new Connection(database, folder));
    // Stands for a full disk: SQLite gives the same error for both.
    const pages = database.pragma('page_count', { simple: true }) as number;
    database.pragma(`max_page_count = ${pages + 2}`);
    const result = similarityOf(50);
    const [first] = result.classes;
    const large = {
      ...result,
      classes: Array.from({ length: 500 }, (_, index) => ({ ...first, index })),
    };
    const error = errorOf(() => scores.save(auditId, modelId, large));
    expect(error.message).toBe(
      `The disk that holds ${folder} is full: free some space and run the same command again.`,
    );
    expect(scores.get(auditId, modelId)).toBeUndefined();
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.pragma('max_page_count = 1000000');
    scores.save(auditId, modelId, large);
    expect(scores.get(auditId, modelId)).toEqual(large);
    database.close();
  });

  it.skipIf(!mayMount)('stays whole on a disk that is really full', () => {
    const said = inNamespace(
      `mount -t tmpfs -o size=1m tmpfs /mnt && ${process.execPath} ${child} fill /mnt/workspace`,
    );
    expect(said).toBe(
      '[[],[],[]]\nWorkspaceError full: The disk that holds /mnt/workspace/files is full: ' +
        'free some space and run the same command again.\n',
    );
  });

  it.skipIf(!mayMount)('on a read-only disk is read, and says that it cannot be written', () => {
    makeWorkspace();
    const readOnly = (action: string): string =>
      inNamespace(
        `mount --bind ${folder} ${folder} && mount -o remount,ro,bind ${folder} && ${process.execPath} ${child} ${action} ${folder}`,
      );
    expect(readOnly('write')).toBe(
      `WorkspaceError read-only: The workspace ${folder} is read-only: choose a folder that can be written to.\n`,
    );
    expect(readOnly('read')).toBe('1 audits\n');
  });

  /** Root may do everything: as root, the test becomes somebody else. */
  const stranger = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

  const strangerRuns =
    spawnSync(process.execPath, ['--check', child], { ...stranger }).status === 0;

  it.skipIf(process.platform === 'win32' || !strangerRuns)(
    'says so when the permission is missing',
    () => {
      makeWorkspace();
      fs.chmodSync(scratch.path, 0o000);
      for (const action of ['read', 'write']) {
        const { stdout } = spawnSync(process.execPath, [child, action, folder], {
          encoding: 'utf8',
          ...stranger,
        });
        expect(stdout).toMatch(/^WorkspaceError denied: The permission to use [^\n]*\n$/);
      }
      fs.chmodSync(scratch.path, 0o755);
      fs.chmodSync(folder, 0o555);
      const { stdout } = spawnSync(process.execPath, [child, 'write', folder], {
        encoding: 'utf8',
        ...stranger,
      });
      expect(stdout).toBe(
        `WorkspaceError denied: The permission to use ${folder} is missing: change it, or choose another folder.\n`,
      );
    },
  );

  it('fails in words when a checkpoint cannot be written, and the run goes on from the one before', () => {
    const workspace = openWorkspace(folder);
    const { auditId } = planAudit(workspace);
    const [run] = workspace.runs.claim(auditId);
    workspace.runs.saveCheckpoint(run.id, bytesOf(1));
    fs.rmSync(join(folder, 'files', 'unfinished'), { recursive: true });
    expect(errorOf(() => workspace.runs.saveCheckpoint(run.id, bytesOf(2)))).toBeInstanceOf(
      WorkspaceError,
    );
    expect(new Uint8Array(workspace.runs.checkpoint(run.id)!)).toEqual(bytesOf(1));
    workspace.close();
  });
});
