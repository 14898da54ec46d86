import { redrawnPairwise, type Redraws } from './pooled-bootstrap.ts';
import { naturalMeans, ones, pairwiseOf, VARIANTS, type ClassFigures } from './summary.ts';

/**
 * The two sides that a score compares, of one class or averaged over several. Lists named for variants hold `full`
 * first; those of redraws hold one vector a replicate. Vectors run over taps.
 */
export type NaturalSide = {
  /** One vector, as `naturalMeans` gives it. */
  readonly means: readonly Float64Array[];
  /** The same of each replicate. */
  readonly replicates: readonly Float64Array[];
  /** T_same and T_diff by variant; NaN where undefined. */
  readonly same: readonly Float64Array[];
  readonly different: readonly Float64Array[];
  /** The same of each redraw, pooled; none where there are no rank vectors to redraw. */
  readonly redrawnSame: readonly Float64Array[];
  readonly redrawnDifferent: readonly Float64Array[];
};

export type SubjectSide = {
  /** One vector, [taps, 6] as `Desk.score` returns it. */
  readonly figures: readonly Float64Array[];
  /** T_P by variant. */
  readonly pairwise: readonly Float64Array[];
  /** The same of each redraw, pooled. */
  readonly redrawnPairwise: readonly Float64Array[];
};

/** @param replicates as `bootstrap` gives them */
export function naturalSide(
  figures: ClassFigures,
  replicates: readonly Float64Array[],
  redraws?: Redraws,
): NaturalSide {
  const { same, different } = figures;
  return {
    means: [naturalMeans(figures, ones(figures.n))],
    replicates,
    same: VARIANTS.map((variant) => Float64Array.from(same[variant])),
    different: VARIANTS.map((variant) =>
      Float64Array.from(different[variant], (each) => each ?? NaN),
    ),
    redrawnSame: redraws?.same ?? [],
    redrawnDifferent: redraws?.different ?? [],
  };
}

/**
 * @param subject [taps, 6] as `Desk.score` returns them
 * @param redrawn the redraws of the class, with ρ of the subject and each redrawn image, [images, taps]
 */
export function subjectSide(
  { n, same }: ClassFigures,
  subject: Float64Array,
  redrawn?: { readonly redraws: Redraws; readonly pairs: Float64Array },
): SubjectSide {
  return {
    figures: [subject],
    pairwise: VARIANTS.map((variant) =>
      Float64Array.from(same[variant], (_, tap) => pairwiseOf(subject, tap, variant) / n),
    ),
    redrawnPairwise:
      redrawn?.redraws.draws.map((draw) => redrawnPairwise(redrawn.pairs, draw)) ?? [],
  };
}
