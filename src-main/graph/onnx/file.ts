import { closeSync, fstatSync, openSync, readFileSync, statSync, type Stats } from 'node:fs';
import { basename } from 'node:path';
import { GraphError } from '../errors.ts';
import { foreignFile, foreignName } from '../foreign.ts';
import { printable } from './wording.ts';

/** Protobuf's own limit: larger models keep their weights in external data (bytes). */
const MAX_FILE_BYTES = 2 ** 31;

/**
 * Reads a model file after a look at its first bytes.
 * @throws GraphError `not-a-model`, `truncated` or `too-large`, saying what the file is instead and what to do
 */
export function readModelFile(path: string): Uint8Array {
  return access(path, () => {
    checkKind(path, statSync(path));
    const file = openSync(path, 'r');
    try {
      const other = foreignFile(basename(path), file, fstatSync(file).size);
      if (other) throw notAModel(`${nameOf(path)} is ${other}.`);
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  });
}

/** Checked before opening: opening a pipe without a writer would hang. */
function checkKind(path: string, stat: Stats): void {
  const name = nameOf(path);
  if (stat.isDirectory()) throw notAModel(describeFolder(path));
  if (!stat.isFile()) throw notAModel(`${name} is not a regular file; give the model's own file.`);
  if (stat.size === 0) {
    throw new GraphError('truncated', `${name} is empty; fetch or export it again.`);
  }
  if (stat.size > MAX_FILE_BYTES) {
    throw new GraphError(
      'too-large',
      `${name} is larger than 2 GB; save the model with external data.`,
    );
  }
}

function access<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof GraphError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = missing
      ? 'does not exist; check the path'
      : 'cannot be opened; check that you may read it';
    throw new GraphError('not-a-model', `The model file ${printable(path)} ${reason}.`, {
      cause: error,
    });
  }
}

function nameOf(path: string): string {
  return printable(basename(path));
}

export function notAModel(sentence: string): GraphError {
  return new GraphError('not-a-model', sentence);
}

function describeFolder(path: string): string {
  const name = nameOf(path);
  const other = foreignName(basename(path));
  if (other) return `${name} is ${other}.`;
  return `${name} is a folder without saved_model.pb, model.json or model.safetensors; give the model's own file or folder, and photographs as photographs.`;
}
