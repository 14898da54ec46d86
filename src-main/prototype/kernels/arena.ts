import { readFileSync } from 'node:fs';
import { resourcePath } from '../../resources.ts';

/** Types of the platform's WebAssembly, which TypeScript knows in browsers only. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  Instance: new (
    module: object,
    imports: Record<string, Record<string, object>>,
  ) => { readonly exports: object };
};

/** Addresses in bytes, counts and factors, in the order of the source. */
type Kernel = (...values: number[]) => number;

/** What resources/kernels.wasm holds; what each takes, and does, stands in assembly/. */
export type Kernels = Readonly<
  Record<
    | 'adam'
    | 'sigmoid'
    | 'sigmoidAdjoint'
    | 'magnitude'
    | 'line'
    | 'addLine'
    | 'squares'
    | 'absolutes'
    | 'drawTable'
    | 'gather'
    | 'scatter',
    Kernel
  >
>;

const PAGE = 65536;
/** Kernels work on four float32 at a time. */
const WIDTH = 16;

let compiled: object | undefined;

/** The arenas' arrays, by their memory. */
const arenas = new WeakMap<ArrayBufferLike, Kernels>();

/** Memory that the kernels reach. What works on pixels and parameters takes arrays of one arena only. */
export class Arena {
  readonly #buffer: ArrayBuffer;
  #used = 0;

  /** @param bytes of all arrays together, with up to 32 more for each */
  constructor(bytes: number) {
    compiled ??= new WebAssembly.Module(readFileSync(resourcePath('kernels.wasm')));
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    const instance = new WebAssembly.Instance(compiled, { env: { memory } });
    this.#buffer = memory.buffer;
    arenas.set(memory.buffer, instance.exports as Kernels);
  }

  /** Bytes that arrays of so many elements need. */
  static sizeOf(...lengths: readonly number[]): number {
    return lengths.reduce((sum, length) => sum + room(4 * length), 0);
  }

  /** An array of zeros. @throws RangeError when the arena is full */
  floats(length: number): Float32Array {
    const array = new Float32Array(this.#buffer, this.#used, length);
    this.#used += room(array.byteLength);
    return array;
  }

  /** A copy of an array. */
  copy(values: ArrayLike<number>): Float32Array {
    const array = this.floats(values.length);
    array.set(values);
    return array;
  }
}

/** Rounded up, and a vector more: a kernel may touch what lies right behind an array. */
const room = (bytes: number): number => WIDTH * Math.ceil(bytes / WIDTH) + WIDTH;

/** The kernels that reach an array. @throws Error where it lies in no arena, a fault of ours */
export function kernelsOf(array: Float32Array): Kernels {
  const kernels = arenas.get(array.buffer);
  if (!kernels) throw new Error('an array outside the arena cannot be computed with');
  return kernels;
}
