/**
 * Philox4x32-10, a counter-based generator (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011). A draw is a function of its address alone, so neither batching nor the order of execution nor
 * an interruption can change it.
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** Upper 32 bits of the product of two unsigned 32-bit integers, by 16-bit halves. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  return (aHigh * bHigh + (middle >>> 16) + ((aLow * bHigh + (middle & 0xffff)) >>> 16)) >>> 0;
}

/**
 * One block of four random words.
 * @param counter four unsigned 32-bit words
 * @param key two unsigned 32-bit words
 * @param out receives four unsigned 32-bit words
 */
export function philox(counter: Uint32Array, key: Uint32Array, out: Uint32Array): void {
  let c0 = counter[0];
  let c1 = counter[1];
  let c2 = counter[2];
  let c3 = counter[3];
  let k0 = key[0];
  let k1 = key[1];
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** What a draw is for. The numbers are part of every result: they must never change. */
const PURPOSES = { start: 0, affine: 1, noise: 2, bootstrap: 3 } as const;
export type Purpose = keyof typeof PURPOSES;

/** Prototypes of one class that have streams of their own. */
export const MAX_PROTOTYPES = 2 ** 24;

/** The random numbers of one prototype for one purpose, step by step. */
export class Stream {
  readonly #key: Uint32Array;
  readonly #counter: Uint32Array;
  readonly #block = new Uint32Array(4);
  #used = 4;

  /**
   * @param seed integer in [0, 2^53)
   * @param classIndex integer in [0, 2^32)
   * @param prototype index among the prototypes of the class, in [0, `MAX_PROTOTYPES`)
   */
  constructor(seed: number, classIndex: number, prototype: number, purpose: Purpose) {
    this.#key = Uint32Array.of(seed, Math.floor(seed / 2 ** 32));
    this.#counter = Uint32Array.of(
      0,
      0,
      classIndex,
      PURPOSES[purpose] * MAX_PROTOTYPES + prototype,
    );
  }

  /** Goes to the first draw of a step. @param step integer in [0, 2^32) */
  seek(step: number): this {
    this.#counter[0] = 0;
    this.#counter[1] = step;
    this.#used = 4;
    return this;
  }

  /** A uniform draw in the open interval (low, high), from 32 random bits. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * ((this.#word() + 0.5) / 2 ** 32);
  }

  /** Fills `out` with normal draws of mean 0 (Box and Muller 1958). @param deviation their standard deviation */
  normal(out: Float32Array, deviation: number): void {
    for (let i = 0; i < out.length; i += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log(this.uniform()));
      const angle = 2 * Math.PI * this.uniform();
      out[i] = radius * Math.cos(angle);
      // At an odd length the last write falls outside, which typed arrays ignore.
      out[i + 1] = radius * Math.sin(angle);
    }
  }

  #word(): number {
    if (this.#used === 4) {
      philox(this.#counter, this.#key, this.#block);
      this.#counter[0]++;
      this.#used = 0;
    }
    return this.#block[this.#used++];
  }
}
