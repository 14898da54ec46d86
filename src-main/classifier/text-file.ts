import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { ClassifierError } from './errors.ts';

/** No sidecar or list of labels is larger (bytes). */
const MOST_BYTES = 16 * 2 ** 20;

/** Content of a small text file. @param what says what the file is, for the error. */
export function readText(path: string, what: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new ClassifierError(`There is no ${what} at ${path}.`);
  if (!stats.isFile()) throw new ClassifierError(`The ${what} ${path} is not a file.`);
  if (stats.size > MOST_BYTES) {
    throw new ClassifierError(`The ${what} ${path} is larger than 16 MB, so it is something else.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    throw new ClassifierError(`The ${what} ${path} cannot be read as text.`, { cause: error });
  }
}

export function readJson(path: string, what: string): unknown {
  try {
    return JSON.parse(readText(path, what));
  } catch (error) {
    if (error instanceof ClassifierError) throw error;
    const reason = (error as Error).message.replace(/\.?$/, '');
    throw new ClassifierError(`The ${what} ${path} is not valid JSON: ${reason}.`, {
      cause: error,
    });
  }
}

/**
 * A path that a file from outside names, which must stay in the file's folder, symbolic links included.
 * @throws ClassifierError when it leads elsewhere
 */
export function confined(folder: string, named: string, what: string): string {
  const path = resolve(folder, named);
  const outside = (from: string, to: string): boolean => {
    const way = relative(from, to);
    return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  };
  const exists = statSync(path, { throwIfNoEntry: false }) !== undefined;
  if (
    isAbsolute(named) ||
    outside(resolve(folder), path) ||
    (exists && outside(realpathSync(folder), realpathSync(path)))
  ) {
    throw new ClassifierError(
      `The ${what} ${named} lies outside the folder of the model; put it there.`,
    );
  }
  return path;
}
