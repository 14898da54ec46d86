import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { reportFormats, type ReportFormat } from '../../../api/report.ts';
import { ReportError } from '../../../report/errors.ts';
import { exportReport, type ExportedFiles } from '../../../report/export.ts';
import type { AuditRecord } from '../../../store/audits.ts';
import { openWorkspace, type WorkspaceReader } from '../../../store/workspace.ts';
import { exitCodes } from '../failure.ts';
import { withExamples } from '../options.ts';
import { printable } from '../printable.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  workspace: string;
  out: string;
  audit?: string;
  format: ReportFormat[];
}

/** `report`: the audit as files for people who have no Eidoscope. */
export function addReport(program: Command, open: () => Terminal): Command {
  const command = program
    .command('report')
    .description('write the report of an audit: page, PDF, JSON, tables and a manifest')
    .requiredOption('--workspace <folder>', 'where the audit is')
    .requiredOption('--out <folder>', 'gets the report; empty, new, or with a report to replace')
    .option('--audit <n|name>', 'number or name of the audit (default: the last one)')
    .option('--format <list>', reportFormats.join(', '), formatsOf, [...reportFormats]);
  return withExamples(command, [
    'eidoscope report --workspace my-audit --out report',
    'eidoscope report --workspace my-audit --audit 2 --format html,json --out report',
  ]).action(async (options: Options) => {
    const terminal = open();
    const workspace = openWorkspace(options.workspace, { readOnly: true });
    try {
      const { id } = auditOf(workspace, options.audit);
      await write(workspace, id, options, terminal);
    } finally {
      workspace.close();
    }
  });
}

async function write(
  workspace: WorkspaceReader,
  auditId: number,
  { out, format }: Options,
  terminal: Terminal,
): Promise<void> {
  const folder = resolve(out);
  const exported = await exportReport(workspace, auditId, folder, { formats: format });
  for (const note of exported.notes) terminal.progress.note(note);
  const result = { folder, audit: auditId, ...exported };
  await terminal.result(result, () => textOf(result));
  if (exported.notes.length > 0) process.exitCode = exitCodes.incomplete;
}

function formatsOf(text: string): ReportFormat[] {
  const words = text.split(',').map((word) => word.trim());
  const unknown = words.find((word) => !reportFormats.some((format) => format === word));
  if (unknown === undefined) return words as ReportFormat[];
  throw new InvalidArgumentError(`There is no ${unknown}; there are ${reportFormats.join(', ')}.`);
}

/** An audit by its number, else by its name, else the last one. */
function auditOf({ audits }: WorkspaceReader, wanted: string | undefined): AuditRecord {
  const all = audits.list();
  const found =
    wanted === undefined
      ? all.at(-1)
      : (all.find(({ id }) => String(id) === wanted) ??
        all.findLast(({ name }) => name === wanted));
  if (found) return found;
  const known = all.map(({ id, name }) => `${id} (${printable(name)})`).join(', ');
  throw new ReportError(
    all.length === 0
      ? 'The workspace holds no audit yet: run one first.'
      : `The workspace holds no audit ${wanted}; there are ${known}.`,
  );
}

interface Written extends ExportedFiles {
  readonly folder: string;
}

const textOf = ({ folder, files, manifestSha256 }: Written): string =>
  [
    table(
      ['file', 'bytes', 'SHA-256'],
      files.map(({ path, bytes, sha256 }) => [path, bytes, sha256.slice(0, 16)]),
    ),
    '',
    `The report is in ${folder}`,
    `SHA-256 of its manifest: ${manifestSha256}`,
  ].join('\n');
