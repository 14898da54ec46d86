import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { GraphError } from '../errors.ts';
import type { StringStringEntryProto } from './schema.ts';
import { printable } from './wording.ts';

/** No classifier has more weights than this in files beside the model (bytes). */
const MAX_BYTES = 2 ** 33;
const CHUNK = 2 ** 30;

export interface OpenedFile {
  /** Relative to the model's folder, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
}

/**
 * The weights that a model keeps in files of their own. A location comes from an untrusted file, so it must name a
 * regular file inside the model's folder, also after symbolic links are followed.
 */
export class ExternalData {
  readonly #folder: string;
  readonly #sizes = new Map<string, number>();
  readonly #loaded = new Map<string, ArrayBuffer>();
  #bytes = 0;

  /** @param modelPath the model file, beside which the data lies */
  constructor(modelPath: string) {
    this.#folder = realpathSync(dirname(modelPath));
  }

  /** The data files that were read, in the order of their first use. */
  get files(): OpenedFile[] {
    return Array.from(this.#sizes, ([path, bytes]) => ({ path, bytes }));
  }

  /**
   * Reads the bytes of one tensor; tensors that share a range share the memory.
   * @param entries location, offset and length as the model states them
   * @param wanted number of bytes that the tensor's shape needs
   * @throws GraphError `bad-external-data` or `too-large`
   */
  read(entries: readonly StringStringEntryProto[], wanted: number, tensor: string): ArrayBuffer {
    const stated = new Map(entries.map(({ key, value }) => [key, value]));
    const location = stated.get('location') ?? '';
    const offset = integerOf(stated.get('offset') ?? '0', tensor);
    const length = stated.has('length') ? integerOf(stated.get('length')!, tensor) : wanted;
    if (length !== wanted) {
      throw bad(
        `The constant ${printable(tensor)} has ${length} bytes of external data where its shape needs ${wanted}; the file is damaged.`,
      );
    }
    const key = `${offset}+${length} ${location}`;
    const found = this.#loaded.get(key) ?? this.#load(location, offset, length, tensor);
    this.#loaded.set(key, found);
    return found;
  }

  #load(location: string, offset: number, length: number, tensor: string): ArrayBuffer {
    const path = this.#resolve(location, tensor);
    const file = access(location, () => openSync(path, 'r'));
    try {
      const stat = fstatSync(file);
      if (!stat.isFile())
        throw bad(`${printable(location)}, where the model keeps its weights, is not a file.`);
      if (offset + length > stat.size) {
        throw bad(
          `The data file ${printable(location)} has ${stat.size} bytes, too few for the constant ${printable(tensor)}; fetch the file again.`,
        );
      }
      this.#sizes.set(relative(this.#folder, path).split(sep).join('/'), stat.size);
      this.#account(length);
      return readFully(file, offset, length, location);
    } finally {
      closeSync(file);
    }
  }

  /** Overlapping ranges would let a small file fill the memory. */
  #account(length: number): void {
    this.#bytes += length;
    const onDisk = [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
    if (this.#bytes > 2 * onDisk || this.#bytes > MAX_BYTES) {
      throw new GraphError(
        'too-large',
        'The model asks for more external data than its files hold or a classifier needs; it is damaged or not meant to be opened.',
      );
    }
  }

  #resolve(location: string, tensor: string): string {
    const parts = location.split(/[\\/]/);
    if (
      location === '' ||
      location.includes('\0') ||
      posix.isAbsolute(location) ||
      /^[\\]|^[a-zA-Z]:/.test(location) ||
      parts.includes('..')
    ) {
      throw bad(
        `The constant ${printable(tensor)} points to ${printable(location) || 'no file'}, and a model may only read files of its own folder.`,
      );
    }
    const path = access(location, () => realpathSync(join(this.#folder, ...parts)));
    if (!path.startsWith(this.#folder + (this.#folder.endsWith(sep) ? '' : sep))) {
      throw bad(
        `The data file ${printable(location)} is a link that leads out of the model's folder; put the file itself beside the model.`,
      );
    }
    return path;
  }
}

/** @throws GraphError where the file system refuses: no such file, no right to read it. */
function access<T>(location: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw new GraphError(
      'bad-external-data',
      `The model keeps its weights in ${printable(location)}, which cannot be read; put that file beside the model.`,
      { cause: error },
    );
  }
}

function readFully(file: number, offset: number, length: number, location: string): ArrayBuffer {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const count = readSync(file, bytes, done, Math.min(CHUNK, length - done), offset + done);
    if (count === 0)
      throw bad(`The data file ${printable(location)} ended early; fetch the file again.`);
    done += count;
  }
  return bytes.buffer;
}

function integerOf(text: string, tensor: string): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(value)) {
    throw bad(
      `The constant ${printable(tensor)} has the impossible offset or length ${printable(text)} in its external data; the file is damaged.`,
    );
  }
  return value;
}

function bad(sentence: string): GraphError {
  return new GraphError('bad-external-data', sentence);
}
