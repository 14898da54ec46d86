/**
 * Ranks in linear time.
 *
 * Spearman's ρ is Pearson's correlation of average ranks, so every figure of the protocol that is built on ρ is a
 * scalar product of centred ranks divided by their norms. A layer has up to a million activations, many of them exact
 * zeros behind a ReLU: zeros are counted, the rest go through a least-significant-digit radix sort on their float bits.
 */

/** Two digits of 16 bits sort fastest where there are enough elements to pay for the histogram, else three of 11. */
const WIDE = { bits: 16, passes: 2 } as const;
const NARROW = { bits: 11, passes: 3 } as const;
const WIDE_FROM = 1 << 16;

const INFINITY_BITS = 0x7f800000;
const MINUS_ZERO = -0x80000000;

/** Buffers for ranking vectors one after another without allocating; they grow to the longest. */
export class Ranker {
  /** Pairs of sort key and place, side by side: one write for each move keeps the sort within the cache. */
  #pairs = new Uint32Array(0);
  #spare = new Uint32Array(0);
  readonly #histogram = new Uint32Array(1 << WIDE.bits);

  /**
   * Writes the centred average ranks of `values`: rank − (m + 1) / 2, ranks from 1 to m, equal values sharing the mean
   * of their ranks, −0 equal to +0. Exact up to 2^23 elements.
   *
   * @param values m numbers of any sign, ±∞ allowed
   * @param ranks m places to write to; they may not share memory with `values`
   * @returns the Euclidean norm of the centred ranks, 0 for a constant vector (ρ is undefined there)
   * @throws RangeError when a value is not a number
   */
  centred(values: Float32Array, ranks: Float32Array): number {
    const length = values.length;
    this.#grow(length);
    const count = load(values, this.#pairs);
    this.#sort(count, length >= WIDE_FROM ? WIDE : NARROW);
    const zeros = length - count;
    const negatives = firstPositive(this.#pairs, count);
    const middle = (length + 1) / 2;
    if (zeros > 0) ranks.fill(negatives + (zeros + 1) / 2 - middle);
    // Ranks of values after the zeros are higher by their number.
    const ties =
      cubicExcess(zeros) +
      assign(this.#pairs, 0, negatives, -middle, ranks) +
      assign(this.#pairs, negatives, count, zeros - middle, ranks);
    return Math.sqrt(Math.max(0, cubicExcess(length) - ties) / 12);
  }

  #sort(count: number, { bits, passes }: typeof WIDE | typeof NARROW): void {
    for (let pass = 0; pass < passes; pass++) {
      const next = this.#histogram.subarray(0, 1 << bits).fill(0);
      countDigits(this.#pairs, count, pass * bits, bits, next);
      scatter(this.#pairs, this.#spare, count, pass * bits, bits, next);
      [this.#pairs, this.#spare] = [this.#spare, this.#pairs];
    }
  }

  #grow(length: number): void {
    if (this.#pairs.length >= 2 * length) return;
    this.#pairs = new Uint32Array(2 * length);
    this.#spare = new Uint32Array(2 * length);
  }
}

/**
 * Collects the non-zero values as keys that sort as unsigned integers in the order of the floats.
 * Without branches: whether an activation is zero is as unpredictable as it gets, and a wrong guess costs more than
 * the whole line. @returns how many there are
 */
function load(values: Float32Array, pairs: Uint32Array): number {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length);
  let end = 0;
  let largest = 0;
  for (let i = 0; i < words.length; i++) {
    let word = words[i];
    if (word === MINUS_ZERO) word = 0;
    largest = Math.max(largest, word & 0x7fffffff);
    pairs[end] = word ^ ((word >> 31) | MINUS_ZERO);
    pairs[end + 1] = i;
    end += ((word | -word) >>> 31) << 1;
  }
  if (largest > INFINITY_BITS) throw new RangeError('an activation is not a number');
  return end / 2;
}

function countDigits(
  pairs: Uint32Array,
  count: number,
  shift: number,
  bits: number,
  histogram: Uint32Array,
): void {
  const mask = (1 << bits) - 1;
  for (let i = 0; i < 2 * count; i += 2) histogram[(pairs[i] >>> shift) & mask]++;
  let sum = 0;
  for (let digit = 0; digit <= mask; digit++) {
    const here = histogram[digit];
    histogram[digit] = sum;
    sum += here;
  }
}

function scatter(
  from: Uint32Array,
  to: Uint32Array,
  count: number,
  shift: number,
  bits: number,
  next: Uint32Array,
): void {
  const mask = (1 << bits) - 1;
  for (let i = 0; i < 2 * count; i += 2) {
    const key = from[i];
    const at = next[(key >>> shift) & mask]++ << 1;
    to[at] = key;
    to[at + 1] = from[i + 1];
  }
}

/** The number of keys of negative values: they have no top bit, and sort first. */
function firstPositive(pairs: Uint32Array, count: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pairs[2 * middle] >>> 31) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Writes average ranks plus `shift` for the sorted pairs start … end. @returns Σ t³ − t over groups of t equal values */
function assign(
  pairs: Uint32Array,
  start: number,
  end: number,
  shift: number,
  ranks: Float32Array,
): number {
  let ties = 0;
  for (let from = start; from < end;) {
    const key = pairs[2 * from];
    let to = from + 1;
    while (to < end && pairs[2 * to] === key) to++;
    // Ranks from + 1 … to, counted from 1, average to (from + 1 + to) / 2.
    const rank = (from + 1 + to) / 2 + shift;
    for (let i = from; i < to; i++) ranks[pairs[2 * i + 1]] = rank;
    ties += cubicExcess(to - from);
    from = to;
  }
  return ties;
}

const cubicExcess = (n: number): number => n * n * n - n;

/** Scalar product of two vectors of one length, summed in double precision. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/**
 * Spearman's rank correlation with average ranks for ties, in [−1, 1].
 * @returns 0 where either vector is constant: where there is no order, none agrees.
 */
export function spearman(a: Float32Array, b: Float32Array): number {
  const ranker = new Ranker();
  const [ranksA, ranksB] = [new Float32Array(a.length), new Float32Array(b.length)];
  const norms = ranker.centred(a, ranksA) * ranker.centred(b, ranksB);
  return norms === 0 ? 0 : dot(ranksA, ranksB) / norms;
}
