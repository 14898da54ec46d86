import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestSchema, type Manifest, type Report } from '../api/report.ts';
import { sha256 } from '../store/blobs.ts';
import { ReportError } from './errors.ts';
import { jsonOf } from './json.ts';

export const MANIFEST = 'manifest.json';
export const PAGE = 'report.html';
export const PDF = 'report.pdf';

const VERIFICATION =
  'eidoscope verify FOLDER compares every file of the report with its SHA-256 here, and finds what is missing or was added. The SHA-256 of this manifest, kept elsewhere, shows whether the manifest itself was changed. Images are files of the workspace, named by their SHA-256.';

type Entry = Manifest['files'][number];

export const entryOf = (path: string, bytes: Uint8Array): Entry => ({
  path,
  bytes: bytes.length,
  sha256: sha256(bytes),
});

/** What the files of a report are, byte for byte. */
export const manifestOf = (report: Report, files: readonly Entry[]): Manifest => ({
  format: 'eidoscope-manifest',
  version: 1,
  eidoscope: report.eidoscope,
  audit: report.audit.name,
  asOf: report.asOf,
  verification: VERIFICATION,
  files: inOrder(files),
  images: report.images,
});

const inOrder = (files: readonly Entry[]): Entry[] =>
  files.toSorted((a, b) => (a.path < b.path ? -1 : 1));

export const manifestText = (manifest: Manifest): string => jsonOf(manifest);

/** @throws ReportError where there is none, or it is none of ours */
export function readManifest(folder: string): Manifest {
  try {
    const text = readFileSync(join(folder, MANIFEST), 'utf8');
    return manifestSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new ReportError(
      `${join(folder, MANIFEST)} is no manifest of a report: name the folder of a whole report.`,
      { cause: error },
    );
  }
}

/** Adds a file that came later, such as a PDF that the desktop printed. @returns what it is */
export function addToManifest(folder: string, path: string, bytes: Uint8Array): Entry {
  const manifest = readManifest(folder);
  const entry = entryOf(path, bytes);
  const files = inOrder([...manifest.files.filter((each) => each.path !== path), entry]);
  writeFileSync(join(folder, MANIFEST), manifestText({ ...manifest, files }));
  return entry;
}
