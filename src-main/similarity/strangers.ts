import { lengthOf, type Tap } from './desk.ts';
import { poolingOf } from './channels.ts';
import { meanBetween, meanWithin } from './pairwise.ts';
import { dot } from './rank.ts';
import type { ClassRecord } from './record.ts';
import type { Variants } from './result.ts';
import { both } from './summary.ts';

/** The natural images of all classes together: for each tap the sum of their standardised ranks. */
export class Strangers {
  readonly #sums: readonly Variants<Float32Array>[];
  #images = 0;

  constructor(taps: readonly Tap[]) {
    this.#sums = taps.map((tap) => ({
      full: new Float32Array(lengthOf(tap)),
      pooled: new Float32Array(poolingOf(tap.dims).length),
    }));
  }

  /** A class of fewer than two images has no ranks, and is nobody's stranger. */
  add({ images, yardsticks }: ClassRecord): void {
    if (yardsticks.length === 0) return;
    this.#images += images.length;
    yardsticks.forEach(({ full, pooled }, tap) => {
      addTo(this.#sums[tap].full, full.rankSum);
      addTo(this.#sums[tap].pooled, pooled.rankSum);
    });
  }

  /** T_same, T_diff and the number of images without ranks of a class that was added, by variant and tap. */
  compare({ images, yardsticks }: ClassRecord): {
    same: Variants<number[]>;
    different: Variants<(number | null)[]>;
    constant: Variants<number[]>;
  } {
    const n = images.length;
    const each = <T>(
      measure: (squared: number, product: number, ranked: number) => T,
    ): Variants<T[]> =>
      both((variant) =>
        yardsticks.map((yardstick, tap) => {
          const { rankSum, ranked } = yardstick[variant];
          const squared = dot(rankSum, rankSum);
          return measure(squared, dot(rankSum, this.#sums[tap][variant]) - squared, ranked);
        }),
      );
    return {
      same: each((squared, _, ranked) => meanWithin(squared, ranked, n)!),
      different: each((_, product) => meanBetween(product, n, this.#images - n)),
      constant: both((variant) => yardsticks.map((yardstick) => n - yardstick[variant].ranked)),
    };
  }
}

function addTo(sum: Float32Array, values: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] += values[i];
}
