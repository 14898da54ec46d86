import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { resolveConfiguration } from './configuration.ts';
import { pictureOf } from './picture.ts';
import { decodePortrait, encodePortrait, type Provenance } from './portrait.ts';

const provenance: Provenance = {
  files: [{ path: 'm.onnx', bytes: 10, sha256: 'ab'.repeat(32) }],
  logits: 'logits',
  image: [3, 2, 2],
  preprocessing: { range: 1, mean: [0, 0, 0], std: [1, 1, 1], order: 'RGB', resize: 2 },
  model: 'tiny.onnx',
  classIndex: 3,
  label: 'Müllers “Esel” 驢 🫏 \u0000',
  prototype: 1,
  configuration: resolveConfiguration('paper', { seed: 9 }),
  engine: {
    id: 'onnxruntime',
    provider: 'cpu',
    device: 'a processor',
    version: '1.30.0',
    threads: 2,
    memoryMB: 8192,
    precision: 'reduced',
    deterministic: true,
  },
  versions: { eidoscope: '0.1.0' },
  logit: 12.5,
  baselineSteps: 6,
  steps: 512,
  complete: true,
};

const shape = { channels: 3, height: 2, width: 1 };
/** Planar: red, green and blue of the upper and of the lower pixel. */
const image = Float32Array.of(1, 0, 0.5, 0.2, 0, 0.91);

/** The chunks of a PNG by name, read without any library. */
function chunksOf(png: Uint8Array): Map<string, Buffer> {
  const bytes = Buffer.from(png);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    chunks.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return chunks;
}

describe('a portrait', () => {
  it('is a PNG whose pixels are the image, rounded to the nearest byte', () => {
    const chunks = chunksOf(encodePortrait(pictureOf(image, { input: shape }), provenance));
    const header = chunks.get('IHDR')!;
    expect([header.readUInt32BE(0), header.readUInt32BE(4)]).toEqual([1, 2]);
    // 8 bits a sample, colour type 2: RGB.
    expect([header[8], header[9]]).toEqual([8, 2]);
    // Each row begins with its filter; 0 leaves the bytes as they are.
    expect([...inflateSync(chunks.get('IDAT')!)]).toEqual([0, 255, 128, 0, 0, 0, 51, 232]);
  });

  it('says in plain ASCII where it comes from', () => {
    const text = chunksOf(encodePortrait(pictureOf(image, { input: shape }), provenance)).get(
      'tEXt',
    )!;
    const [keyword, json] = text.toString('latin1').split('\0');
    expect(keyword).toBe('eidoscope-prototype');
    expect(json).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(json)).toEqual(provenance);
  });

  it('comes back with pixels and provenance, grey as well', () => {
    const grey = { channels: 1, height: 2, width: 3 };
    const back = decodePortrait(encodePortrait(pictureOf(image, { input: grey }), provenance));
    expect(back.provenance).toEqual(provenance);
    expect([back.channels, back.height, back.width]).toEqual([1, 2, 3]);
    expect([...back.data]).toEqual([255, 0, 128, 51, 0, 232]);
  });

  it('has the same bytes every time, in another process too', () => {
    const digest = createHash('sha256')
      .update(encodePortrait(pictureOf(image, { input: shape }), provenance))
      .digest('hex');
    const script = `
      import { createHash } from 'node:crypto';
      import { pictureOf } from './src-main/prototype/picture.ts';
      import { encodePortrait } from './src-main/prototype/portrait.ts';
      const [image, shape, provenance] = JSON.parse(process.argv[1]);
      const png = encodePortrait(pictureOf(Float32Array.from(image), { input: shape }), provenance);
      process.stdout.write(createHash('sha256').update(png).digest('hex'));`;
    const argument = JSON.stringify([[...image], shape, provenance]);
    const other = execFileSync(process.execPath, ['--input-type=module', '-e', script, argument]);
    expect(other.toString()).toBe(digest);
  });

  it('is refused when it is damaged or something else', () => {
    const bytes = encodePortrait(pictureOf(image, { input: shape }), provenance);
    const damaged = Uint8Array.from(bytes);
    damaged[bytes.length - 20] ^= 1;
    for (const bad of [damaged, bytes.subarray(0, 60), new Uint8Array(0), Buffer.from('a text')]) {
      expect(() => decodePortrait(bad)).toThrow('is not an undamaged prototype of Eidoscope');
    }
  });
});
