/** Named lists of vectors. */
export type Vectors = { readonly [name: string]: readonly Float64Array[] };

/**
 * The mean of many, element by element, of which only the sum is kept. They are added in the order in which they come,
 * so a mean of the same vectors in the same order is the same to the last bit.
 */
export class RunningMean<T extends Vectors> {
  #sums: T | undefined;
  #count = 0;

  /** @param vectors as many and as long as those before; they are not kept */
  add(vectors: T): void {
    const before = this.#sums;
    this.#sums = mapped(vectors, (vector, name, i) => added(before?.[name][i], vector));
    this.#count++;
  }

  /** What is added to the copy leaves this one as it is. */
  copy(): RunningMean<T> {
    const copy = new RunningMean<T>();
    copy.#sums = this.#sums && mapped(this.#sums, (sum) => sum.slice());
    copy.#count = this.#count;
    return copy;
  }

  /** @returns `undefined` before anything was added */
  mean(): T | undefined {
    return this.#sums && mapped(this.#sums, (sum) => sum.map((value) => value / this.#count));
  }
}

function added(sum: Float64Array | undefined, vector: Float64Array): Float64Array {
  if (!sum) return vector.slice();
  for (let i = 0; i < sum.length; i++) sum[i] += vector[i];
  return sum;
}

function mapped<T extends Vectors>(
  vectors: T,
  make: (vector: Float64Array, name: string, i: number) => Float64Array,
): T {
  const made: Vectors = Object.fromEntries(
    Object.entries(vectors).map(([name, list]) => [
      name,
      list.map((vector, i) => make(vector, name, i)),
    ]),
  );
  return made as T;
}
