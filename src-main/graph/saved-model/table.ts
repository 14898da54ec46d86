import { badGraph } from '../onnx/wording.ts';
import { maskedCrc } from './crc.ts';
import { unsnappy } from './snappy.ts';

/** Two handles, padded to 40 bytes, and the magic number. */
const FOOTER_BYTES = 48;
const MAGIC = 0xdb4775248b80fb57n;
/** Behind each block: how it is packed, and its check. */
const TRAILER_BYTES = 5;
const MOST_ENTRIES = 2 ** 20;

/**
 * Reads all entries of a table in LevelDB's format: blocks of sorted keys, each key without what it shares with the one
 * before (https://github.com/google/leveldb/blob/main/doc/table_format.md).
 * @throws GraphError `bad-graph` where it is damaged
 */
export function readTable(bytes: Uint8Array): Map<string, Uint8Array> {
  const entries = new Map<string, Uint8Array>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - FOOTER_BYTES;
  if (end < 0 || view.getBigUint64(bytes.length - 8, true) !== MAGIC) throw damaged();
  const footer = new Cursor(bytes.subarray(end, end + 40));
  footer.handle();
  let work = 0;
  for (const [, handle] of entriesOf(blockAt(bytes, footer.handle()))) {
    const block = blockAt(bytes, new Cursor(handle).handle());
    // Index entries that name one block again and again would read it again and again.
    work += block.length;
    if (work > 64 * bytes.length) throw damaged();
    for (const [key, value] of entriesOf(block)) {
      entries.set(key, value);
      if (entries.size > MOST_ENTRIES) throw damaged();
    }
  }
  return entries;
}

interface Handle {
  readonly offset: number;
  readonly size: number;
}

function damaged(): Error {
  return badGraph('The index of the variables is damaged; fetch the model again.');
}

class Cursor {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** A number in base 128, the lowest digits first. */
  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 49; scale *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw damaged();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw damaged();
  }

  handle(): Handle {
    return { offset: this.varint(), size: this.varint() };
  }

  take(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw damaged();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

function blockAt(bytes: Uint8Array, { offset, size }: Handle): Uint8Array {
  if (offset + size + TRAILER_BYTES > bytes.length) throw damaged();
  const block = bytes.subarray(offset, offset + size);
  const kind = bytes.subarray(offset + size, offset + size + 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset + size + 1, 4);
  if (view.getUint32(0, true) !== maskedCrc(block, kind)) throw damaged();
  if (kind[0] === 0) return block;
  if (kind[0] !== 1) throw damaged();
  return unsnappy(block) ?? fail();
}

function fail(): never {
  throw damaged();
}

const text = new TextDecoder();

function* entriesOf(block: Uint8Array): Generator<[key: string, value: Uint8Array]> {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  if (block.length < 4) throw damaged();
  const end = block.length - 4 - 4 * view.getUint32(block.length - 4, true);
  if (end < 0) throw damaged();
  const cursor = new Cursor(block.subarray(0, end));
  let key = new Uint8Array(0);
  while (cursor.at < end) {
    const [shared, own, length] = [cursor.varint(), cursor.varint(), cursor.varint()];
    if (shared > key.length) throw damaged();
    const next = new Uint8Array(shared + cursor.take(own).length);
    next.set(key.subarray(0, shared));
    next.set(cursor.bytes.subarray(cursor.at - own, cursor.at), shared);
    key = next;
    yield [text.decode(key), cursor.take(length)];
  }
}
