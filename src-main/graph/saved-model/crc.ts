/** CRC-32C (Castagnoli 1993; reversed polynomial 0x82f63b78), which LevelDB's tables and bundles are checked with. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/**
 * The check of some bytes as these files store it: rotated by 15 bits, plus a constant, because a check of bytes that
 * hold a check would be weak (https://github.com/google/leveldb/blob/main/util/crc32c.h).
 */
export function maskedCrc(...parts: readonly Uint8Array[]): number {
  let crc = 0xffffffff;
  for (const bytes of parts) {
    for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  }
  const value = ~crc >>> 0;
  return (((value >>> 15) | (value << 17)) + 0xa282ead8) >>> 0;
}
