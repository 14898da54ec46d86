import Database from 'better-sqlite3';
import { WorkspaceError } from './errors.ts';

/** Tables, indices and triggers as they were written down. */
function layoutOf(database: Database.Database): string {
  const rows = database
    .prepare(
      "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name",
    )
    .all();
  return JSON.stringify(rows);
}

const known = new Map<string, string>();

function layoutAfter(steps: readonly string[]): string {
  const key = steps.join('\n');
  const found = known.get(key);
  if (found !== undefined) return found;
  const database = new Database(':memory:');
  for (const step of steps) database.exec(step);
  const layout = layoutOf(database);
  database.close();
  known.set(key, layout);
  return layout;
}

/**
 * Refuses a database whose tables are not those of its format: versions that were never released shared a number, and
 * another program may have changed it. Nothing of it is touched.
 * @throws WorkspaceError `other-layout`
 */
export function checkLayout(
  database: Database.Database,
  folder: string,
  steps: readonly string[],
): void {
  const version = database.pragma('user_version', { simple: true }) as number;
  if (version === 0 || layoutOf(database) === layoutAfter(steps.slice(0, version))) return;
  throw new WorkspaceError(
    'other-layout',
    `The workspace ${folder} has tables that this Eidoscope does not know, as versions before the first release had: it is left as it is; open or make another one, or move it away.`,
  );
}
