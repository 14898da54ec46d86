import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveConfiguration } from '../prototype/configuration.ts';
import { outcomeOf, scratchFolder } from '../store/support/sample.ts';
import { openWorkspace, type Workspace } from '../store/workspace.ts';
import { composeReport, type Composition } from './compose.ts';
import { openAlbum } from './page/pictures.ts';
import { pageOf } from './page/page.ts';
import { auditWith, pictureOf } from './support/audited.ts';
import { tablesOf } from './tables.ts';

/** Two answers that are each other's opposite for all classes but the prototypes' own, the first. */
const logits = [Float32Array.of(9, 1, 2, 3), Float32Array.of(9, 3, 2, 1)];

describe('a report of an audit with several seeds', () => {
  const scratch = scratchFolder();
  let workspace: Workspace;
  let composition: Composition;

  beforeAll(async () => {
    workspace = openWorkspace(scratch.path);
    const auditId = auditWith(workspace);
    const plan = (prototypeIndex: number) => ({
      ...{ modelId: 1, classIndex: 1, label: 'academic gown', profile: 'paper' as const },
      ...{ prototypeIndex, seed: prototypeIndex, configuration: resolveConfiguration('paper', {}) },
    });
    workspace.runs.plan(auditId, [plan(0), plan(1)]);
    workspace.runs.claim(auditId, 2).forEach(({ id }, place) =>
      workspace.runs.finish(id, {
        ...{ ...outcomeOf(1), image: pictureOf(place) },
        logits: Float32Array.of(logits[place][1], logits[place][0], ...logits[place].slice(2)),
      }),
    );
    composition = await composeReport(workspace, auditId);
  });
  afterAll(() => {
    workspace.close();
    scratch.remove();
  });

  it('tells how stable its prototypes are, and nothing of one alone', () => {
    const { prototypes } = composition.report;
    const found = prototypes.map(({ classIndex, stability }): unknown[] => [classIndex, stability]);
    expect(found).toEqual([
      ...[0, 0].map((alone): unknown[] => [alone, undefined]),
      ...[1, 1].map((several): unknown[] => [several, expect.closeTo(-1, 12)]),
      [2, undefined],
    ]);
  });

  it('tells it in the table and on the page', async () => {
    const { report, hashes, picture } = composition;
    const [head, ...rows] = new Map(tablesOf(report)).get('prototypes.csv')!.split('\r\n');
    const column = head.split(',').indexOf('stability');
    const cells = rows.map((row) => Number(row.split(',')[column] || Number.NaN).toFixed(6));
    expect(cells.filter((cell) => cell === '-1.000000')).toHaveLength(2);
    const page = pageOf({ report, album: await openAlbum(hashes, picture) });
    expect(page.match(/stable −1\.00/g)).toHaveLength(2);
  });
});
