import { print } from './output.ts';
import { printableLines } from './printable.ts';
import { openProgress, type Progress } from './progress.ts';

/** What a command may use of the world: results go to standard output, everything else to standard error. */
export interface Terminal {
  readonly progress: Progress;
  /** The result: as JSON where it was asked for, else as text for people. @throws OutputError in one sentence */
  result(value: unknown, text: () => string): Promise<void>;
}

/** The process's own terminal. @param json whether results are wanted as JSON */
export function openTerminal(json: boolean): Terminal {
  const progress = openProgress(process.stderr);
  return {
    progress,
    result(value, text) {
      progress.end();
      return print(`${json ? JSON.stringify(value, null, 2) : printableLines(text())}\n`);
    },
  };
}

/** Says why a command failed, in place of a bar that may stand there. */
export function complain(text: string): void {
  const clear = process.stderr.isTTY ? '\r\x1b[2K' : '';
  process.stderr.write(`${clear}${printableLines(text)}\n`);
}

/**
 * A signal for work that can be gone on with: the first Ctrl-C ends it in order, within a step, and the second ends
 * the process. Without it Ctrl-C ends the process at once.
 */
export function stoppedByUser(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      const reason = new Error('Stopped; run the same command again to go on.');
      reason.name = 'AbortError';
      controller.abort(reason);
    });
  }
  return controller.signal;
}
