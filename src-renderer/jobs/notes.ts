import type { EventOf } from '../../src-main/api/contract.ts';
import type { Job } from '../../src-main/api/studio.ts';

/** Notes of one job; of the studio as a whole where there is no name of a job. */
export interface NoteGroup {
  readonly id: number;
  readonly name: string;
  readonly texts: readonly string[];
}

/** What is to know of each job: what was kept with it, and what was told since. Nothing is said twice. */
export function notesOf(jobs: readonly Job[], told: readonly EventOf<'note'>[]): NoteGroup[] {
  const groups = jobs.map(({ id, auditId, name, notes }) => {
    const since = told.filter((note) => note.auditId === auditId).map(({ text }) => text);
    return { id, name, texts: [...new Set([...notes, ...since])] };
  });
  const others = told.filter(({ auditId }) => auditId === undefined).map(({ text }) => text);
  return [...groups, { id: -1, name: 'The studio', texts: [...new Set(others)] }].filter(
    ({ texts }) => texts.length > 0,
  );
}
