import { openProgress, type Progress } from './progress.ts';

/** What a command may use of the world: results go to standard output, everything else to standard error. */
export interface Terminal {
  readonly json: boolean;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** The result: as JSON where it was asked for, else as text for people. */
  result(value: unknown, text: () => string): void;
}

/** The process's own terminal. @param json whether results are wanted as JSON */
export function openTerminal(json: boolean, signal: AbortSignal): Terminal {
  const progress = openProgress(process.stderr);
  return {
    json,
    signal,
    progress,
    result(value, text) {
      progress.end();
      process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text()}\n`);
    },
  };
}
