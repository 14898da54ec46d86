import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../api/report.ts';
import { sha256 } from '../store/blobs.ts';
import type { WorkspaceReader } from '../store/workspace.ts';
import { MANIFEST, readManifest } from './manifest.ts';

/** What is wrong with a report; all lists are empty where nothing is. */
export interface ReportVerdict {
  /** Of the manifest itself: to be compared with one that was kept elsewhere. */
  readonly manifestSha256: string;
  /** Files that were compared. */
  readonly files: number;
  readonly changed: readonly string[];
  readonly missing: readonly string[];
  readonly added: readonly string[];
  /** Images that the workspace lacks or holds damaged; absent where no workspace was given. */
  readonly images?: readonly string[];
}

/**
 * Compares a report with its manifest.
 * @param workspace that the report's images are looked for in
 * @throws ReportError where the folder holds no report
 */
export function verifyReport(folder: string, workspace?: WorkspaceReader): ReportVerdict {
  const manifest = readManifest(folder);
  const known = new Set([MANIFEST, ...manifest.files.map(({ path }) => path)]);
  const present = new Set(readdirSync(folder));
  const missing = manifest.files.filter(({ path }) => !present.has(path));
  const there = manifest.files.filter(({ path }) => present.has(path));
  return {
    manifestSha256: sha256(readFileSync(join(folder, MANIFEST))),
    files: manifest.files.length,
    changed: there.filter((entry) => isChanged(folder, entry)).map(({ path }) => path),
    missing: missing.map(({ path }) => path),
    added: [...present].filter((name) => !known.has(name)).sort(),
    ...(workspace && { images: lostImages(manifest, workspace) }),
  };
}

/** A link is not the file that was written, wherever it leads. */
function isChanged(
  folder: string,
  { path, bytes, sha256: hash }: Manifest['files'][number],
): boolean {
  const file = join(folder, path);
  const found = lstatSync(file);
  return !found.isFile() || found.size !== bytes || sha256(readFileSync(file)) !== hash;
}

const lostImages = ({ images }: Manifest, workspace: WorkspaceReader): string[] =>
  images
    .filter(({ sha256: hash }) => {
      if (!workspace.keeps(hash)) return true;
      try {
        workspace.readFile(hash);
        return false;
      } catch {
        return true;
      }
    })
    .map(({ sha256: hash }) => hash);

export const isWhole = ({ changed, missing, added, images = [] }: ReportVerdict): boolean =>
  changed.length + missing.length + added.length + images.length === 0;
