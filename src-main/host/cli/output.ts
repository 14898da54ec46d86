import { access, constants, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { whyNotWritten } from '../../store/errors.ts';
import * as disk from '../../store/make-folder.ts';

/** A result that cannot be written where it was wanted. */
class OutputError extends Error {
  override readonly name = 'OutputError';

  constructor(where: string, cause: unknown) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    super(`${where} cannot be written: ${whyNotWritten(code)}.`, { cause });
  }
}

/** Makes a folder for results, before the work that leads to them. @throws OutputError in one sentence */
export async function makeFolder(path: string): Promise<void> {
  try {
    disk.makeFolder(path);
    await access(path, constants.W_OK);
  } catch (error) {
    throw new OutputError(path, error);
  }
}

/** Writes a file that a person asked for; its folder is made. @throws OutputError in one sentence */
export async function writeResult(path: string, bytes: Uint8Array): Promise<void> {
  await makeFolder(dirname(path));
  try {
    await writeFile(path, bytes);
  } catch (error) {
    throw new OutputError(path, error);
  }
}

/**
 * Writes to standard output, and waits until it is written. A reader that has seen enough and left (`| head`) is no
 * failure.
 * @throws OutputError in one sentence
 */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // The callback tells; without a listener the event of the same failure would end the process.
    process.stdout.once('error', () => undefined);
    process.stdout.write(text, (error) => {
      if (!error || (error as NodeJS.ErrnoException).code === 'EPIPE') resolve();
      else reject(new OutputError('The result', error));
    });
  });
}
