import { stability } from '../../similarity/stability.ts';
import type { GalleryTile } from '../../store/gallery.ts';
import type { WorkspaceReader } from '../../store/workspace.ts';

const keyOf = ({ modelId, classIndex, profile }: GalleryTile): string =>
  `${modelId} ${classIndex} ${profile}`;

/** Stability by run, of prototypes that have others of their model, class and profile beside them. */
export function stabilities(
  workspace: WorkspaceReader,
  tiles: readonly GalleryTile[],
): Map<number, number> {
  const found = new Map<number, number>();
  const made = tiles.filter(({ state }) => state === 'finished');
  for (const group of Map.groupBy(made, keyOf).values()) {
    if (group.length < 2) continue;
    const logits = group.map(({ runId }) => workspace.runs.prototype(runId)!.logits);
    stability(logits, group[0].classIndex).forEach((value, place) => {
      if (value !== undefined) found.set(group[place].runId, value);
    });
  }
  return found;
}
