import { normalisedOf } from './normalised.ts';
import type { Scores, Share, Variants } from './result.ts';
import type { NaturalSide, SubjectSide } from './sides.ts';
import { both, interval, wins } from './summary.ts';

/**
 * Scores of a subject: each layer counted once.
 * @param natural of one class, or averaged over classes @param subject of the same classes
 * @param tapOf the tap of each layer
 */
export function scoresOf(
  natural: NaturalSide,
  subject: SubjectSide,
  tapOf: readonly number[],
): Variants<Scores> {
  const [figures] = subject.figures;
  const observed = wins(natural.means[0], figures, tapOf);
  const drawn = natural.replicates.map((means) => wins(means, figures, tapOf));
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
      normalised: normalisedOf(natural, subject, variant, tapOf),
    };
  });
}
