import { wordsOf } from '../api/medium.ts';
import { purposeOf } from '../api/names.ts';
import type { ReportFinding } from '../api/report.ts';
import { parseSight, type Sight } from '../api/sight.ts';
import { exemplarPicture } from '../audit/exemplar.ts';
import { sha256 } from '../store/blobs.ts';
import type { AuditRecord } from '../store/audits.ts';
import type { WorkspaceReader } from '../store/workspace.ts';
import { typical, type Pictures } from './natural.ts';

type Picture = ReportFinding['pictures'][number];

/**
 * All that reviewers wrote down of an audit, the worst first.
 * @param pictures get what photographs look like to a model
 */
export async function findingsOf(
  workspace: WorkspaceReader,
  audit: AuditRecord,
  pictures: Pictures,
): Promise<ReportFinding[]> {
  const findings: ReportFinding[] = [];
  for (const { sights, mark, reading, reviewedAt } of workspace.reviews.findings(audit.id)) {
    const shown: Picture[] = [];
    for (const name of sights) shown.push(await pictureOf(workspace, audit, name, pictures));
    findings.push({ ...mark, reading, reviewedAt, pictures: shown });
  }
  return findings;
}

async function pictureOf(
  workspace: WorkspaceReader,
  audit: AuditRecord,
  name: string,
  pictures: Pictures,
): Promise<Picture> {
  const sight = parseSight(name);
  const found = sight?.exemplar
    ? await natural(workspace, audit, sight.exemplar, pictures)
    : sight && made(workspace, sight);
  return { sight: name, ...(found ?? { description: 'A picture that is no longer there' }) };
}

type Found = Omit<Picture, 'sight'>;

function made(workspace: WorkspaceReader, { runId, stage, step }: Sight): Found | undefined {
  const run = workspace.runs.get(runId!);
  if (!run) return undefined;
  const { modelId, classIndex, label, profile, prototypeIndex } = run;
  const wanted = stage === 'baseline' ? 1 : 2;
  const image =
    step === undefined
      ? workspace.runs.prototype(run.id)?.imageHash
      : workspace.runs
          .snapshots(run.id)
          .find((snapshot) => snapshot.stage === wanted && snapshot.step === step)?.imageHash;
  const purpose = purposeOf(profile);
  const parts = [
    `“${label}”`,
    workspace.models.get(modelId)!.name,
    purpose ? `${profile} (${purpose})` : profile,
    ...(prototypeIndex > 0 ? [`prototype ${prototypeIndex + 1}`] : []),
    ...(step === undefined
      ? []
      : [`step ${step}${stage === 'baseline' ? ' of the baseline' : ''}`]),
  ];
  return { runId: run.id, modelId, classIndex, description: parts.join(', '), image };
}

async function natural(
  workspace: WorkspaceReader,
  audit: AuditRecord,
  { modelId, classIndex, place }: NonNullable<Sight['exemplar']>,
  pictures: Pictures,
): Promise<Found | undefined> {
  const evidence = workspace.scores.ofClass(audit.id, modelId, classIndex)?.found;
  const photograph = evidence && typical(evidence.images)[place];
  const link = audit.models.find((each) => each.modelId === modelId);
  const set = link?.imageSetId === undefined ? undefined : workspace.imageSets.get(link.imageSetId);
  if (!photograph || !set) return undefined;
  const model = workspace.models.get(modelId)!;
  const png = await exemplarPicture(workspace, model, set, photograph.name);
  const description = `“${evidence.label}”, ${wordsOf(set).one === 'row' ? '' : 'photograph '}${photograph.name}, as ${model.name} sees it`;
  const image = png && sha256(png);
  if (image !== undefined) pictures.set(image, png!);
  return { modelId, classIndex, description, image };
}
