import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Call, Input, Output } from '../api/contract.ts';
import { failureSchema } from '../api/wire.ts';
import { reportPageAt } from '../host/service/report-page.ts';
import { auditWith } from '../report/support/audited.ts';
import { scratchFolder } from '../store/support/sample.ts';
import { openWorkspace, type Workspace } from '../store/workspace.ts';
import { StudioService } from './service.ts';
import { engine } from './support/engine.ts';

describe('the page of a report before it is written', () => {
  const scratch = scratchFolder();
  let workspace: Workspace;
  let service: StudioService;
  let auditId: number;
  let told: { event: string; value: object }[];

  beforeEach(() => {
    workspace = openWorkspace(scratch.path);
    auditId = auditWith(workspace);
    told = [];
    service = new StudioService(workspace, engine, (event, value) => told.push({ event, value }));
  });
  afterEach(async () => {
    await service.stop();
    workspace.close();
    scratch.remove();
  });

  async function call<C extends Call>(name: C, input: Input<C>): Promise<Output<C>> {
    const reply = await service.answer({ id: 1, call: name, input });
    if (reply && 'failure' in reply) throw new Error(failureSchema.parse(reply.failure).message);
    return (reply as unknown as { output: Output<C> }).output;
  }
  const textOf = (page: string): string =>
    Buffer.from(reportPageAt(workspace.path, `/pages/${page}`)?.bytes ?? []).toString();

  it('says what is written down by now, and is the page of the state that would be written', async () => {
    const before = await call('report.compose', { auditId });
    expect(before.folder).toBe((await call('report.preview', { auditId })).folder);
    const scope = { title: 'Rulers and gowns', question: '', reviewer: '', blind: false };
    await call('scope.set', { auditId, scope });
    const after = await call('report.compose', { auditId });
    expect(after.folder).not.toBe(before.folder);
    expect(after.folder).toBe((await call('report.preview', { auditId })).folder);
    expect(textOf(after.page)).toContain('Rulers and gowns');
    expect(Buffer.byteLength(textOf(after.page))).toBe(after.bytes);
    // One page of an audit is kept.
    expect(textOf(before.page)).toBe('');
  });

  it('is white in every theme, as paper is', async () => {
    const { page } = await call('report.compose', { auditId });
    expect(textOf(page)).not.toMatch(/prefers-color-scheme|light dark/);
  });

  it('tells how many of its pictures are put in', async () => {
    await call('report.compose', { auditId });
    const last = told.findLast(({ event }) => event === 'library.progress')?.value as {
      readonly task: string;
      readonly done: number;
      readonly total: number;
    };
    expect(last.task).toBe(`compose ${auditId}`);
    expect(last.done).toBeGreaterThan(0);
    expect(last.done).toBe(last.total);
  });

  it('can be stopped, and names an audit that there is not', async () => {
    const composing = call('report.compose', { auditId });
    await call('library.stop', { task: `compose ${auditId}` });
    await expect(composing).rejects.toThrow('This was stopped.');
    await expect(call('report.compose', { auditId: 99 })).rejects.toThrow('no audit 99');
  });
});
