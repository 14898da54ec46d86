/**
 * A copy of a file with some damage: cut off, filled with ones, moved about, or single bits turned.
 * @param next draws in [0, 1)
 * @param reach damage begins before this byte; cuts lie anywhere
 */
export function mutate(
  original: Uint8Array,
  next: () => number,
  reach = original.length,
): Uint8Array {
  const roll = (bound: number): number => Math.floor(next() * bound);
  const bytes = Uint8Array.from(original);
  switch (roll(6)) {
    case 0:
      return bytes.subarray(0, roll(bytes.length));
    case 1: {
      const start = roll(reach);
      return bytes.fill(255, start, start + 1 + roll(9));
    }
    case 2: {
      const [from, to, count] = [roll(reach), roll(reach), roll(40)];
      return bytes.copyWithin(to, from, from + count);
    }
    default:
      for (let flips = 1 + roll(4); flips > 0; flips--) bytes[roll(reach)] ^= 1 << roll(8);
      return bytes;
  }
}
