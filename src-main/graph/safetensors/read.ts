import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { buildNetwork } from '../architectures/index.ts';
import type { TensorSource } from '../architectures/weights.ts';
import { GraphError } from '../errors.ts';
import { sizeOf, type Graph, type Tensor } from '../ir.ts';
import type { OpenedFile } from '../folder-file.ts';
import { brainsToFloats, halvesToFloats } from '../onnx/tensors.ts';
import { badGraph, printable } from '../onnx/wording.ts';
import { MAX_ELEMENTS } from '../specialise.ts';
import { parseHeader, type Entry, type Header } from './header.ts';

/** No classifier has more weights (bytes). */
const MOST_BYTES = 2 ** 33;
/** A header of the largest networks takes some hundred kilobytes. */
const MOST_HEADER_BYTES = 2 ** 25;
const CHUNK = 2 ** 30;

export interface SafetensorsModel {
  readonly graph: Graph;
  /** The library of models, whose name for the network stands behind it. */
  readonly producer: string;
  /** What torchvision's own weights for the network take. */
  readonly usual: {
    readonly size: readonly [number, number];
    readonly preprocessing: 'imagenet' | 'tf';
  };
  readonly files: readonly OpenedFile[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/**
 * Reads the weights of a network that torchvision or timm has, and builds the network around them. Header and sizes are checked before
 * any weight is read.
 * @throws GraphError `not-a-model`, `truncated`, `too-large`, `bad-graph` or `bad-shape`
 */
export function readSafetensors(path: string): SafetensorsModel {
  const file = open(path);
  try {
    const { size } = fstatSync(file);
    const { header, start } = readHeader(file, size, printable(basename(path)));
    const types = new Set<string>();
    const {
      graph,
      name,
      library,
      notes,
      size: side,
      preprocessing,
    } = buildNetwork(sourceOf(file, header, start, types));
    return {
      graph,
      producer: `${library} ${name}`,
      usual: { size: [side, side], preprocessing },
      files: [{ path: basename(path), bytes: size }],
      metadata: header.metadata,
      notes: [...notes, ...typeNotes(types)],
    };
  } finally {
    closeSync(file);
  }
}

function open(path: string): number {
  const name = printable(basename(path));
  let file: number;
  try {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would hang.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new GraphError('not-a-model', `${name} cannot be opened; check the path.`, {
      cause: error,
    });
  }
  const stat = fstatSync(file);
  if (stat.isFile() && stat.size <= MOST_BYTES) return file;
  closeSync(file);
  throw stat.isFile()
    ? new GraphError('too-large', `${name} is larger than 8 GB, more than any classifier.`)
    : new GraphError('not-a-model', `${name} is not a regular file; give a safetensors file.`);
}

function readHeader(file: number, size: number, name: string): { header: Header; start: number } {
  if (size < 8) {
    throw new GraphError('truncated', `${name} is cut off; fetch it again.`);
  }
  const length = Number(new DataView(read(file, 0, 8).buffer).getBigUint64(0, true));
  if (length > MOST_HEADER_BYTES || 8 + length > size) {
    throw new GraphError(
      'truncated',
      `${name} announces a header of ${length} bytes, which it does not hold; it is damaged or no safetensors file.`,
    );
  }
  const start = 8 + length;
  return { header: parseHeader(read(file, 8, length), size - start, name), start };
}

/** Training on several cards puts `module.` before all names. */
function sourceOf(
  file: number,
  { tensors }: Header,
  start: number,
  types: Set<string>,
): TensorSource {
  const names = [...tensors.keys()];
  const prefix = names.every((name) => name.startsWith('module.')) ? 'module.' : '';
  const short = new Map([...tensors].map(([name, entry]) => [name.slice(prefix.length), entry]));
  return {
    shapes: new Map([...short].map(([name, { dims }]) => [name, dims])),
    read(name) {
      const entry = short.get(name)!;
      types.add(entry.dtype);
      return decode(name, entry, read(file, start + entry.begin, entry.end - entry.begin).buffer);
    },
  };
}

function read(file: number, offset: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const count = readSync(file, bytes, done, Math.min(CHUNK, length - done), offset + done);
    if (count === 0) throw new GraphError('truncated', 'The file ended early; fetch it again.');
    done += count;
  }
  return bytes;
}

function decode(name: string, { dtype, dims }: Entry, buffer: ArrayBuffer): Tensor {
  if (sizeOf(dims) > MAX_ELEMENTS) {
    throw new GraphError(
      'too-large',
      `The tensor ${printable(name)} is larger than any network's.`,
    );
  }
  return { dtype: 'float32', dims, data: floatsOf(name, dtype, buffer) };
}

function floatsOf(name: string, dtype: string, buffer: ArrayBuffer): Float32Array {
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F16':
      return halvesToFloats(new Uint16Array(buffer)) as Float32Array;
    case 'BF16':
      return brainsToFloats(new Uint16Array(buffer)) as Float32Array;
    case 'F64':
      return Float32Array.from(new Float64Array(buffer));
    default:
      throw badGraph(
        `The tensor ${printable(name)} holds ${dtype} elements where weights must be floats; save it in float32.`,
      );
  }
}

const LONG_NAMES: Readonly<Record<string, string>> = {
  ...{ F16: 'float16', BF16: 'bfloat16', F64: 'float64' },
};

function typeNotes(types: ReadonlySet<string>): string[] {
  return [...types]
    .filter((type) => type in LONG_NAMES)
    .map((type) => `The weights are stored as ${LONG_NAMES[type]}; Eidoscope computes in float32.`);
}
