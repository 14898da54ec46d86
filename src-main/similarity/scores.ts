import { normalisedOver } from './normalised.ts';
import type { Scores, Share, Variants } from './result.ts';
import { averageOf, both, interval, naturalMeans, ones, wins, type Scored } from './summary.ts';

/**
 * Scores of a subject over classes: the quantities averaged over the classes first, then each layer counted once.
 * @param replicates for each class the natural means of every bootstrap replicate, in the order of `scored`
 */
export function scoresOf(
  scored: readonly Scored[],
  replicates: readonly (readonly Float64Array[])[],
  tapOf: readonly number[],
): Variants<Scores> {
  const subject = averageOf(scored.map((each) => each.subject));
  const natural = averageOf(scored.map(({ figures }) => naturalMeans(figures, ones(figures.n))));
  const observed = wins(natural, subject, tapOf);
  const drawn = replicates[0].map((_, r) =>
    wins(averageOf(replicates.map((each) => each[r])), subject, tapOf),
  );
  return both((variant) => {
    const share = (k: number): Share => ({
      percent: observed[variant][k],
      interval: interval(drawn.map((each) => each[variant][k])),
    });
    return {
      spearman: share(0),
      l1: share(1),
      leaveOneOutSpearman: share(2),
      leaveOneOutL1: share(3),
      normalised: normalisedOver(scored, variant, tapOf),
    };
  });
}
