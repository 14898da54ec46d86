import { resolve } from 'node:path';
import type { AuditContext, AuditOutcome } from '../../audit/conduct.ts';
import type { Workspace } from '../../store/workspace.ts';
import { exitCodes } from './failure.ts';
import { openEngine, type EngineOptions } from './options.ts';
import { makeFolder } from './output.ts';
import { summarise, summaryText } from './summary.ts';
import { stoppedByUser, type Terminal } from './terminal.ts';
import { writeOut } from './write-out.ts';

/**
 * Does the work of an audit in an open workspace, tells how it goes, and prints what came of it. The exit code says
 * whether prototypes failed.
 * @param out folder that gets the prototypes as PNG and raw float32, where one is wanted
 */
export async function conductAndReport(
  workspace: Workspace,
  options: EngineOptions & { readonly out?: string },
  terminal: Terminal,
  work: (context: AuditContext) => Promise<AuditOutcome>,
): Promise<void> {
  const out = options.out === undefined ? undefined : resolve(options.out);
  if (out !== undefined) await makeFolder(out);
  const outcome = await work({
    workspace,
    signal: stoppedByUser(),
    engine: await openEngine(options),
    onProgress: ({ done, total, label }) => terminal.progress.update(done, total, label),
    onNote: (note) => terminal.progress.note(note),
  });
  if (out !== undefined) await writeOut(workspace, outcome, out);
  const summary = summarise(workspace, outcome);
  await terminal.result(summary, () => summaryText(summary));
  if (outcome.failed > 0) process.exitCode = exitCodes.incomplete;
}
