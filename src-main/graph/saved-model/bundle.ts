import { GraphError } from '../errors.ts';
import type { Tensor } from '../ir.ts';
import type { ModelFolder } from '../model-folder.ts';
import { tensorOfBytes } from '../onnx/tensors.ts';
import { badGraph, printable } from '../onnx/wording.ts';
import { maskedCrc } from './crc.ts';
import { decodePart, type BundleEntry } from './schema.ts';
import { readTable } from './table.ts';
import { elementOf, shapeOf } from './tensor.ts';

const PREFIX = 'variables/variables';
/** Beside `saved_model.pb`. */
export const BUNDLE_INDEX = `${PREFIX}.index`;
const MOST_INDEX_BYTES = 2 ** 26;
const MOST_SHARDS = 1024;

/**
 * The variables of a SavedModel: an index, and data files that hold one tensor behind the other
 * (tensorflow/core/util/tensor_bundle). A variable is read when it is asked for; what training alone needs never is.
 */
export class Bundle {
  readonly #folder: ModelFolder;
  readonly #entries: ReadonlyMap<string, Uint8Array>;
  readonly #shards: readonly string[];

  /** @throws GraphError where the index is missing or damaged */
  constructor(folder: ModelFolder) {
    this.#folder = folder;
    const size = folder.size(BUNDLE_INDEX);
    if (size > MOST_INDEX_BYTES) throw damaged();
    this.#entries = readTable(folder.read(BUNDLE_INDEX, 0, size));
    const { shards, endianness } = decodePart(
      'BundleHeader',
      this.#entries.get('') ?? new Uint8Array(),
    );
    if (endianness !== 0) throw badGraph('The variables are stored in big-endian order.');
    if (!(shards >= 1 && shards <= MOST_SHARDS)) throw damaged();
    const five = (count: number): string => String(count).padStart(5, '0');
    this.#shards = Array.from(
      { length: shards },
      (_, i) => `${PREFIX}.data-${five(i)}-of-${five(shards)}`,
    );
    // All files are known by their hashes, also those of which nothing is read.
    for (const shard of this.#shards) folder.size(shard);
  }

  /** @throws GraphError where there is no such variable, or it is damaged */
  read(key: string): Tensor {
    const bytes = this.#entries.get(key);
    if (!bytes) {
      throw badGraph(
        `The variable ${printable(key)} is not in the model's folder; save the model again.`,
      );
    }
    const entry = decodePart('BundleEntry', bytes);
    const { dtype, shard, offset, size, crc } = entry;
    if (entry.slices.length > 0) {
      throw badGraph(`The variable ${printable(key)} is stored in parts; save the model again.`);
    }
    const data = this.#folder.read(this.#shards[shard] ?? '', offset, size);
    if (maskedCrc(data) !== crc) {
      throw new GraphError(
        'bad-external-data',
        `The variable ${printable(key)} is damaged; fetch the model's files again.`,
      );
    }
    return tensorOfBytes(elementOf(dtype, key), dimsOf(entry), data, key);
  }
}

const dimsOf = ({ shape }: BundleEntry): readonly number[] => shapeOf(shape) ?? [];

function damaged(): GraphError {
  return badGraph('The index of the variables is damaged; fetch the model again.');
}
