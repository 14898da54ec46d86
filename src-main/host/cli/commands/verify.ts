import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { MANIFEST } from '../../../report/manifest.ts';
import { isWhole, verifyReport, type ReportVerdict } from '../../../report/verify.ts';
import { DATABASE } from '../../../store/database.ts';
import { WorkspaceError } from '../../../store/errors.ts';
import type { Verdict } from '../../../store/verify.ts';
import { openWorkspace, type WorkspaceReader } from '../../../store/workspace.ts';
import { exitCodes, UsageError } from '../failure.ts';
import { withExamples } from '../options.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  workspace?: string;
  manifest?: string;
}

type Problems = readonly (readonly [what: string, which: readonly string[]])[];

/** `verify`: whether a workspace, or a report, is still what it was. */
export function addVerify(program: Command, open: () => Terminal): Command {
  const command = program
    .command('verify')
    .description('find any changed byte, missing or added file of a workspace or a report')
    .argument('<folder>', 'a workspace, or the folder of a report')
    .option('--workspace <folder>', 'also look for the images of a report in this workspace')
    .option('--manifest <sha256>', 'SHA-256 that the manifest of the report must have');
  return withExamples(command, [
    'eidoscope verify my-audit',
    'eidoscope verify report --workspace my-audit',
  ]).action(async (path: string, options: Options) => {
    const folder = resolve(path);
    if (existsSync(join(folder, DATABASE))) return verifyWorkspace(folder, open());
    if (existsSync(join(folder, MANIFEST))) return verifyFolder(folder, options, open());
    if (!existsSync(folder)) {
      throw new UsageError(`There is no folder ${folder}; check the path.`);
    }
    throw new UsageError(
      `${folder} is neither a workspace nor a report: name a folder with ${DATABASE} or ${MANIFEST}.`,
    );
  });
}

async function verifyWorkspace(folder: string, terminal: Terminal): Promise<void> {
  const verdict = verdictOn(folder);
  // A file that no row knows is left over from a crash: harmless, and `tidy` removes it.
  const { unknown, ...problems } = verdict;
  const whole = Object.values(problems).every((list) => list.length === 0);
  await tell(terminal, { kind: 'workspace', whole, ...verdict }, () =>
    text(whole, 'The workspace', workspaceProblems(verdict), [
      ...(unknown.length > 0
        ? [
            `${unknown.length} files that nothing refers to are harmless; eidoscope tidy removes them.`,
          ]
        : []),
    ]),
  );
}

/** A database that cannot even be opened is what this command is there to find. */
function verdictOn(folder: string): Verdict {
  try {
    return reading(folder, (workspace) => workspace.verify());
  } catch (error) {
    if (!(error instanceof WorkspaceError && error.code === 'corrupt')) throw error;
    const nothing = { brokenReferences: [], missing: [], damaged: [], unknown: [] };
    return { database: [error.message], ...nothing };
  }
}

const workspaceProblems = (verdict: Verdict): Problems => [
  ['database', verdict.database],
  ['broken reference', verdict.brokenReferences],
  ['missing file', verdict.missing],
  ['damaged file', verdict.damaged],
];

async function verifyFolder(
  folder: string,
  { workspace, manifest }: Options,
  terminal: Terminal,
): Promise<void> {
  const verdict =
    workspace === undefined
      ? verifyReport(folder)
      : reading(resolve(workspace), (opened) => verifyReport(folder, opened));
  const expected = manifest === undefined || manifest.toLowerCase() === verdict.manifestSha256;
  const whole = isWhole(verdict) && expected;
  await tell(terminal, { kind: 'report', whole, ...verdict }, () =>
    text(whole, 'The report', reportProblems(verdict, expected), [
      `${verdict.files} files compared. SHA-256 of the manifest: ${verdict.manifestSha256}`,
    ]),
  );
}

const reportProblems = (verdict: ReportVerdict, expected: boolean): Problems => [
  ['changed', verdict.changed],
  ['missing', verdict.missing],
  ['added', verdict.added],
  ['image that the workspace lacks', verdict.images ?? []],
  ['manifest', expected ? [] : ['it is not the one that was named']],
];

function reading<T>(folder: string, look: (workspace: WorkspaceReader) => T): T {
  const workspace = openWorkspace(folder, { readOnly: true });
  try {
    return look(workspace);
  } finally {
    workspace.close();
  }
}

async function tell(
  terminal: Terminal,
  result: { readonly kind: string; readonly whole: boolean },
  words: () => string,
): Promise<void> {
  await terminal.result(result, words);
  if (!result.whole) process.exitCode = exitCodes.changed;
}

const text = (
  whole: boolean,
  subject: string,
  problems: Problems,
  more: readonly string[],
): string =>
  [
    ...problems.flatMap(([what, which]) => which.map((name) => `${what}: ${name}`)),
    whole ? `${subject} is whole: every byte is what it was.` : `${subject} is not what it was.`,
    ...more,
  ].join('\n');
