import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
// The build for browsers sees a file system of its own in memory: an HDF5 file that names other files finds none.
import * as h5wasm from 'h5wasm';

/** What the thread is started with: a path, or the bytes themselves. */
export type Hdf5Request = string | Uint8Array;

/** What it answers. */
export interface Hdf5Content {
  /** Attributes of the root and of groups that are texts or lists of texts, by `path@name`. */
  readonly texts: ReadonlyMap<string, string | readonly string[]>;
  /** Float datasets by path. */
  readonly tensors: ReadonlyMap<
    string,
    { readonly dims: readonly number[]; readonly data: Float32Array }
  >;
}

export type Hdf5Reply = Hdf5Content | { readonly refused: 'too-large' };

const MOST_OBJECTS = 2 ** 16;
const DEEPEST = 32;

/** Walks through a file within bounds. */
class Walk {
  readonly texts = new Map<string, string | readonly string[]>();
  readonly tensors = new Map<string, { dims: readonly number[]; data: Float32Array }>();
  #objects = 0;
  #bytes: number;

  /** @param bytes of data that may be read at most: packed data could fill the memory */
  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  group(group: h5wasm.Group, path: string, depth: number): void {
    this.#attributes(group, path);
    for (const name of group.keys()) {
      if (++this.#objects > MOST_OBJECTS || depth > DEEPEST) throw new RangeError('too large');
      const child = group.get(name);
      const at = path === '' ? name : `${path}/${name}`;
      if (child instanceof h5wasm.Group) this.group(child, at, depth + 1);
      else if (child instanceof h5wasm.Dataset) this.#dataset(child, at);
    }
  }

  #attributes(group: h5wasm.Group, path: string): void {
    for (const [name, attribute] of Object.entries(group.attrs)) {
      if (++this.#objects > MOST_OBJECTS) throw new RangeError('too large');
      const { value } = attribute;
      const isText = typeof value === 'string';
      const isList = Array.isArray(value) && value.every((each) => typeof each === 'string');
      if (isText || isList) this.texts.set(`${path}@${name}`, value);
    }
  }

  #dataset(dataset: h5wasm.Dataset, path: string): void {
    const { shape, dtype } = dataset;
    if (shape === null || (dtype !== '<f' && dtype !== '<d' && dtype !== '<e')) return;
    const size = shape.reduce((product, dim) => product * dim, 8);
    this.#bytes -= size;
    if (!(this.#bytes >= 0)) throw new RangeError('too large');
    const { value } = dataset;
    const isFloats = value instanceof Float32Array || value instanceof Float64Array;
    const data = isFloats ? Float32Array.from(value) : undefined;
    if (data) this.tensors.set(path, { dims: [...shape], data });
  }
}

function walk(bytes: Uint8Array): Hdf5Content {
  h5wasm.FS!.writeFile('model.h5', bytes);
  const file = new h5wasm.File('model.h5', 'r');
  if (file.file_id < 0n) throw new Error('no HDF5 file');
  const found = new Walk(2 ** 20 + 16 * bytes.length);
  found.group(file, '', 0);
  return { texts: found.texts, tensors: found.tensors };
}

function answer(bytes: Uint8Array): Hdf5Reply {
  try {
    return walk(bytes);
  } catch (error) {
    if (error instanceof RangeError) return { refused: 'too-large' };
    throw error;
  }
}

await h5wasm.ready;
const request = workerData as Hdf5Request;
const reply = answer(typeof request === 'string' ? readFileSync(request) : request);
const buffers =
  'tensors' in reply ? [...reply.tensors.values()].map(({ data }) => data.buffer) : [];
parentPort!.postMessage(reply, buffers as ArrayBuffer[]);
