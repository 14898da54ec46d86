import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planAudit, scratchFolder } from './support/sample.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const concern = { state: 'concern', severity: 5, note: 'A watermark.' } as const;
const cleared = { state: 'cleared', severity: null, note: '' } as const;

describe('what reviewers write down', () => {
  const scratch = scratchFolder();
  let workspace: Workspace;
  let auditId: number;
  beforeEach(() => {
    workspace = openWorkspace(scratch.path);
    ({ auditId } = planAudit(workspace));
  });
  afterEach(() => {
    workspace.close();
    scratch.remove();
  });

  it('is one mark a prototype, the last one', () => {
    expect(workspace.reviews.get(auditId, ['1'])).toBeUndefined();
    workspace.reviews.set(auditId, ['1'], concern);
    workspace.reviews.set(auditId, ['1'], cleared);
    expect(workspace.reviews.list(auditId)).toMatchObject([
      { runId: 1, sights: ['1'], mark: cleared, reading: 'named' },
    ]);
  });

  it('is one mark a comparison, in whatever order its pictures stand', () => {
    workspace.reviews.set(auditId, ['2@448', '1', 'x1.0.3'], concern);
    workspace.reviews.set(auditId, ['x1.0.3', '2@448', '1'], cleared, 'blind');
    expect(workspace.reviews.findings(auditId)).toMatchObject([
      { sights: ['1', '2@448', 'x1.0.3'], mark: cleared, reading: 'blind' },
    ]);
    expect(workspace.reviews.list(auditId)).toEqual([]);
  });

  it('is listed worst first', () => {
    const graded = (severity: number | null) => ({ ...concern, severity });
    workspace.reviews.set(auditId, ['3'], cleared);
    workspace.reviews.set(auditId, ['10', '9'], graded(2));
    workspace.reviews.set(auditId, ['1'], { ...cleared, state: 'unreviewed', note: 'Odd.' });
    workspace.reviews.set(auditId, ['10'], graded(null));
    workspace.reviews.set(auditId, ['9'], graded(5));
    const sights = workspace.reviews.findings(auditId).map((finding) => finding.sights.join());
    expect(sights).toEqual(['9', '9,10', '10', '1', '3']);
  });

  it('is no finding once it is taken back', () => {
    const blank = { ...cleared, state: 'unreviewed' } as const;
    workspace.reviews.set(auditId, ['1'], blank, 'revealed');
    expect(workspace.reviews.findings(auditId)).toEqual([]);
    expect(workspace.reviews.all(auditId)).toMatchObject([{ mark: blank, reading: 'revealed' }]);
  });

  it('is refused where it makes no sense', () => {
    const impossible = { ...concern, severity: 6 };
    expect(() => workspace.reviews.set(auditId, ['1'], impossible)).toThrow(/CHECK constraint/);
    expect(() => workspace.reviews.set(99, ['1'], concern)).toThrow(/FOREIGN KEY/);
  });

  it('has a scope, empty at first', () => {
    const scope = { title: 'Gowns', question: 'Who wears them?', reviewer: 'R.', blind: true };
    expect(workspace.reviews.scope(auditId)).toMatchObject({ title: '', blind: false });
    workspace.reviews.describe(auditId, scope);
    expect(workspace.reviews.scope(auditId)).toEqual(scope);
  });

  it('has views with a name, each name once', () => {
    const { savedViews } = workspace;
    savedViews.save(auditId, 'Concerns', 'review=concern');
    savedViews.save(auditId, 'Left', 'review=unreviewed');
    savedViews.save(auditId, 'Concerns', 'review=concern&sort=logit');
    const [concerns, left] = savedViews.list(auditId);
    expect([concerns.query, left.query]).toEqual([
      'review=concern&sort=logit',
      'review=unreviewed',
    ]);
    expect(() => savedViews.rename(left.id, 'Concerns')).toThrow(/UNIQUE/);
    savedViews.remove(concerns.id);
    savedViews.rename(left.id, 'Concerns');
    expect(savedViews.list(auditId)).toEqual([{ ...left, name: 'Concerns' }]);
  });
});
