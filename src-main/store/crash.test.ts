import Database from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATABASE } from './database.ts';
import { planAudit, scratchFolder } from './support/sample.ts';
import { openWorkspace } from './workspace.ts';

const writer = fileURLToPath(new URL('./support/writer.ts', import.meta.url));
const classes = 150;

/** Prototypes that a writer makes at most before it is killed: all rounds together leave some to make. */
const most = 7;

/** Starts the writer, and kills it when it has made some prototypes, a moment later. */
async function killAfter(folder: string, made: number, milliseconds: number): Promise<void> {
  const child = startWriter(folder, most);
  const closed = once(child, 'close');
  let said = '';
  for await (const data of child.stdout) {
    said += String(data);
    if (said.length >= 'ready\n'.length + made) break;
  }
  await sleep(milliseconds);
  child.kill('SIGKILL');
  expect(await closed).toEqual([null, 'SIGKILL']);
}

/** Lets the writer end its work. */
async function finish(folder: string): Promise<void> {
  const child = startWriter(folder, Infinity);
  child.stdout.resume();
  expect(await once(child, 'close')).toEqual([0, null]);
}

const startWriter = (folder: string, limit: number) =>
  spawn(process.execPath, [writer, folder, String(classes), String(limit)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** What ended up in the database, without times; read past our own code. */
function contentOf(folder: string): unknown[] {
  const database = new Database(join(folder, DATABASE), { readonly: true });
  const rows = database
    .prepare(
      `SELECT class_index, state, image_hash, raw_hash, hex(logits),
         (SELECT group_concat(step || image_hash) FROM snapshots WHERE run_id = runs.id) AS snapshots
       FROM runs LEFT JOIN prototypes ON run_id = runs.id ORDER BY class_index`,
    )
    .all();
  database.close();
  return rows;
}

describe('a workspace whose writer is killed', () => {
  const scratch: { path: string; remove: () => void }[] = [];
  const newFolder = (): string => {
    scratch.push(scratchFolder());
    return join(scratch.at(-1).path, 'workspace');
  };
  beforeEach(() => scratch.splice(0));
  afterEach(() => scratch.forEach(({ remove }) => remove()));

  it('is whole after every kill -9, and ends as if there had been none', async () => {
    const folder = newFolder();
    // Other numbers of prototypes, and other moments after the last: every round dies somewhere else.
    const stoppedAt = new Set<number>();
    for (let round = 0; round < 20; round++) {
      await killAfter(folder, round % most, (round * 37) % 11);
      const database = new Database(join(folder, DATABASE), { readonly: true });
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      database.close();
      const workspace = openWorkspace(folder);
      const verdict = workspace.verify();
      expect(verdict).toMatchObject({ brokenReferences: [], missing: [], damaged: [] });
      const { auditId } = planAudit(workspace, classes);
      const progress = workspace.runs.progress(auditId);
      expect(progress.finished + progress.queued).toBe(classes);
      stoppedAt.add(progress.finished);
      workspace.close();
    }
    expect(stoppedAt.size).toBeGreaterThan(5);

    const undisturbed = newFolder();
    await finish(folder);
    await finish(undisturbed);
    expect(contentOf(folder)).toEqual(contentOf(undisturbed));
    expect(contentOf(folder)).toHaveLength(classes);

    const workspace = openWorkspace(folder);
    workspace.collectGarbage();
    expect(workspace.verify().unknown).toEqual([]);
    workspace.close();
  });
});
