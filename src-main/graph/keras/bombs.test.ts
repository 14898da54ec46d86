import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { GraphError } from '../errors.ts';
import { save, temporaryFolder } from '../onnx/model.fixture.ts';
import { readKeras } from './read.ts';

const at = temporaryFolder();
const MEGABYTE = 2 ** 20;

/** A ZIP archive of packed members, as APPNOTE.TXT of PKWARE describes it (4.3.7, 4.3.12, 4.3.16). */
function zip(members: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, bytes] of Object.entries(members)) {
    const packed = deflateRawSync(bytes, { level: 1 });
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const places = Buffer.alloc(14);
    places.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\0'), common, places, Buffer.from(name));
    parts.push(Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed);
    offset += 30 + name.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(members).length, 4);
  end.writeUInt16LE(Object.keys(members).length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, list, Buffer.from('PK\x05\x06'), end]);
}

async function refusalOf(members: Readonly<Record<string, Uint8Array>>): Promise<GraphError> {
  const path = save(at('bomb.keras'), zip(members));
  const error: unknown = await readKeras(path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(GraphError);
  return error as GraphError;
}

/** Bytes that do not shrink when they are packed. */
function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

const config = Buffer.from('{"class_name": "Sequential", "config": {"layers": []}}');

describe('an archive of Keras that is made to fill the memory', () => {
  it.each([
    ['zeros', 0],
    ['zeros behind bytes that do not shrink', 4 * MEGABYTE],
  ])('with weights of %s is refused before it is unpacked', async (_, dense) => {
    const weights = new Uint8Array(64 * MEGABYTE + 5 * dense + 4 * MEGABYTE);
    weights.set(noise(dense));
    const error = await refusalOf({ 'config.json': config, 'model.weights.h5': weights });
    expect(error).toMatchObject({ code: 'too-large' });
    // Had it been unpacked, it would be no readable HDF5 file.
    expect(error.message).toBe('bomb.keras holds more than any classifier.');
  });

  it('with a configuration of empty lists is refused before it is parsed', async () => {
    const lists = Buffer.from(`[${'[],'.repeat(5_000_000)}0]`);
    const error = await refusalOf({ 'config.json': lists, 'model.weights.h5': new Uint8Array(9) });
    expect(error).toMatchObject({ code: 'too-large' });
    expect(error.message).toContain('lists more than any classifier has');
  });

  it('is unpacked when it holds no more than weights do', async () => {
    const error = await refusalOf({ 'config.json': config, 'model.weights.h5': noise(5000) });
    expect(error).toMatchObject({ code: 'truncated' });
    expect(error.message).toContain('no readable HDF5 file');
  });
});
