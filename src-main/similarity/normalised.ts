import { normalise } from './pairwise.ts';
import { redrawnPairwise } from './pooled-bootstrap.ts';
import type { Interval, Normalised } from './result.ts';
import { averageOf, interval, pairwiseOf, type Scored } from './summary.ts';

/** T_P, T_same and T_diff, averaged over classes, for each tap; NaN where undefined. */
interface Parts {
  readonly pairwise: Float64Array;
  readonly same: Float64Array;
  readonly different: Float64Array;
}

type Figures = Omit<Normalised, 'interval' | 'thirds'>;

/** Redraws that may lack a score before its interval is not given. */
const MAX_UNDEFINED = 1 / 20;

/** The normalised score of a subject over classes: its three parts averaged over the classes first. */
export function normalisedOver(
  scored: readonly Scored[],
  variant: 'full' | 'pooled',
  tapOf: readonly number[],
): Normalised {
  const figures = figuresOf(observedParts(scored, variant), tapOf);
  const redraws =
    variant === 'full' ? [] : redrawnParts(scored).map((parts) => figuresOf(parts, tapOf));
  const of = (part: 'all' | 'first' | 'middle' | 'last') =>
    intervalOf(
      figures[part],
      redraws.map((each) => each[part]),
    );
  return {
    ...figures,
    interval: of('all'),
    thirds: { first: of('first'), middle: of('middle'), last: of('last') },
  };
}

function observedParts(scored: readonly Scored[], variant: 'full' | 'pooled'): Parts {
  return averageParts(
    scored.map(({ figures, subject }) => ({
      pairwise: Float64Array.from(
        figures.same[variant],
        (_, tap) => pairwiseOf(subject, tap, variant) / figures.n,
      ),
      same: Float64Array.from(figures.same[variant]),
      different: Float64Array.from(figures.different[variant], (each) => each ?? NaN),
    })),
  );
}

/** The parts of every redraw; none unless every class was redrawn. */
function redrawnParts(scored: readonly Scored[]): Parts[] {
  const classes = scored.flatMap(({ redrawn }) => redrawn ?? []);
  if (classes.length < scored.length) return [];
  return classes[0].redraws.draws.map((_, replicate) =>
    averageParts(
      classes.map(({ redraws: { draws, same, different }, pairs }) => ({
        pairwise: redrawnPairwise(pairs, draws[replicate]),
        same: same[replicate],
        different: different[replicate],
      })),
    ),
  );
}

function averageParts(classes: readonly Parts[]): Parts {
  return {
    pairwise: averageOf(classes.map(({ pairwise }) => pairwise)),
    same: averageOf(classes.map(({ same }) => same)),
    different: averageOf(classes.map(({ different }) => different)),
  };
}

function figuresOf({ pairwise, same, different }: Parts, tapOf: readonly number[]): Figures {
  const layers = tapOf.map((tap) => normalise(pairwise[tap], same[tap], different[tap]));
  const over = (from: number, to: number) => {
    const some = layers.slice(from, to).filter((layer) => layer !== null);
    return some.length === 0 ? null : some.reduce((sum, layer) => sum + layer, 0) / some.length;
  };
  const [third, twoThirds] = [1, 2].map((k) => Math.round((k * layers.length) / 3));
  return {
    all: over(0, layers.length),
    first: over(0, third),
    middle: over(third, twoThirds),
    last: over(twoThirds, layers.length),
    undefinedLayers: layers.filter((layer) => layer === null).length,
  };
}

function intervalOf(observed: number | null, redrawn: readonly (number | null)[]): Interval | null {
  const defined = redrawn.filter((each) => each !== null);
  const enough = defined.length > 0 && defined.length >= (1 - MAX_UNDEFINED) * redrawn.length;
  return observed !== null && enough ? interval(defined) : null;
}
