/** No block of a table is larger when it is unpacked (bytes). */
const MOST_BYTES = 2 ** 26;

/**
 * Unpacks a block of Snappy: literals, and copies of what was unpacked before
 * (https://github.com/google/snappy/blob/main/format_description.txt).
 * @returns `undefined` where it is damaged
 */
export function unsnappy(packed: Uint8Array): Uint8Array | undefined {
  const head = lengthOf(packed);
  if (!head || head.length > MOST_BYTES) return undefined;
  const result = new Uint8Array(head.length);
  let [from, to] = [head.start, 0];
  while (from < packed.length) {
    const step = stepAt(packed, from);
    if (to + step.length > result.length || step.next > packed.length) return undefined;
    if (step.offset === 0) {
      result.set(packed.subarray(step.next - step.length, step.next), to);
    } else {
      if (!(step.offset <= to)) return undefined;
      // A copy may reach into what it writes: it then repeats.
      for (let i = 0; i < step.length; i++) result[to + i] = result[to + i - step.offset];
    }
    to += step.length;
    from = step.next;
  }
  return to === result.length ? result : undefined;
}

function lengthOf(packed: Uint8Array): { length: number; start: number } | undefined {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    length += ((packed[i] ?? 0) & 127) * 2 ** (7 * i);
    if ((packed[i] ?? 0) < 128) return { length, start: i + 1 };
  }
  return undefined;
}

/** A literal has offset 0 and ends at `next`; a copy takes `length` bytes from `offset` before. */
interface Step {
  readonly length: number;
  readonly offset: number;
  readonly next: number;
}

function stepAt(packed: Uint8Array, at: number): Step {
  const tag = packed[at];
  const little = (from: number, count: number): number =>
    Array.from({ length: count }, (_, i) => (packed[from + i] ?? 0) * 256 ** i).reduce(
      (a, b) => a + b,
      0,
    );
  const upper = tag >> 2;
  switch (tag & 3) {
    case 0: {
      const extra = upper < 60 ? 0 : upper - 59;
      const length = (extra === 0 ? upper : little(at + 1, extra)) + 1;
      return { length, offset: 0, next: at + 1 + extra + length };
    }
    case 1:
      return copied((upper & 7) + 4, (tag >> 5) * 256 + little(at + 1, 1), at + 2);
    case 2:
      return copied(upper + 1, little(at + 1, 2), at + 3);
    default:
      return copied(upper + 1, little(at + 1, 4), at + 5);
  }
}

/** An offset of 0 is damage, and would read as a literal. */
const copied = (length: number, offset: number, next: number): Step => ({
  length,
  offset: offset === 0 ? Infinity : offset,
  next,
});
