import type { Prototype, Snapshot } from '../../src-main/api/prototype.ts';
import type { Made as Sight } from '../shell/address.ts';

export const pictured = (snapshots: readonly Snapshot[]): Snapshot[] =>
  snapshots.filter(({ imageHash }) => imageHash !== undefined);

const isOf = (sight: Sight, { stage, step }: Snapshot): boolean =>
  sight.stage === stage && sight.step === step;

/** The place of a sight among the steps; as many as there are steps for the finished prototype. */
export function placeOf(steps: readonly Snapshot[], sight: Sight | undefined): number {
  if (sight?.step === undefined) return steps.length;
  const place = steps.findIndex((snapshot) => isOf(sight, snapshot));
  return place < 0 ? steps.length : place;
}

/** The snapshot that a sight means. @returns undefined for the finished prototype */
export const snapshotOf = (prototype: Prototype, sight: Sight): Snapshot | undefined =>
  sight.step === undefined
    ? undefined
    : prototype.snapshots.find((snapshot) => isOf(sight, snapshot));

/** The picture that a sight means, if there is one yet. */
export function imageOf(prototype: Prototype, sight: Sight): string | undefined {
  const snapshot = snapshotOf(prototype, sight);
  return snapshot ? snapshot.imageHash : prototype.result?.imageHash;
}

/** The picture so many steps on. @returns undefined beyond the first and the finished one */
export function stepFrom(prototype: Prototype, sight: Sight, by: number): Sight | undefined {
  const steps = pictured(prototype.snapshots);
  const place = placeOf(steps, sight) + by;
  if (place < 0 || place > steps.length) return undefined;
  return sightAt(sight.runId, steps, place);
}

export function sightAt(runId: number, steps: readonly Snapshot[], place: number): Sight {
  if (place >= steps.length) return { runId };
  const { stage, step } = steps[place];
  return { runId, stage, step };
}

/** `step 448`, `baseline, step 6` or `finished`. */
export function stepName({ stage, step }: Pick<Sight, 'stage' | 'step'>): string {
  if (step === undefined) return 'finished';
  return stage === 'baseline' ? `baseline, step ${step}` : `step ${step}`;
}
