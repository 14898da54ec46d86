import { fstatSync, realpathSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import { GraphError } from '../errors.ts';
import {
  badData,
  pathInside,
  readInto,
  refuseForeign,
  withFile,
  type OpenedFile,
} from '../folder-file.ts';
import type { StringStringEntryProto } from './schema.ts';
import { printable } from './wording.ts';

/** No classifier has more weights than this in files beside the model (bytes). */
const MAX_BYTES = 2 ** 33;

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
      throw badData(
        `The constant ${printable(tensor)} has ${length} bytes of external data where its shape needs ${wanted}; the file is damaged.`,
      );
    }
    const key = `${offset}+${length} ${location}`;
    const found = this.#loaded.get(key) ?? this.#load(location, offset, length, tensor);
    this.#loaded.set(key, found);
    return found;
  }

  #load(location: string, offset: number, length: number, tensor: string): ArrayBuffer {
    const path = pathInside(this.#folder, location);
    return withFile(location, path, (file) => {
      const stat = fstatSync(file);
      if (!stat.isFile())
        throw badData(`${printable(location)}, where the model keeps its weights, is not a file.`);
      refuseForeign(location, file, stat.size);
      if (offset + length > stat.size) {
        throw badData(
          `The data file ${printable(location)} has ${stat.size} bytes, too few for the constant ${printable(tensor)}; fetch the file again.`,
        );
      }
      this.#sizes.set(relative(this.#folder, path).split(sep).join('/'), stat.size);
      this.#account(length);
      const bytes = new Uint8Array(length);
      readInto(file, bytes, offset, location);
      return bytes.buffer;
    });
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
}

function integerOf(text: string, tensor: string): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(value)) {
    throw badData(
      `The constant ${printable(tensor)} has the impossible offset or length ${printable(text)} in its external data; the file is damaged.`,
    );
  }
  return value;
}
