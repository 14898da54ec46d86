import type { Report } from '../api/report.ts';
import type { SubjectSimilarity } from '../similarity/result.ts';
import type { AuditRecord } from '../store/audits.ts';
import type { WorkspaceReader } from '../store/workspace.ts';
import { both } from './curve.ts';
import { figure } from './figure.ts';
import { scoresOf } from './similarity.ts';

type Score = Report['scores'][number];

/** Path similarity of every prototype and control, class by class, with intervals. */
export function classScoresOf(workspace: WorkspaceReader, audit: AuditRecord): Score[] {
  return audit.models.flatMap(({ modelId }) => {
    const classes = workspace.scores.get(audit.id, modelId)?.classes ?? [];
    return classes.flatMap(({ index, label, n, evidence, subjects }) =>
      subjects.map((subject, place) => ({
        ...{ modelId, classIndex: index, label, naturalImages: n, evidence },
        ...{ series: subject.series, kind: subject.kind, ordinal: ordinalOf(subjects, place) },
        logit: figure(subject.logit),
        scores: subject.scores === null ? null : both(subject.scores, scoresOf),
      })),
    );
  });
}

/** Place among the subjects of its series. */
const ordinalOf = (subjects: readonly SubjectSimilarity[], place: number): number =>
  subjects.slice(0, place).filter(({ series }) => series === subjects[place].series).length;
