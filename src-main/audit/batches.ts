import type { BatchRecord } from '../prototype/batch-known.ts';
import { canonicalJson } from '../store/json.ts';
import type { RunRecord } from '../store/run-reader.ts';

/** Prototypes of a model that were made alike, as many at a time. */
export interface BatchOfRuns extends BatchRecord {
  readonly modelId: number;
  readonly prototypes: number;
}

/** How many prototypes ran together when runs were made, model by model. */
export function batchesOf(runs: readonly RunRecord[]): BatchOfRuns[] {
  const made = runs.flatMap(({ modelId, batch }) => (batch ? [{ modelId, batch }] : []));
  const same = Map.groupBy(made, canonicalJson);
  return [...same.values()].map((group) => {
    const [{ modelId, batch }] = group;
    return { modelId, ...batch, prototypes: group.length };
  });
}
