import { spawn } from 'node:child_process';

/** A failure whose message is all that a person needs. */
export class SetupError extends Error {}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What to say when the command does not exist, in one sentence. */
  readonly missing: string;
  /** What failed when it does not end well. */
  readonly failed: string;
}

/** A download of hundreds of megabytes may take long; a command that hangs must not. */
const PATIENCE_MS = 20 * 60_000;

/** Runs a command quietly. @returns what it wrote @throws SetupError in one sentence when it fails */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      timeout: PATIENCE_MS,
    });
    let said = '';
    let complained = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complained += chunk.toString()));
    child.on('error', () => reject(new SetupError(options.missing)));
    child.on('close', (code) => {
      if (code === 0) resolve(said);
      else reject(new SetupError(`${options.failed}: ${reasonIn(complained || said)}`));
    });
  });
}

/** What npm and pip say before they come to the point. */
const PREAMBLE = /^WARNING|^(npm error )?(code|path|command|errno|syscall) /;
const POINT = /\b(error|failed|cannot|could not|not found|unexpected|ENOTFOUND|EAI_AGAIN)\b/i;

/** The line of a log that says most: the first that names an error, or the last. */
function reasonIn(log: string): string {
  const lines = log
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !PREAMBLE.test(line))
    .map((line) => line.replace(/^npm error /, ''));
  const line = lines.find((each) => POINT.test(each)) ?? lines.at(-1) ?? 'it gave no reason';
  const short = line.length > 200 ? `${line.slice(0, 200)}…` : line;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}

/** Says what is being done, and how long it took. */
export async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  process.stdout.write(`${what} … `);
  try {
    const result = await work();
    console.log(`${((performance.now() - start) / 1000).toFixed(0)} s`);
    return result;
  } catch (error) {
    console.log('failed');
    throw error;
  }
}
