import { FIGURES } from './desk.ts';
import type { NaturalClass } from './natural.ts';
import { normalise } from './pairwise.ts';
import type { Redraws } from './pooled-bootstrap.ts';
import type { ClassRecord } from './record.ts';
import type {
  Band,
  ClassSimilarity,
  NaturalLayer,
  SubjectKind,
  SubjectLayer,
  SubjectSimilarity,
  Variants,
} from './result.ts';
import { scoresOf } from './scores.ts';
import { subjectSide, type NaturalSide, type SubjectSide } from './sides.ts';
import type { Strangers } from './strangers.ts';
import { averageOf, both, quantile, type ClassFigures } from './summary.ts';
import type { Totals } from './totals.ts';

/** A subject with its figures, [taps, 6] as `Desk.score` returns them. */
export interface MeasuredSubject {
  readonly series: string;
  readonly kind: SubjectKind;
  readonly logit: number;
  readonly predicted: number;
  readonly figures: Float64Array;
  /** ρ of the pooled activations with each natural image that is redrawn, [images, taps]. */
  readonly pairs: Float64Array;
}

/** A class with all that was measured of it: megabytes, let go of once it is reported. */
export interface Measured {
  readonly natural: NaturalClass;
  readonly record: ClassRecord;
  readonly figures: ClassFigures;
  readonly redraws: Redraws | undefined;
  /** What subjects are scored against; `undefined` where evidence is insufficient. */
  readonly side: NaturalSide | undefined;
  readonly subjects: readonly MeasuredSubject[];
}

export function figuresOf(record: ClassRecord, strangers: Strangers): ClassFigures {
  return { n: record.images.length, natural: record.figures, ...strangers.compare(record) };
}

export function classResult(measured: Measured, tapOf: readonly number[]): ClassSimilarity {
  const { natural, record, figures, side, subjects } = measured;
  const comparable = record.figures.length > 0;
  return {
    index: natural.index,
    label: natural.label,
    given: record.given,
    n: figures.n,
    evidence: side ? 'sufficient' : 'insufficient',
    images: record.images,
    layers: comparable
      ? tapOf.map((tap) => both((variant) => naturalLayer(figures, tap, variant)))
      : [],
    subjects: subjects.map((subject) => subjectResult(measured, subject, tapOf)),
  };
}

/** Adds a class to the totals: the subjects of a series are averaged. */
export function addToTotals(totals: Totals, measured: Measured): void {
  const { figures, side, subjects } = measured;
  for (const { series, kind } of subjects) totals.announce(series, kind);
  if (!side) return;
  const series = [...Map.groupBy(subjects, (subject) => subject.series)];
  totals.add(
    figures.n,
    side,
    new Map(series.map(([name, own]) => [name, averageSide(measured, own)])),
  );
}

/** Subjects of one series in a class, averaged. */
function averageSide(
  { figures, redraws }: Measured,
  subjects: readonly MeasuredSubject[],
): SubjectSide {
  const subject = averageOf(subjects.map((each) => each.figures));
  if (!redraws) return subjectSide(figures, subject);
  const pairs = averageOf(subjects.map((each) => each.pairs));
  return subjectSide(figures, subject, { redraws, pairs });
}

function subjectResult(
  measured: Measured,
  subject: MeasuredSubject,
  tapOf: readonly number[],
): SubjectSimilarity {
  const { series, kind, logit, predicted } = subject;
  const { side } = measured;
  return {
    series,
    kind,
    logit,
    predicted,
    layers: tapOf.map((tap) => both((variant) => subjectLayer(measured, subject, tap, variant))),
    scores: side ? scoresOf(side, averageSide(measured, [subject]), tapOf) : null,
  };
}

function subjectLayer(
  { figures }: Measured,
  subject: MeasuredSubject,
  tap: number,
  variant: keyof Variants<unknown>,
): SubjectLayer {
  const at = FIGURES * tap + (variant === 'full' ? 0 : 3);
  const [spearman, l1, pairSum] = subject.figures.subarray(at, at + 3);
  const pairwise = pairSum / figures.n;
  const { same, different } = figures;
  return {
    spearman,
    l1,
    pairwise,
    normalised: normalise(pairwise, same[variant][tap], different[variant][tap]),
  };
}

function naturalLayer(
  { n, natural, same, different, constant }: ClassFigures,
  tap: number,
  variant: keyof Variants<unknown>,
): NaturalLayer {
  const stride = natural.length / n;
  const at = FIGURES * tap + (variant === 'full' ? 0 : 3);
  const band = (k: number, factor = 1): Band =>
    bandOf(
      Float64Array.from({ length: n }, (_, image) => factor * natural[image * stride + at + k]),
    );
  return {
    spearman: band(0),
    l1: band(1),
    leaveOneOutSpearman: band(2),
    leaveOneOutL1: band(1, n / (n - 1)),
    same: same[variant][tap],
    different: different[variant][tap],
    constant: constant[variant][tap],
  };
}

function bandOf(values: Float64Array): Band {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sorted = values.toSorted();
  const [q05, q25, q50, q75, q95] = [0.05, 0.25, 0.5, 0.75, 0.95].map((p) => quantile(sorted, p));
  return { mean, quantiles: [q05, q25, q50, q75, q95] };
}
