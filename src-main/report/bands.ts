import type { Report } from '../api/report.ts';
import type { ClassSimilarity } from '../similarity/result.ts';
import type { AuditRecord } from '../store/audits.ts';
import type { WorkspaceReader } from '../store/workspace.ts';
import { figure } from './figure.ts';

/** Places of the 5 and 95 % quantiles of a band. */
const ENDS = [0, 4] as const;

/** Between which rank correlations most photographs lie, layer by layer. */
export function naturalBandsOf(
  workspace: WorkspaceReader,
  audit: AuditRecord,
): Report['naturalBands'] {
  return audit.models.flatMap(({ modelId }) => {
    const result = workspace.scores.get(audit.id, modelId);
    if (!result) return [];
    const classes = result.classes.filter(({ evidence }) => evidence === 'sufficient');
    const spearman = result.layers.map((_, layer) => bandOf(classes, layer));
    return [{ modelId, spearman }];
  });
}

function bandOf(
  classes: readonly ClassSimilarity[],
  layer: number,
): [number | null, number | null] {
  const [low, high] = ENDS.map((end) => {
    const values = classes.map(({ layers }) => layers[layer].full.spearman.quantiles[end]);
    return figure(values.reduce((sum, value) => sum + value, 0) / values.length);
  });
  return [low, high];
}
