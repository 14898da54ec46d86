import { limitsOf } from '../api/glossary.ts';
import { mediumOf } from '../api/medium.ts';
import { REPORT_VERSION, type Report } from '../api/report.ts';
import { versions } from '../audit/versions.ts';
import type { AuditRecord } from '../store/audits.ts';
import type { WorkspaceReader } from '../store/workspace.ts';
import { ReportError } from './errors.ts';
import { findingsOf } from './findings.ts';
import { methodOf } from './method.ts';
import { imageSetsOf, modelsOf } from './models.ts';
import { naturalBandsOf } from './bands.ts';
import { naturalImagesOf, type Pictures } from './natural.ts';
import { countsOf, enginesOf, prototypesOf } from './prototypes.ts';
import { reproductionOf } from './reproduction.ts';
import { classScoresOf } from './scores.ts';
import { similarityAnswer } from './similarity.ts';

/** A report as data, and the pictures that it refers to. */
export interface Composition {
  readonly report: Report;
  /** Of all pictures that the report shows. */
  readonly hashes: readonly string[];
  /** PNGs by their hash. */
  readonly picture: (hash: string) => Uint8Array;
}

/**
 * Everything that a report says, from a workspace alone: the same state gives the same report, whenever and wherever it
 * is made. No clock is read, and no path of the machine is told.
 * @throws ReportError when there is no such audit; WorkspaceError when a file of it is lost
 */
export async function composeReport(
  workspace: WorkspaceReader,
  auditId: number,
): Promise<Composition> {
  const audit = workspace.audits.get(auditId);
  if (!audit) throw new ReportError(`The workspace holds no audit ${auditId}.`);
  const runs = workspace.runs.list(auditId);
  const read: Pictures = new Map();
  const naturalImages = await naturalImagesOf(workspace, audit, read);
  const findings = await findingsOf(workspace, audit, read);
  const prototypes = prototypesOf(workspace, runs, workspace.reviews.list(auditId));
  const picture = (hash: string): Uint8Array => read.get(hash) ?? workspace.readFile(hash);
  const audited = modelsOf(workspace, audit);
  const report: Omit<Report, 'images'> = {
    format: 'eidoscope-report',
    version: REPORT_VERSION,
    eidoscope: versions.eidoscope,
    asOf: latest(audit, findings),
    scope: { ...workspace.reviews.scope(auditId) },
    audit: factsOf(audit),
    review: countsOf(prototypes, findings),
    ...{ findings, models: audited, imageSets: imageSetsOf(workspace, audit) },
    method: methodOf(audit, runs),
    engines: enginesOf(runs),
    ...{ prototypes, naturalImages },
    similarity: similarityAnswer(workspace, auditId)!,
    naturalBands: naturalBandsOf(workspace, audit),
    scores: classScoresOf(workspace, audit),
    limits: [...limitsOf(mediumOf(audited))],
    reproduction: reproductionOf(workspace, audit),
  };
  const hashes = hashesOf(report);
  const kept = hashes.filter((hash) => !read.has(hash));
  const images = kept.map((sha256) => ({ sha256, bytes: picture(sha256).length }));
  return { report: { ...report, images }, hashes, picture };
}

const factsOf = ({ id, name, state, reason, createdAt, finishedAt }: AuditRecord) => ({
  ...{ id, name, state, reason, createdAt, finishedAt },
});

/** Times are ISO 8601 in UTC, which sorts as text. */
const latest = (audit: AuditRecord, findings: Report['findings']): string =>
  [audit.finishedAt ?? audit.createdAt, ...findings.map(({ reviewedAt }) => reviewedAt)]
    .sort()
    .at(-1);

function hashesOf({
  prototypes,
  naturalImages,
  findings,
}: Pick<Report, 'prototypes' | 'naturalImages' | 'findings'>): string[] {
  const shown = [
    ...prototypes.map(({ image }) => image),
    ...naturalImages.flatMap(({ exemplars }) => exemplars.map(({ image }) => image)),
    ...findings.flatMap(({ pictures }) => pictures.map(({ image }) => image)),
  ];
  return [...new Set(shown.filter((hash) => hash !== undefined))].sort();
}
