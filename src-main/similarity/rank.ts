/**
 * Ranks in linear time.
 *
 * Spearman's ρ is Pearson's correlation of average ranks, so every figure of the protocol that is built on ρ is a
 * scalar product of centred ranks divided by their norms. A layer has up to a million activations, some of them exact
 * zeros behind a ReLU: zeros are counted, the rest go through a radix sort on their float bits. The upper digit comes
 * first and deals the values out to buckets that fit into a processor core's cache; the two lower digits are sorted
 * within each. Sorting by the lower digits first scatters all values over memory three times, which took half as long
 * again for a million activations.
 */

/** Keys are 32 bits: an upper digit of 12, two lower ones of 10. */
const UPPER_SHIFT = 20;
const UPPER_DIGITS = 1 << 12;
const LOWER_BITS = 10;
const LOWER_DIGITS = 1 << LOWER_BITS;

/** Buckets of this many pairs or fewer are sorted by insertion: counting digits would take longer. */
const FEW = 48;

const INFINITY_BITS = 0x7f800000;
const MINUS_ZERO = -0x80000000;

/**
 * Pairs of sort key and place, side by side, as integers and as one 64-bit number each, so that a pair moves in one go.
 * The place is the upper half on every machine that Node runs on, and far too small to make the number NaN.
 */
class Pairs {
  readonly whole: Float64Array;
  readonly halves: Uint32Array;

  constructor(length: number) {
    this.whole = new Float64Array(length);
    this.halves = new Uint32Array(this.whole.buffer);
  }
}

/** Buffers for ranking vectors one after another without allocating; they grow to the longest. */
export class Ranker {
  #pairs = new Pairs(0);
  #spare = new Pairs(0);
  readonly #upper = new Uint32Array(UPPER_DIGITS);
  readonly #lower = [new Uint32Array(LOWER_DIGITS), new Uint32Array(LOWER_DIGITS)] as const;

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
    const count = load(values, this.#pairs.halves);
    this.#sort(count);
    const pairs = this.#spare.halves;
    const zeros = length - count;
    const negatives = firstPositive(pairs, count);
    const middle = (length + 1) / 2;
    if (zeros > 0) ranks.fill(negatives + (zeros + 1) / 2 - middle);
    // Ranks of values after the zeros are higher by their number.
    const ties =
      cubicExcess(zeros) +
      assign(pairs, 0, negatives, -middle, ranks) +
      assign(pairs, negatives, count, zeros - middle, ranks);
    return Math.sqrt(Math.max(0, cubicExcess(length) - ties) / 12);
  }

  /** Sorts `#pairs` into `#spare`. */
  #sort(count: number): void {
    const ends = this.#upper.fill(0);
    deal(this.#pairs, this.#spare, count, ends);
    let start = 0;
    for (let digit = 0; digit < UPPER_DIGITS; digit++) {
      const end = ends[digit];
      if (end - start > FEW) this.#sortBucket(start, end);
      else if (end - start > 1) insert(this.#spare, start, end);
      start = end;
    }
  }

  #sortBucket(start: number, end: number): void {
    const [first, second] = this.#lower;
    countLower(this.#spare.halves, start, end, first.fill(0), second.fill(0));
    scatter(this.#spare, this.#pairs, start, end, 0, first);
    scatter(this.#pairs, this.#spare, start, end, LOWER_BITS, second);
  }

  #grow(length: number): void {
    if (this.#pairs.whole.length >= length) return;
    this.#pairs = new Pairs(length);
    this.#spare = new Pairs(length);
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

/** Deals pairs out by their upper digit. @param ends zeros; receives the place behind each digit's last pair */
function deal(from: Pairs, to: Pairs, count: number, ends: Uint32Array): void {
  const { whole: source, halves } = from;
  const target = to.whole;
  for (let i = 0; i < 2 * count; i += 2) ends[halves[i] >>> UPPER_SHIFT]++;
  let sum = 0;
  for (let digit = 0; digit < UPPER_DIGITS; digit++) {
    const here = ends[digit];
    ends[digit] = sum;
    sum += here;
  }
  for (let i = 0; i < count; i++) target[ends[halves[2 * i] >>> UPPER_SHIFT]++] = source[i];
}

/** Counts both lower digits of a bucket, then turns the counts into the place where each digit's first pair goes. */
function countLower(
  pairs: Uint32Array,
  start: number,
  end: number,
  first: Uint32Array,
  second: Uint32Array,
): void {
  for (let i = 2 * start; i < 2 * end; i += 2) {
    const key = pairs[i];
    first[key & (LOWER_DIGITS - 1)]++;
    second[(key >>> LOWER_BITS) & (LOWER_DIGITS - 1)]++;
  }
  let [firstSum, secondSum] = [start, start];
  for (let digit = 0; digit < LOWER_DIGITS; digit++) {
    const [ofFirst, ofSecond] = [first[digit], second[digit]];
    first[digit] = firstSum;
    second[digit] = secondSum;
    firstSum += ofFirst;
    secondSum += ofSecond;
  }
}

/** Moves the pairs start … end to where a lower digit goes. @param next the place of each digit's next pair */
function scatter(
  from: Pairs,
  to: Pairs,
  start: number,
  end: number,
  shift: number,
  next: Uint32Array,
): void {
  const { whole: source, halves } = from;
  const target = to.whole;
  for (let i = start; i < end; i++) {
    target[next[(halves[2 * i] >>> shift) & (LOWER_DIGITS - 1)]++] = source[i];
  }
}

/** Sorts the pairs start … end by insertion. */
function insert({ whole, halves }: Pairs, start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const key = halves[2 * i];
    if (halves[2 * i - 2] <= key) continue;
    const pair = whole[i];
    let at = i;
    do {
      whole[at] = whole[at - 1];
      at--;
    } while (at > start && halves[2 * at - 2] > key);
    whole[at] = pair;
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
    if (to - from > 1) ties += cubicExcess(to - from);
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
