import { sizeOf, type Tensor } from '../../src-main/graph/ir.ts';
import { floats } from '../../src-main/graph/tensor.ts';

/** Uniform numbers in [0, 1) from a seed, always the same (mulberry32: short, and good enough for tests). */
export function generator(seed: number): () => number {
  let state = (seed * 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A float32 tensor of uniform values in [low, high). @param signed whether a random sign is put to each. */
export function uniform(
  dims: readonly number[],
  low: number,
  high: number,
  seed: number,
  signed = false,
): Tensor {
  const next = generator(seed);
  const value = (): number => (low + (high - low) * next()) * (signed && next() < 0.5 ? -1 : 1);
  return floats(dims, Float32Array.from({ length: sizeOf(dims) }, value));
}

/** A float32 tensor whose values are all at least `gap` apart, in random order, centred about 0: no ties, no kinks. */
export function distinct(dims: readonly number[], gap: number, seed: number): Tensor {
  const next = generator(seed);
  const count = sizeOf(dims);
  const keys = Array.from({ length: count }, next);
  const order = keys.map((_, i) => i).sort((i, j) => keys[i] - keys[j]);
  return floats(
    dims,
    order.map((rank) => (rank - (count - 1) / 2 + 0.25) * gap),
  );
}
