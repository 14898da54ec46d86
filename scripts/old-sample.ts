/**
 * Moves the sample's workspace aside when a development version left it with tables that this one does not know. It
 * may hold somebody's marks: nothing of it is deleted.
 *
 *   node scripts/old-sample.ts FOLDER
 */
import { existsSync, renameSync } from 'node:fs';
import { WorkspaceError } from '../src-main/store/errors.ts';
import { openWorkspace } from '../src-main/store/workspace.ts';

/** @returns where it lies now; undefined where it may stay, or where another fault is for the studio to tell */
export function moveOldSample(folder: string): string | undefined {
  if (!existsSync(folder) || !isOfAnotherVersion(folder)) return undefined;
  const places = Array.from({ length: 1000 }, (_, place) => `${folder}-before-${place + 1}`);
  const free = places.find((place) => !existsSync(place));
  if (free !== undefined) renameSync(folder, free);
  return free;
}

function isOfAnotherVersion(folder: string): boolean {
  try {
    openWorkspace(folder, { readOnly: true }).close();
    return false;
  } catch (error) {
    return error instanceof WorkspaceError && error.code === 'other-layout';
  }
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  const place = moveOldSample(folder);
  if (place !== undefined) {
    console.log(
      `An older development version made the sample's workspace, which this one cannot read. It was moved to\n${place}\nwith all marks in it, and the sample is audited anew.`,
    );
  }
}
