import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ReportError } from '../errors.ts';
import { isPdf, normalised } from './normalise.ts';
import type { Printer } from './printer.ts';

/** Milliseconds that a print may take: a gallery of thousands of pictures takes a minute. */
const PATIENCE = 300_000;

/**
 * Prints a page, without a window. Equal pages give equal bytes with the same version of a
 * browser; Electron numbers the parts of a page anew each time.
 *
 * @param page path of an HTML file; the folder gets a scratch folder beside it for a moment
 * @param time what the PDF says it was made at, ISO 8601 in UTC
 * @throws ReportError in one sentence
 */
export async function printPage(printer: Printer, page: string, time: string): Promise<Uint8Array> {
  // Beside the page, for a browser from a sandboxed package sees little else than a person's own folders.
  const scratch = await mkdtemp(join(dirname(page), 'printing-'));
  const output = join(scratch, 'page.pdf');
  try {
    const { program } = printer;
    const words = await run(program, printer.words(page, output, join(scratch, 'profile')));
    const pdf = existsSync(output) ? readFileSync(output) : undefined;
    if (pdf && isPdf(pdf)) return normalised(pdf, time);
    throw new ReportError(`The PDF was not made: ${program} says “${lastLine(words)}”.`);
  } finally {
    // A browser that was just stopped may still write.
    rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

const lastLine = (words: string): string => words.trim().split('\n').at(-1) ?? '';

/** @returns what it said on standard error */
function run(browser: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const own = process.platform !== 'win32';
    const child = spawn(browser, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: own });
    let words = '';
    child.stderr.on('data', (data: Buffer) => (words = (words + data.toString()).slice(-4000)));
    const impatience = setTimeout(() => {
      words += '\nit took too long';
      stop(child);
    }, PATIENCE);
    child.once('error', (error) => {
      clearTimeout(impatience);
      reject(
        new ReportError(`The PDF was not made: ${browser} cannot be started.`, { cause: error }),
      );
    });
    child.once('exit', () => {
      clearTimeout(impatience);
      stop(child);
      resolve(words);
    });
  });
}

/** Ends a browser with all processes that it started. */
function stop({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
