import { fstatSync, realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { GraphError } from './errors.ts';
import {
  access,
  badData,
  pathInside,
  readInto,
  refuseForeign,
  withFile,
  type OpenedFile,
} from './folder-file.ts';
import { printable } from './onnx/wording.ts';

/** No classifier has more weights than this in files beside the model (bytes). */
const MOST_BYTES = 2 ** 33;
/** Converters cut weights into pieces of 4 MB. */
const MOST_FILES = 2 ** 14;

/**
 * The folder of a model, and the files in it that the model names. Names come from an untrusted file, so each must be
 * that of a regular file inside the folder, also after symbolic links are followed, and each is taken once.
 */
export class ModelFolder {
  readonly #folder: string;
  readonly #files = new Map<string, number>();
  #bytes = 0;

  /** @throws GraphError `not-a-model` when there is no such folder */
  constructor(folder: string) {
    this.#folder = access(folder, () => realpathSync(folder));
  }

  /** The files that were opened, in the order of their first use. */
  get files(): OpenedFile[] {
    return Array.from(this.#files, ([path, bytes]) => ({ path, bytes }));
  }

  /**
   * Reads files one behind the other into one piece of memory, after a look at their sizes.
   * @param wanted number of bytes that they must hold together
   * @throws GraphError `bad-external-data` or `too-large`
   */
  join(names: readonly string[], wanted: number): Uint8Array {
    const sizes = names.map((name) => this.size(name));
    const found = sizes.reduce((sum, size) => sum + size, 0);
    if (found !== wanted) throw wrongSize(names, found, wanted);
    const bytes = new Uint8Array(wanted);
    let at = 0;
    names.forEach((name, i) => {
      this.#readInto(name, bytes.subarray(at, at + sizes[i]), 0);
      at += sizes[i];
    });
    return bytes;
  }

  /**
   * Reads a part of a file whose `size` was asked for before.
   * @throws GraphError `bad-external-data` where the file does not reach so far
   */
  read(name: string, offset: number, length: number): Uint8Array {
    const size = this.#files.get(this.#key(this.#resolve(name))) ?? 0;
    if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
      throw badData(
        `${printable(name)} has ${size} bytes, too few for what the model keeps in it; fetch it again.`,
      );
    }
    const bytes = new Uint8Array(length);
    this.#readInto(name, bytes, offset);
    return bytes;
  }

  /** Size of a file in bytes; it counts as a file of the model from now on. */
  size(name: string): number {
    const path = this.#resolve(name);
    const key = this.#key(path);
    if (this.#files.has(key)) {
      throw badData(`The model lists the weight file ${printable(name)} twice; it is damaged.`);
    }
    const size = withFile(name, path, (file) => {
      const stat = fstatSync(file);
      if (!stat.isFile())
        throw badData(`${printable(name)}, which the model names, is not a file.`);
      refuseForeign(name, file, stat.size);
      return stat.size;
    });
    this.#files.set(key, size);
    this.#bytes += size;
    if (this.#bytes > MOST_BYTES || this.#files.size > MOST_FILES) {
      throw new GraphError(
        'too-large',
        'The model names more weight files than a classifier needs; it is damaged or not meant to be opened.',
      );
    }
    return size;
  }

  #key(path: string): string {
    return relative(this.#folder, path).split(sep).join('/');
  }

  #readInto(name: string, target: Uint8Array, offset: number): void {
    withFile(name, this.#resolve(name), (file) => readInto(file, target, offset, name));
  }

  #resolve(name: string): string {
    return pathInside(this.#folder, name);
  }
}

function wrongSize(names: readonly string[], found: number, wanted: number): GraphError {
  const [first] = names;
  const many = names.length > 1 ? ` and ${names.length - 1} more` : '';
  const which =
    first === undefined ? 'The model names no weight files, which' : `${printable(first)}${many}`;
  return badData(
    `${which} hold ${found} bytes of weights where the model needs ${wanted}; fetch the files again.`,
  );
}

/** @throws GraphError where the file system refuses: no such file, no right to read it. */
