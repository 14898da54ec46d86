import { resolve } from 'node:path';
import type { AuditContext, AuditOutcome } from '../../audit/conduct.ts';
import type { Workspace } from '../../store/workspace.ts';
import { exitCodes } from './failure.ts';
import { openEngine, type EngineOptions } from './options.ts';
import { makeFolder } from './output.ts';
import type { Progress } from './progress.ts';
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
  const engine = await openEngine(options);
  const outcome = await work({
    workspace,
    signal: stoppedByUser(),
    engine,
    onPhotograph: tellOfReading(terminal.progress),
    onProgress: ({ done, total, label }) => terminal.progress.update(done, total, label),
    onNote: (note) => terminal.progress.note(note),
  });
  if (out !== undefined) await writeOut(workspace, outcome, out);
  const summary = summarise(workspace, outcome, engine.info);
  await terminal.result(summary, () => summaryText(summary));
  if (outcome.failed > 0) process.exitCode = exitCodes.incomplete;
}

/** Milliseconds of reading before it is told of: that of a few photographs is over before a person has looked. */
const UNTOLD_MS = 2000;

function tellOfReading(progress: Progress): (done: number, total: number) => void {
  let from: number | undefined;
  return (done, total) => {
    from ??= performance.now();
    if (performance.now() - from > UNTOLD_MS) progress.update(done, total, 'reading photographs');
  };
}
