import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Call, Input, Output } from '../api/contract.ts';
import { failureSchema } from '../api/wire.ts';
import { planAudit, scratchFolder } from '../store/support/sample.ts';
import { openWorkspace, type Workspace } from '../store/workspace.ts';
import { StudioService } from './service.ts';
import { engine } from './support/engine.ts';

const concern = { state: 'concern', severity: 3, note: 'A ruler.' } as const;
const blank = { state: 'unreviewed', severity: null, note: '' } as const;
const scope = { title: '', question: '', reviewer: '' };

describe('the review of an audit', () => {
  const scratch = scratchFolder();
  let workspace: Workspace;
  let service: StudioService;
  let auditId: number;
  let told: { event: string; value: object }[];

  beforeEach(() => {
    workspace = openWorkspace(scratch.path);
    ({ auditId } = planAudit(workspace));
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
  const set = (sights: string[], mark: Input<'review.set'>['mark']) =>
    call('review.set', { auditId, sights, mark });

  it('marks a comparison as one thing, whatever its order, and tells every page', async () => {
    await set(['2', '1@64'], concern);
    const { review, previous } = await set(['1@64', '2'], blank);
    expect([review.sights, previous]).toEqual([['1@64', '2'], concern]);
    expect(told.map(({ event }) => event)).toEqual(['review.changed', 'review.changed']);
    expect(told[0].value).toMatchObject({ auditId, review: { sights: ['1@64', '2'] } });
  });

  it.each([
    [['1@64'], /a picture alone must be a finished prototype/],
    [['1', '1'], /each picture can stand here once/],
    [['1', 'x'], /no name of a picture/],
    [['1', '2', '3', '1@1', '2@1'], /sights/],
    [['1', '99'], /no such prototype/],
    [['1', 'x99.0.0'], /no such prototype/],
  ])('refuses a mark on %j', async (sights, words) => {
    await expect(set(sights, concern)).rejects.toThrow(words);
  });

  it('writes down that a first reading was blind, and that one after a look at the name was not', async () => {
    await call('scope.set', { auditId, scope: { ...scope, blind: true } });
    await call('review.reveal', { auditId, sights: ['2'] });
    const readings = async () =>
      (await call('review.list', { auditId })).map(({ sights, reading }) => [sights[0], reading]);
    await set(['1'], concern);
    await set(['1'], { ...concern, severity: 1 });
    await set(['2'], { ...concern, severity: 0 });
    expect(await readings()).toEqual([
      ['1', 'blind'],
      ['2', 'revealed'],
    ]);
    await set(['1'], blank);
    await set(['1'], concern);
    expect((await readings())[0]).toEqual(['1', 'revealed']);
  });

  it('takes a comparison of something known for no blind reading', async () => {
    await set(['1'], concern);
    await call('scope.set', { auditId, scope: { ...scope, blind: true } });
    expect((await set(['1@64', '2'], concern)).review.reading).toBe('revealed');
    expect((await set(['3', 'x1.0.0'], concern)).review.reading).toBe('blind');
  });

  it('keeps its scope and its saved views, which have names of their own', async () => {
    const about = { title: 'Gowns', question: 'Who?', reviewer: 'R. Reader', blind: false };
    await call('scope.set', { auditId, scope: about });
    expect(await call('scope.get', { auditId })).toEqual(about);
    await call('view.save', { auditId, name: ' Left ', query: 'review=unreviewed' });
    const [left, other] = await call('view.save', { auditId, name: 'Other', query: '' });
    expect(left).toEqual({ id: left.id, name: 'Left', query: 'review=unreviewed' });
    const taken = call('view.rename', { viewId: other.id, name: 'Left' });
    await expect(taken).rejects.toThrow('There is a view “Left” already: take another name.');
    expect(await call('view.remove', { viewId: left.id })).toEqual([other]);
    expect(told.at(-1)).toEqual({ event: 'views.changed', value: { auditId, views: [other] } });
  });
});
