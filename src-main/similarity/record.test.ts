import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cacheKey, TemporaryCache } from './cache.ts';
import { decodeRecord, encodeRecord, type ClassRecord } from './record.ts';

const yardstick = (length: number, ranked: number) => ({
  mean: Float32Array.from({ length }, (_, i) => i / 3),
  rankSum: Float32Array.from({ length }, (_, i) => -i / 7),
  ranked,
});

const record: ClassRecord = {
  given: 3,
  images: [
    { name: 'ä/b.jpg', logit: 1.5 },
    { name: 'c.jpg', logit: -2 },
  ],
  skipped: [{ name: 'd.jpg', reason: 'd.jpg cannot be read.' }],
  figures: Float64Array.of(0.1, 0.2, 0.3),
  ranks: Float32Array.of(0.5, -0.5, 0.25),
  yardsticks: [
    { full: yardstick(5, 2), pooled: yardstick(1, 1) },
    { full: yardstick(4, 2), pooled: yardstick(4, 0) },
  ],
};

describe('a record of a class', () => {
  it('comes back as it was', () => {
    expect(decodeRecord(encodeRecord(record))).toEqual(record);
  });

  it('comes back from memory that starts anywhere', () => {
    const bytes = encodeRecord(record);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeRecord(shifted.subarray(3))).toEqual(record);
  });

  it('is refused when any byte is changed or missing', () => {
    const bytes = encodeRecord(record);
    for (let i = 0; i < bytes.length; i += 5) {
      const damaged = bytes.slice();
      damaged[i] ^= 0x10;
      expect(decodeRecord(damaged)).toBeUndefined();
    }
    for (const length of [0, 3, 32, 40, bytes.length - 1]) {
      expect(decodeRecord(bytes.subarray(0, length))).toBeUndefined();
    }
  });
});

describe('a temporary cache', () => {
  it('gives back what was put, until it is disposed of', async () => {
    const cache = await TemporaryCache.open();
    await cache.put('ab', Uint8Array.of(1, 2));
    expect([...(await cache.get('ab'))!]).toEqual([1, 2]);
    expect(await cache.get('cd')).toBeUndefined();
    cache.dispose();
    expect(existsSync(cache.folder)).toBe(false);
  });

  it('has keys that differ whenever a part differs', () => {
    expect(cacheKey({ a: 1 })).toMatch(/^[0-9a-f]{64}$/);
    expect(cacheKey({ a: 1 })).not.toBe(cacheKey({ a: 2 }));
  });
});
