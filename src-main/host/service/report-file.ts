import { lstatSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { reportFolderSchema } from '../../api/report.ts';
import type { ServedFile } from './served-file.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.pdf': 'application/pdf',
  '.json': 'application/json; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
};

/** A report's own style and pictures are inside it. It runs nothing, fetches nothing, and is nobody's frame. */
const POLICY =
  "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/** Folder of a report in a workspace. @returns undefined for what is no name of one */
export function reportFolder(workspace: string, name: string): string | undefined {
  return reportFolderSchema.safeParse(name).success ? join(workspace, 'reports', name) : undefined;
}

/**
 * A file of a report that the studio wrote, by the path under which pages know it: `/reports/FOLDER/FILE`. The page is
 * shown, all others are saved.
 * @returns undefined for what is no such file, or is not there
 */
export function reportFileAt(workspace: string, path: string): ServedFile | undefined {
  const [, folder, file] = /^\/reports\/([\w-]+)\/([\w-][\w.-]*)$/.exec(path) ?? [];
  const place = folder === undefined ? undefined : reportFolder(workspace, folder);
  const type = types[extname(file ?? '')];
  if (place === undefined || type === undefined) return undefined;
  const whole = join(place, file);
  const found = lstatSync(whole, { throwIfNoEntry: false });
  if (!found?.isFile()) return undefined;
  const shown = extname(file) === '.html' ? 'inline' : 'attachment';
  return {
    bytes: readFileSync(whole),
    headers: {
      'Content-Type': type,
      'Content-Disposition': `${shown}; filename="${folder}-${file}"`,
      'Content-Security-Policy': POLICY,
      // Another browser may have printed it anew since.
      'Cache-Control': 'no-cache',
    },
  };
}
