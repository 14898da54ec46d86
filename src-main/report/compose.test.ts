import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { reportSchema, type Report } from '../api/report.ts';
import { parseConfiguration } from '../audit/configuration.ts';
import { scratchFolder } from '../store/support/sample.ts';
import { openWorkspace, type Workspace } from '../store/workspace.ts';
import { composeReport } from './compose.ts';
import { auditWith } from './support/audited.ts';

describe('a report as data', () => {
  const scratch = scratchFolder();
  let workspace: Workspace;
  let report: Report;

  beforeAll(async () => {
    workspace = openWorkspace(scratch.path);
    const auditId = auditWith(workspace);
    ({ report } = await composeReport(workspace, auditId));
  });
  afterAll(() => {
    workspace.close();
    scratch.remove();
  });

  it('is what its published schema says', () => {
    expect(reportSchema.parse(report)).toEqual(report);
  });

  it('counts what was reviewed, and leaves controls out', () => {
    expect(report.review).toEqual({
      ...{ prototypes: 2, made: 2, reviewed: 2, unreviewed: 0, concern: 1, cleared: 1 },
      comparisons: 1,
    });
    expect(report.prototypes.filter(({ control }) => control)).toHaveLength(1);
  });

  it('names the worst finding first, with all pictures of a comparison', () => {
    expect(report.findings.map(({ severity }) => severity)).toEqual([5, 4, 0]);
    const [, comparison] = report.findings;
    expect(comparison.pictures.map(({ classIndex }) => classIndex)).toEqual([0, 2]);
    const images = report.prototypes.filter(({ control }) => !control).map(({ image }) => image);
    expect(comparison.pictures.map(({ image }) => image)).toEqual(images);
  });

  it('marks each option that is not what the profile chooses by itself', () => {
    const [paper] = report.method.profiles;
    const changed = paper.options.filter(({ differs }) => differs);
    expect(changed.map(({ name, value, default: usual }) => [name, value, usual])).toEqual([
      ['steps', 100, 512],
    ]);
  });

  it('is as of the last review, which came after the audit', () => {
    const times = workspace.reviews.findings(report.audit.id).map(({ reviewedAt }) => reviewedAt);
    expect(report.asOf).toBe(times.sort().at(-1));
  });

  it('gives an audit file that is the same audit again', () => {
    const again = parseConfiguration(parse(report.reproduction.configuration), 'It');
    expect(again).toMatchObject({
      ...{ classes: 'all', seed: 1, options: { steps: 100 }, profiles: ['paper'] },
      models: [{ path: 'tiny.onnx', images: 'photos' }],
    });
  });

  it('tells nobody where files lay on this machine', () => {
    const text = JSON.stringify(report);
    expect(text).toContain('tiny.onnx');
    expect(text).not.toMatch(/somebody|secret|\/photos/);
    expect(text).not.toContain(scratch.path);
  });

  it('refuses an audit that there is not', async () => {
    await expect(composeReport(workspace, 99)).rejects.toThrow('The workspace holds no audit 99.');
  });
});
