import { normalise } from './pairwise.ts';
import type { Interval, Normalised } from './result.ts';
import type { NaturalSide, SubjectSide } from './sides.ts';
import { interval, VARIANTS } from './summary.ts';

type Figures = Omit<Normalised, 'interval' | 'thirds'>;

/** Redraws that may lack a score before its interval is not given. */
const MAX_UNDEFINED = 1 / 20;

/**
 * The normalised score of a subject.
 * @param natural of one class, or averaged over classes @param subject of the same classes
 */
export function normalisedOf(
  natural: NaturalSide,
  subject: SubjectSide,
  variant: 'full' | 'pooled',
  tapOf: readonly number[],
): Normalised {
  const v = VARIANTS.indexOf(variant);
  const figures = figuresOf(subject.pairwise[v], natural.same[v], natural.different[v], tapOf);
  const redraws = variant === 'full' ? [] : redrawnFigures(natural, subject, tapOf);
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

function redrawnFigures(
  { redrawnSame, redrawnDifferent }: NaturalSide,
  { redrawnPairwise }: SubjectSide,
  tapOf: readonly number[],
): Figures[] {
  return redrawnPairwise.map((pairwise, replicate) =>
    figuresOf(pairwise, redrawnSame[replicate], redrawnDifferent[replicate], tapOf),
  );
}

/** From T_P, T_same and T_diff of each tap; NaN where undefined. */
function figuresOf(
  pairwise: Float64Array,
  same: Float64Array,
  different: Float64Array,
  tapOf: readonly number[],
): Figures {
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
