import { createHash } from 'node:crypto';
import type { TapYardstick } from './desk.ts';
import type { Yardstick } from './yardstick.ts';

/** Rises whenever the figures or their layout change, so that older entries of a cache are measured again. */
export const RECORD_VERSION = 3;

/** All that is kept of the natural images of one class: what subjects are scored against. */
export interface ClassRecord {
  /** Images looked at. */
  readonly given: number;
  /** The images that count, in order, with the model's logit of the class. */
  readonly images: readonly { readonly name: string; readonly logit: number }[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  /** [images, taps, 6] as `Desk.measure` returns them; empty for fewer than two images. */
  readonly figures: Float64Array;
  /**
   * Standardised ranks of the pooled activations, [ranked images, channels of all taps, one tap after another]: of all
   * images, or of as many as `MeasureOptions.rankedImages` says, spread evenly over them. 4 bytes a channel and image,
   * some 50 KB an image of ResNet-18. Empty for fewer than two images.
   */
  readonly ranks: Float32Array;
  /** One per tap; empty for fewer than two images. */
  readonly yardsticks: readonly TapYardstick[];
}

const CHECKSUM_BYTES = 32;
const ALIGNMENT = 8;

/**
 * A record as bytes: length of the header, JSON header, arrays in native byte order from a multiple of 8 on, and
 * SHA-256 of all of that.
 */
export function encodeRecord(record: ClassRecord): Uint8Array {
  const { figures, ranks, yardsticks, ...rest } = record;
  const vectors = yardsticks.flatMap(({ full, pooled }) => [full, pooled]);
  const header = Buffer.from(
    JSON.stringify({
      ...rest,
      version: RECORD_VERSION,
      figures: figures.length,
      ranks: ranks.length,
      yardsticks: vectors.map(({ mean, ranked }) => ({ length: mean.length, ranked })),
    }),
  );
  const arrays = [figures, ranks, ...vectors.flatMap(({ mean, rankSum }) => [mean, rankSum])];
  const start = aligned(4 + header.length);
  const body = arrays.reduce((sum, array) => sum + array.byteLength, 0);
  const bytes = new Uint8Array(start + body + CHECKSUM_BYTES);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, 4);
  let at = start;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  bytes.set(checksum(bytes.subarray(0, at)), at);
  return bytes;
}

/** @returns `undefined` when the bytes are damaged or of another version */
export function decodeRecord(stored: Uint8Array): ClassRecord | undefined {
  const end = stored.length - CHECKSUM_BYTES;
  if (end < 4 || !checksum(stored.subarray(0, end)).equals(stored.subarray(end))) return undefined;
  // Arrays must start at multiples of 8 in memory, which a file that was read into a pool does not promise.
  const bytes = stored.byteOffset % ALIGNMENT === 0 ? stored : stored.slice();
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(Buffer.from(bytes.subarray(4, 4 + length)).toString()) as Header;
  if (header.version !== RECORD_VERSION) return undefined;
  const { given, images, skipped } = header;
  let at = bytes.byteOffset + aligned(4 + length);
  const figures = new Float64Array(bytes.buffer as ArrayBuffer, at, header.figures);
  at += figures.byteLength;
  const ranks = new Float32Array(bytes.buffer as ArrayBuffer, at, header.ranks);
  at += ranks.byteLength;
  const vectors = header.yardsticks.map(({ length, ranked }): Yardstick => {
    const mean = new Float32Array(bytes.buffer as ArrayBuffer, at, length);
    const rankSum = new Float32Array(bytes.buffer as ArrayBuffer, at + mean.byteLength, length);
    at += 2 * mean.byteLength;
    return { mean, rankSum, ranked };
  });
  const yardsticks = Array.from({ length: vectors.length / 2 }, (_, i) => ({
    full: vectors[2 * i],
    pooled: vectors[2 * i + 1],
  }));
  return { given, images, skipped, figures, ranks, yardsticks };
}

interface Header extends Pick<ClassRecord, 'given' | 'images' | 'skipped'> {
  readonly version: number;
  readonly figures: number;
  readonly ranks: number;
  readonly yardsticks: readonly { readonly length: number; readonly ranked: number }[];
}

function checksum(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function aligned(at: number): number {
  return Math.ceil(at / ALIGNMENT) * ALIGNMENT;
}
