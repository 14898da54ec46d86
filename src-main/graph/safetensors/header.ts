import { z } from 'zod';
import { GraphError } from '../errors.ts';
import { sizeOf } from '../ir.ts';
import { parseJson } from '../json.ts';
import { badGraph, printable } from '../onnx/wording.ts';

/** A tensor as the header describes it; offsets count from the end of the header (bytes). */
export interface Entry {
  readonly dtype: string;
  readonly dims: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly tensors: ReadonlyMap<string, Entry>;
  readonly metadata: Readonly<Record<string, string>>;
}

const MOST_TENSORS = 2 ** 16;
const LONGEST_NAME = 1024;

/** Bytes of an element (https://huggingface.co/docs/safetensors). */
const BYTES: Readonly<Record<string, number>> = {
  ...{ F64: 8, F32: 4, F16: 2, BF16: 2, F8_E4M3: 1, F8_E5M2: 1 },
  ...{ I64: 8, I32: 4, I16: 2, I8: 1, U64: 8, U32: 4, U16: 2, U8: 1, BOOL: 1 },
};

const whole = z.number().int().nonnegative();
const entrySchema = z.object({
  dtype: z.string().max(64),
  shape: z.array(whole).max(32),
  data_offsets: z.tuple([whole, whole]),
});
const metadataSchema = z.record(z.string(), z.string());

/**
 * Reads the header of a safetensors file. Tensors must lie one behind the other and fill the data exactly, as the
 * format demands: no byte belongs to two tensors, and none to no tensor.
 * @param bytes the JSON text
 * @param length of the data behind it, in bytes
 * @throws GraphError `truncated`, `bad-graph` or `too-large`
 */
export function parseHeader(bytes: Uint8Array, length: number, file: string): Header {
  const { __metadata__, ...described } = recordOf(bytes, file);
  const names = Object.keys(described);
  if (names.length > MOST_TENSORS) {
    throw new GraphError(
      'too-large',
      `${file} lists ${names.length} tensors, more than any classifier has.`,
    );
  }
  const tensors = new Map(names.map((name) => [name, readEntry(name, described[name])]));
  checkRanges(tensors, length, file);
  return { tensors, metadata: metadataSchema.safeParse(__metadata__).data ?? {} };
}

function recordOf(bytes: Uint8Array, file: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(parseJson(bytes, file));
  } catch (error) {
    if (error instanceof GraphError) throw error;
    throw new GraphError(
      'truncated',
      `${file} has no readable header of a safetensors file: it is cut off or damaged; fetch it again.`,
      { cause: error },
    );
  }
}

function readEntry(name: string, described: unknown): Entry {
  const parsed = entrySchema.safeParse(described);
  if (!parsed.success || name.length > LONGEST_NAME) {
    throw badGraph(`The tensor ${printable(name)} is not described well; the file is damaged.`);
  }
  const { dtype, shape: dims, data_offsets: range } = parsed.data;
  const size = BYTES[dtype];
  if (size === undefined) {
    throw badGraph(
      `The tensor ${printable(name)} holds ${printable(dtype)} elements, which Eidoscope does not read; save it in float32.`,
    );
  }
  const [begin, end] = range;
  if (sizeOf(dims) * size !== end - begin) {
    throw badGraph(
      `The tensor ${printable(name)} has ${end - begin} bytes where its shape [${dims.slice(0, 8).join(', ')}] needs ${sizeOf(dims) * size}; the file is damaged.`,
    );
  }
  return { dtype, dims, begin, end };
}

function checkRanges(tensors: ReadonlyMap<string, Entry>, length: number, file: string): void {
  const sorted = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let reached = 0;
  for (const [name, { begin, end }] of sorted) {
    if (begin !== reached) {
      const fault = begin < reached ? 'shares bytes with another' : 'leaves a gap before it';
      throw badGraph(`The tensor ${printable(name)} ${fault}; ${file} is damaged.`);
    }
    reached = end;
  }
  if (reached === length) return;
  throw new GraphError(
    'truncated',
    `${file} holds ${length} bytes of weights where its header lists ${reached}; fetch it again.`,
  );
}
