import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Call, Input } from '../../api/contract.ts';
import { calls } from '../../api/contract.ts';
import { scratchFolder } from '../../store/support/sample.ts';
import { openWorkspace } from '../../store/workspace.ts';
import { onlyReads } from '../../studio/read-only.ts';
import { smallAudit as audit } from '../support/audit.ts';
import { TestPage } from '../support/page.ts';
import { serveWorkspace, type ServedStudio, type ServeOptions } from '../web/serve.ts';

describe('a service whose settings change', () => {
  const scratch = scratchFolder();
  const page = join(scratch.path, 'page');
  const config = process.env.EIDOSCOPE_CONFIG;
  let studio: ServedStudio;
  let client: TestPage;

  beforeAll(() => {
    process.env.EIDOSCOPE_CONFIG = join(scratch.path, 'config');
    fs.mkdirSync(page);
    fs.writeFileSync(join(page, 'index.html'), '');
  });
  afterEach(async () => {
    client.close();
    await studio.close();
    fs.rmSync(join(scratch.path, 'config'), { recursive: true, force: true });
  });
  afterAll(() => {
    process.env.EIDOSCOPE_CONFIG = config;
    scratch.remove();
  });

  async function open(name: string, options: Partial<ServeOptions> = {}): Promise<string> {
    const workspace = join(scratch.path, name);
    studio = await serveWorkspace({ workspace, page, ...options });
    client = new TestPage(studio.origin, studio.token);
    return workspace;
  }
  const call = <C extends Call>(name: C, input: Input<C>) => client.client.call(name, input);
  const usedThreads = async (): Promise<number> => (await call('engines.list', {})).used.threads;

  it.skipIf(availableParallelism() < 2)(
    'goes on with other threads where it was, and loses nothing',
    async () => {
      const workspace = await open('threads');
      await call('settings.set', { threads: 1 });
      await client.until('service', ({ state }) => state === 'ready');
      expect(await usedThreads()).toBe(1);
      const { auditId } = await call('audit.create', audit);
      await client.until('prototype.finished', ({ tile }) => tile.state === 'finished');
      await client.until('step', ({ step }) => step > 4);
      const first = studio.supervisor.pid;
      const down = client.until('service', ({ state }) => state === 'down');
      const kept = await call('settings.set', { threads: 2 });
      expect(kept.settings).toEqual({ threads: 2 });
      expect((await down).message).toMatch(/takes over new settings.+nothing is lost\.$/);
      await client.until('service', ({ state }) => state === 'ready');
      expect(studio.supervisor.pid).not.toBe(first);
      expect(await usedThreads()).toBe(2);
      for (;;) {
        const { jobs } = await call('studio.get', {});
        expect(jobs.map(({ state }) => state)).not.toContain('failed');
        if (jobs.every(({ state }) => state === 'finished')) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const { summary } = await call('audit.get', { auditId });
      expect(summary.progress).toMatchObject({ finished: 3, failed: 0, queued: 0 });
      const reader = openWorkspace(workspace, { readOnly: true });
      const runs = reader.runs.list(auditId);
      expect(runs.map(({ attempts }) => attempts).sort()).toEqual([1, 1, 2]);
      const { database, missing, damaged } = reader.verify();
      expect({ database, missing, damaged }).toEqual({ database: [], missing: [], damaged: [] });
      reader.close();
    },
  );

  it('lets the command line win, and says so', async () => {
    await open('flags', { threads: 1 });
    const pid = studio.supervisor.pid;
    const { settings, given } = await call('settings.set', { threads: availableParallelism() });
    expect([settings.threads, given.threads]).toEqual([availableParallelism(), 1]);
    expect(await usedThreads()).toBe(1);
    expect(studio.supervisor.pid).toBe(pid);
  });

  it('refuses what this machine does not have, and keeps nothing of it', async () => {
    await open('refused');
    await expect(call('settings.set', { engine: 'abacus' })).rejects.toThrow(
      'There is no engine abacus: choose one of the list.',
    );
    await expect(call('settings.set', { threads: 1000 })).rejects.toThrow(
      /^This machine runs \d+ threads at once: choose 1 to \d+\.$/,
    );
    expect((await call('settings.get', {})).settings).toEqual({});
  });

  it('starts with a damaged file of settings, and tells', async () => {
    fs.mkdirSync(join(scratch.path, 'config'));
    fs.writeFileSync(join(scratch.path, 'config', 'settings.json'), '{');
    await open('damaged');
    expect((await call('settings.get', {})).problem).toMatch(/settings\.json is damaged/);
    expect((await call('engines.list', {})).used.provider).toBe('cpu');
  });

  it('shows a workspace that is opened to be read, and refuses every call that would write', async () => {
    const workspace = await open('read');
    const { auditId } = await call('audit.create', { ...audit, classes: '0', images: undefined });
    await client.until('prototype.finished', () => true);
    client.close();
    await studio.close();
    const before = listing(workspace);
    await open('read', { readOnly: true });
    expect((await call('studio.get', {})).workspace.readOnly).toMatch(/opened to be read only/);
    const { tiles } = await call('audit.get', { auditId });
    expect(tiles[0].imageHash).toMatch(/^[0-9a-f]{64}$/);
    await call('prototype.get', { runId: tiles[0].runId });
    await call('similarity.get', { auditId });
    await call('review.list', { auditId });
    const refusal = { code: 'workspace', message: expect.stringMatching(/--read-only/) as string };
    await expect(call('audit.create', audit)).rejects.toMatchObject(refusal);
    await expect(call('audit.resume', { auditId })).rejects.toMatchObject(refusal);
    await expect(call('job.retry', { jobId: 1 })).rejects.toMatchObject(refusal);
    client.close();
    await studio.close();
    expect(listing(workspace)).toEqual(before);
  });

  it('can be one of a workspace that somebody else writes to, if it only reads', async () => {
    const workspace = await open('shared');
    const second = await serveWorkspace({ workspace, page, readOnly: true });
    const other = new TestPage(second.origin, second.token);
    expect((await other.client.call('studio.get', {})).workspace.path).toBe(workspace);
    other.close();
    await second.close();
  });

  it('becomes another workspace’s, and its own again where that cannot be opened', async () => {
    await open('first');
    const { supervisor } = studio;
    const other = join(scratch.path, 'file');
    fs.writeFileSync(other, '');
    const { startNodeProcess } = await import('./node-process.ts');
    await expect(
      supervisor.become(() => startNodeProcess({ workspace: other }), 'One moment.'),
    ).rejects.toThrow(/^The workspace .+file is not a folder: choose another path\.$/);
    expect((await call('workspace.get', {})).name).toBe('first');
    const second = join(scratch.path, 'second');
    await supervisor.become(() => startNodeProcess({ workspace: second }), 'One moment.');
    expect(await call('workspace.get', {})).toMatchObject({ name: 'second', bytes: { files: 0 } });
  });
});

/** Names, sizes and times of all files of a folder. */
function listing(folder: string): string[] {
  return (
    fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      // SQLite's own, which holds nothing.
      .filter((name) => !/-(shm|wal)$/.test(name))
      .sort()
      .map((name) => {
        const { size, mtimeMs } = fs.statSync(join(folder, name));
        return `${name} ${size} ${mtimeMs}`;
      })
  );
}

it('tells by its name whether a call writes into the workspace', () => {
  const verbs =
    /add|cancel|create|export|move|pause|queue|remove|rename|resume|retry|reveal|save|set|update|delete/;
  const allowed = Object.keys(calls).filter(onlyReads);
  expect(allowed.filter((name) => verbs.test(name.split('.')[1]))).toEqual(['settings.set']);
  expect(allowed).toEqual(expect.arrayContaining(['audit.get', 'report.preview', 'review.list']));
});

describe('a folder that may not be written to', () => {
  const scratch = scratchFolder();
  afterAll(() => scratch.remove());
  const stranger = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const module = pathToFileURL(new URL('./workspace.ts', import.meta.url).pathname).href;
  const script = `
    const { openForStudio } = await import(${JSON.stringify(module)});
    const { workspace, readOnly } = openForStudio(process.argv[1], false);
    console.log(workspace.audits.list().length, readOnly);`;

  it.skipIf(process.platform === 'win32')('is opened to be read, and says why', ({ skip }) => {
    const folder = join(scratch.path, 'workspace');
    openWorkspace(folder).close();
    fs.chmodSync(scratch.path, 0o755);
    fs.chmodSync(folder, 0o555);
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', script, folder],
      { encoding: 'utf8', ...stranger },
    );
    fs.chmodSync(folder, 0o755);
    if (/EACCES/.test(stderr) && !stdout) skip('another user cannot run this Node');
    expect(stdout).toBe(
      `0 This workspace is read-only, for ${folder} cannot be written to: open a copy of it elsewhere to mark prototypes or to run jobs.\n`,
    );
  });
});
