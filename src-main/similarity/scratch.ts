import { Ranker } from './rank.ts';

/** Buffers that one thread reuses for every layer; they grow to the longest. What they hold lasts until the next use. */
export class Scratch {
  readonly ranker = new Ranker();
  #buffers = [new Float32Array(0), new Float32Array(0), new Float32Array(0)] as const;

  /** Three buffers of `length` elements: ranks, values of other images, and their ranks. */
  of(length: number) {
    if (this.#buffers[0].length < length) {
      this.#buffers = [
        new Float32Array(length),
        new Float32Array(length),
        new Float32Array(length),
      ];
    }
    const [ranks, others, otherRanks] = this.#buffers.map((buffer) => buffer.subarray(0, length));
    return { ranks, others, otherRanks };
  }
}
