import type { Making } from '../../src-main/api/job.ts';
import { isVeiled, veiled } from '../gallery/blind.ts';
import type { Desk } from '../shell/desk.svelte.ts';

/** A prototype in the making as it may be shown: without what it is of while a blind review hides that. */
export function shownMaking(
  { blind, gallery }: Pick<Desk, 'blind' | 'gallery'>,
  making: Making,
): Making {
  if (!blind.on) return making;
  const { runId } = making.tile;
  const tile = gallery.byRun.get(runId) ?? { ...veiled(making.tile, runId), label: 'A prototype' };
  return isVeiled(tile) ? { ...making, tile, modelName: '' } : making;
}
