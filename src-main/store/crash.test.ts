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

/** Starts the writer, and kills it some time after it is ready, unless it is done before. @returns its signal */
async function killAfter(folder: string, milliseconds: number): Promise<string | null> {
  const child = spawn(process.execPath, [writer, folder, String(classes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  await Promise.race([sleep(milliseconds), closed]);
  child.kill('SIGKILL');
  const [, signal] = (await closed) as [number | null, string | null];
  return signal;
}

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
    // Odd steps through the time that the work takes: every round dies somewhere else.
    const signals: (string | null)[] = [];
    const stoppedAt = new Set<number>();
    for (let round = 0; round < 20; round++) {
      signals.push(await killAfter(folder, (round * 37) % 101));
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
    expect(signals.filter((signal) => signal === 'SIGKILL').length).toBeGreaterThan(10);
    expect(stoppedAt.size).toBeGreaterThan(5);

    const undisturbed = newFolder();
    expect(await killAfter(folder, 60_000)).toBeNull();
    expect(await killAfter(undisturbed, 60_000)).toBeNull();
    expect(contentOf(folder)).toEqual(contentOf(undisturbed));
    expect(contentOf(folder)).toHaveLength(classes);

    const workspace = openWorkspace(folder);
    workspace.collectGarbage();
    expect(workspace.verify().unknown).toEqual([]);
    workspace.close();
  }, 120_000);
});
