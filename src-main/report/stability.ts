import { stability } from '../similarity/stability.ts';
import type { State } from '../store/audits.ts';
import type { WorkspaceReader } from '../store/workspace.ts';

/** What tells which prototypes differ in their random start alone. */
interface Seeded {
  readonly runId: number;
  readonly modelId: number;
  readonly classIndex: number;
  readonly profile: string;
  readonly state: State;
}

const keyOf = ({ modelId, classIndex, profile }: Seeded): string =>
  `${modelId} ${classIndex} ${profile}`;

/** Stability by run, of prototypes that have others of their model, class and profile beside them. */
export function stabilities(
  workspace: WorkspaceReader,
  prototypes: readonly Seeded[],
): Map<number, number> {
  const found = new Map<number, number>();
  const made = prototypes.filter(({ state }) => state === 'finished');
  for (const group of Map.groupBy(made, keyOf).values()) {
    if (group.length < 2) continue;
    const logits = group.map(({ runId }) => workspace.runs.prototype(runId)!.logits);
    stability(logits, group[0].classIndex).forEach((value, place) => {
      if (value !== undefined) found.set(group[place].runId, value);
    });
  }
  return found;
}
