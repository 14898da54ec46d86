import { closeSync, constants, openSync, readSync, realpathSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { GraphError } from './errors.ts';
import { foreignWeights } from './foreign.ts';
import { printable } from './onnx/wording.ts';

/** Bytes that the system is asked for at once; it refuses more than 2 GB. */
const CHUNK = 2 ** 30;

/** A file that a model names beside itself, with its size in bytes. */
export interface OpenedFile {
  /** Relative to the model's folder, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
}

/**
 * Where a file lies that an untrusted model names. It must be inside the model's folder, also after symbolic links are
 * followed.
 * @param folder the model's folder, with its own links followed
 * @throws GraphError `bad-external-data`
 */
export function pathInside(folder: string, name: string): string {
  const parts = name.split(/[\\/]/);
  const leaves = posix.isAbsolute(name) || /^[\\]|^[a-zA-Z]+:/.test(name) || parts.includes('..');
  if (name === '' || name.includes('\0') || leaves) {
    throw badData(
      `The model keeps its weights in ${printable(name) || 'no file'}, and a model may only read files of its own folder.`,
    );
  }
  const path = access(name, () => realpathSync(join(folder, ...parts)));
  if (!path.startsWith(folder + (folder.endsWith(sep) ? '' : sep))) {
    throw badData(
      `The weight file ${printable(name)} is a link that leads out of the model's folder; put the file itself beside the model.`,
    );
  }
  return path;
}

/** @throws GraphError `bad-external-data` when it cannot be opened, and what `use` throws */
export function withFile<T>(name: string, path: string, use: (file: number) => T): T {
  // Without O_NONBLOCK, opening a pipe that nobody writes to would hang.
  const file = access(name, () => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}

/** @throws GraphError `bad-external-data` where a file, `size` bytes long, stands in the place of weights */
export function refuseForeign(name: string, file: number, size: number): void {
  const other = foreignWeights(file, size);
  if (other) throw badData(`${printable(name)} is ${other}.`);
}

/** Fills `target` from a place in a file on. @throws GraphError `bad-external-data` when the file ends before */
export function readInto(file: number, target: Uint8Array, offset: number, name: string): void {
  for (let done = 0; done < target.length;) {
    const most = Math.min(CHUNK, target.length - done);
    const count = readSync(file, target, done, most, offset + done);
    if (count === 0) throw badData(`${printable(name)} ended early; fetch the file again.`);
    done += count;
  }
}

export const badData = (sentence: string): GraphError =>
  new GraphError('bad-external-data', sentence);

/** @throws GraphError where the file system refuses: no such file, no right to read it */
export function access<T>(name: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw new GraphError(
      'bad-external-data',
      `The model keeps its weights in ${printable(name)}, which cannot be read; put that file beside the model.`,
      { cause: error },
    );
  }
}
