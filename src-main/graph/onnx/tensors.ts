import { GraphError } from '../errors.ts';
import type { DType, Tensor, TensorData } from '../ir.ts';
import { MAX_ELEMENTS } from '../specialise.ts';
import type { ExternalData } from './external.ts';
import { ELEMENT_NAMES, type ElementName, type TensorProto } from './schema.ts';
import { badGraph, printable } from './wording.ts';

type Native = TensorData | Float64Array | Uint16Array | Int16Array | Uint32Array | BigUint64Array;

interface Element {
  /** What the element type becomes in a graph. */
  readonly dtype: DType;
  /** Bytes of one element in the file. */
  readonly size: number;
  /** The field that holds the numbers where there is no raw data. */
  readonly field: 'floatData' | 'int32Data' | 'int64Data' | 'doubleData' | 'uint64Data';
  readonly view: (buffer: ArrayBuffer) => Native;
  /** To the graph's type; absent where it is the file's. */
  readonly convert?: (native: Native) => TensorData;
}

const toFloats = (native: Native): TensorData => Float32Array.from(native as Float64Array);
const toInts = (native: Native): TensorData => Int32Array.from(native as Int16Array);

/** Element types that a graph can hold, exactly or widened; float64 is narrowed. */
const ELEMENTS: Partial<Record<ElementName, Element>> = {
  float32: element('float32', 4, 'floatData', (b) => new Float32Array(b)),
  float64: element('float32', 8, 'doubleData', (b) => new Float64Array(b), toFloats),
  float16: element('float32', 2, 'int32Data', (b) => new Uint16Array(b), halvesToFloats),
  bfloat16: element('float32', 2, 'int32Data', (b) => new Uint16Array(b), brainsToFloats),
  int64: element('int64', 8, 'int64Data', (b) => new BigInt64Array(b)),
  uint64: element('int64', 8, 'uint64Data', (b) => new BigUint64Array(b), saturate),
  uint32: element(
    'int64',
    4,
    'uint64Data',
    (b) => new Uint32Array(b),
    (native) => BigInt64Array.from(native as Uint32Array, BigInt),
  ),
  int32: element('int32', 4, 'int32Data', (b) => new Int32Array(b)),
  int16: element('int32', 2, 'int32Data', (b) => new Int16Array(b), toInts),
  uint16: element('int32', 2, 'int32Data', (b) => new Uint16Array(b), toInts),
  uint8: element('uint8', 1, 'int32Data', (b) => new Uint8Array(b)),
  int8: element('int8', 1, 'int32Data', (b) => new Int8Array(b)),
  bool: element(
    'bool',
    1,
    'int32Data',
    (b) => new Uint8Array(b),
    (native) => Uint8Array.from(native as Uint8Array, (value) => Number(value !== 0)),
  ),
};

function element(
  dtype: DType,
  size: number,
  field: Element['field'],
  view: Element['view'],
  convert?: Element['convert'],
): Element {
  return { dtype, size, field, view, convert };
}

/** IEEE 754 binary16 to binary32: the exponent moves from bias 15 to bias 127. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** Every half there is: looking them up is thirty times as fast as computing them. */
let halves: Float32Array | undefined;

export function halvesToFloats(native: Native): TensorData {
  const table = (halves ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => halfToFloat(bits)));
  const result = new Float32Array(native.length);
  for (let i = 0; i < result.length; i++) result[i] = table[Number(native[i])];
  return result;
}

/** bfloat16 is the upper half of a float32. */
export function brainsToFloats(native: Native): TensorData {
  const bits = Uint32Array.from(native as Uint16Array, (upper) => upper << 16);
  return new Float32Array(bits.buffer);
}

function saturate(native: Native): TensorData {
  const largest = 2n ** 63n - 1n;
  return BigInt64Array.from(native as BigUint64Array, (value) =>
    value > largest ? largest : value,
  );
}

/** What an element type of a file becomes in a graph, or `undefined` where a graph cannot hold it. */
export function graphType(code: number): DType | undefined {
  return ELEMENTS[ELEMENT_NAMES[code]]?.dtype;
}

