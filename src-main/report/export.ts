import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportFormats, type Manifest, type Report, type ReportFormat } from '../api/report.ts';
import { sha256 } from '../store/blobs.ts';
import type { WorkspaceReader } from '../store/workspace.ts';
import { composeReport, type Composition } from './compose.ts';
import { ReportError } from './errors.ts';
import { inPlace } from './folder.ts';
import { reportJson, reportJsonSchema } from './json.ts';
import { entryOf, MANIFEST, manifestOf, manifestText, PAGE, PDF } from './manifest.ts';
import { pageOf } from './page/page.ts';
import { openAlbum } from './page/pictures.ts';
import { printPage } from './pdf/print.ts';
import { findPrinter, NO_PRINTER, type Printer } from './pdf/printer.ts';
import { tablesOf } from './tables.ts';

export interface ExportOptions {
  readonly formats?: readonly ReportFormat[];
  /** What prints the PDF; looked for on the machine by default. */
  readonly printer?: Printer;
}

export interface ExportedFiles {
  readonly files: Manifest['files'];
  readonly manifestSha256: string;
  /** What could not be made, and why, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Writes the report of an audit into a folder. The same state of the workspace gives the same bytes, whenever it is
 * written; those of the PDF depend on the version of what prints it as well.
 *
 * @param folder not there yet, empty, or with a report, which is replaced
 * @throws ReportError or WorkspaceError in one sentence
 */
export async function exportReport(
  workspace: WorkspaceReader,
  auditId: number,
  folder: string,
  options: ExportOptions = {},
): Promise<ExportedFiles> {
  return exportComposition(await composeReport(workspace, auditId), folder, options);
}

export async function exportComposition(
  composition: Composition,
  folder: string,
  { formats = reportFormats, printer = findPrinter() }: ExportOptions = {},
): Promise<ExportedFiles> {
  const { report } = composition;
  const wanted = new Set(formats);
  return inPlace(folder, async (beside) => {
    const texts = new Map<string, string>();
    if (wanted.has('html') || wanted.has('pdf')) texts.set(PAGE, await page(composition));
    if (wanted.has('json')) {
      texts.set('report.json', reportJson(report)).set('report.schema.json', reportJsonSchema());
    }
    if (wanted.has('csv')) for (const [name, text] of tablesOf(report)) texts.set(name, text);
    const files = [...texts].map(([name, text]) => write(beside, name, Buffer.from(text)));
    const notes: string[] = [];
    if (wanted.has('pdf')) {
      const pdf = await print(beside, report, printer);
      if (typeof pdf === 'string') notes.push(pdf);
      else files.push(write(beside, PDF, pdf));
    }
    if (!wanted.has('html')) rmSync(join(beside, PAGE), { force: true });
    const kept = files.filter(({ path }) => path !== PAGE || wanted.has('html'));
    return { ...seal(beside, report, kept), notes };
  });
}

async function page({ report, hashes, picture }: Composition): Promise<string> {
  return pageOf({ report, album: await openAlbum(hashes, picture) });
}

/**
 * The page of a report to be looked at on a screen before it is printed: as paper, white in every theme.
 * @param before hears of every picture of `hashes` that its turn has come; what it throws ends the work
 */
export async function paperOf(
  { report, hashes, picture }: Composition,
  before: () => void,
): Promise<string> {
  return pageOf({ report, album: await openAlbum(hashes, picture, before) }, true);
}

function write(folder: string, name: string, bytes: Uint8Array): Manifest['files'][number] {
  writeFileSync(join(folder, name), bytes);
  return entryOf(name, bytes);
}

/** @returns the PDF, or why there is none: the rest of the report does not depend on it */
async function print(
  folder: string,
  report: Report,
  printer: Printer | undefined,
): Promise<Uint8Array | string> {
  if (printer === undefined) return NO_PRINTER;
  try {
    return await printPage(printer, join(folder, PAGE), report.asOf);
  } catch (error) {
    if (error instanceof ReportError) return error.message;
    throw error;
  }
}

function seal(
  folder: string,
  report: Report,
  entries: Manifest['files'],
): Pick<ExportedFiles, 'files' | 'manifestSha256'> {
  const manifest = manifestOf(report, entries);
  const text = manifestText(manifest);
  writeFileSync(join(folder, MANIFEST), text);
  return { files: manifest.files, manifestSha256: sha256(text) };
}