export function elementName(code: number): string {
  return ELEMENT_NAMES[code] ?? `number ${code}`;
}

/** Remembers which element types were changed on reading, to say so once. */
export function noteChange(notes: Set<string>, code: number): void {
  const name = elementName(code);
  if (name === 'float16' || name === 'bfloat16' || name === 'float64') {
    notes.add(`The model uses ${name}; Eidoscope computes in float32.`);
  }
}

/**
 * Reads a tensor: inline numbers, raw bytes or external data. Nothing is allocated before the bytes in the file are
 * known to fill the shape.
 * @throws GraphError `bad-graph`, `too-large` or `bad-external-data`, naming the tensor
 */
export function readTensor(
  proto: TensorProto,
  name: string,
  external: ExternalData,
  notes: Set<string>,
): Tensor {
  const found = ELEMENTS[ELEMENT_NAMES[proto.dataType]];
  if (!found) throw unreadableType(name, proto.dataType);
  noteChange(notes, proto.dataType);
  const length = checkedSize(proto.dims, name);
  const native = nativeData(proto, name, found, length, external);
  return {
    dtype: found.dtype,
    dims: proto.dims,
    data: found.convert?.(native) ?? (native as TensorData),
  };
}

/**
 * A tensor of raw little-endian bytes, as other formats keep them.
 * @throws GraphError as `readTensor` does
 */
export function tensorOfBytes(
  element: ElementName,
  dims: readonly number[],
  bytes: Uint8Array,
  name: string,
): Tensor {
  const found = ELEMENTS[element];
  if (!found) throw unreadableType(name, ELEMENT_NAMES.indexOf(element));
  const wanted = checkedSize(dims, name) * found.size;
  if (bytes.length !== wanted) throw wrongLength(name, bytes.length, wanted, 'bytes');
  const native = found.view(new Uint8Array(bytes).buffer);
  return { dtype: found.dtype, dims, data: found.convert?.(native) ?? (native as TensorData) };
}

function unreadableType(name: string, code: number): GraphError {
  return badGraph(
    `The constant ${printable(name)} holds ${elementName(code)} elements, which Eidoscope does not read; export the model in float32.`,
  );
}

function checkedSize(dims: readonly number[], name: string): number {
  let size = 1;
  for (const dim of dims) {
    if (!Number.isSafeInteger(dim) || dim < 0 || dim > MAX_ELEMENTS) size = Infinity;
    else size *= dim;
  }
  if (!(size <= MAX_ELEMENTS) || dims.length > 32) {
    throw new GraphError(
      'too-large',
      `The constant ${printable(name)} claims the shape [${dims.slice(0, 8).join(', ')}], which is not possible; the file is damaged.`,
    );
  }
  return size;
}

function nativeData(
  proto: TensorProto,
  name: string,
  { size, field, view }: Element,
  length: number,
  external: ExternalData,
): Native {
  if (proto.dataLocation === 1) {
    return view(external.read(proto.externalData, length * size, name));
  }
  const raw = proto.rawData;
  if (raw) {
    if (raw.length !== length * size) throw wrongLength(name, raw.length, length * size, 'bytes');
    // Raw data starts anywhere in the file, a typed array only at a multiple of its element size.
    return view(new Uint8Array(raw).buffer);
  }
  const numbers = proto[field];
  if (numbers.length !== length) throw wrongLength(name, numbers.length, length, 'numbers');
  const native = view(new ArrayBuffer(length * size));
  for (let i = 0; i < length; i++) native[i] = asStored(native, numbers[i]);
  return native;
}

function asStored(native: Native, value: number): never {
  const big = native instanceof BigInt64Array || native instanceof BigUint64Array;
  return (big ? BigInt(value) : value) as never;
}

function wrongLength(name: string, found: number, wanted: number, unit: string): GraphError {
  return badGraph(
    `The constant ${printable(name)} holds ${found} ${unit} where its shape needs ${wanted}; the file is damaged.`,
  );
}
