import type { SeriesTotals, SubjectKind } from './result.ts';
import { RunningMean } from './running-mean.ts';
import { scoresOf } from './scores.ts';
import type { NaturalSide, SubjectSide } from './sides.ts';

/** A series so far. */
interface Series {
  kind: SubjectKind;
  classes: number;
  n: number;
  /** Shared with the series that have subjects of the same classes. */
  natural: RunningMean<NaturalSide>;
  readonly subject: RunningMean<SubjectSide>;
}

/**
 * The scores of each series over all classes with sufficient evidence that have a subject of it. The quantities are
 * averaged over classes, replicate by replicate, before layers are counted, so the sum over classes is all that is
 * kept: for R replicates and T taps, 8 bytes · R · 10 · T for each set of classes, and 8 bytes · R · T for each series.
 */
export class Totals {
  readonly #series = new Map<string, Series>();
  readonly #nobody = new RunningMean<NaturalSide>();

  /** Makes a series known, with or without a class to its credit. */
  announce(series: string, kind: SubjectKind): void {
    const known = this.#series.get(series);
    if (known) known.kind = kind;
    else {
      const subject = new RunningMean<SubjectSide>();
      this.#series.set(series, { kind, classes: 0, n: 0, natural: this.#nobody, subject });
    }
  }

  /**
   * Adds a class with sufficient evidence.
   * @param n its natural images @param subjects of each series that was announced and has some, their average
   */
  add(n: number, natural: NaturalSide, subjects: ReadonlyMap<string, SubjectSide>): void {
    const present = [...subjects.keys()].map((series) => this.#series.get(series)!);
    for (const [sum, members] of Map.groupBy(present, (each) => each.natural)) {
      const own = this.#isShared(sum, members.length) ? sum.copy() : sum;
      own.add(natural);
      for (const each of members) each.natural = own;
    }
    for (const [series, side] of subjects) {
      const each = this.#series.get(series)!;
      each.subject.add(side);
      each.classes++;
      each.n += n;
    }
  }

  result(tapOf: readonly number[]): SeriesTotals[] {
    return [...this.#series].map(([series, { kind, classes, n, natural, subject }]) => {
      const [ours, theirs] = [natural.mean(), subject.mean()];
      return {
        series,
        kind,
        classes,
        n,
        scores: ours && theirs ? scoresOf(ours, theirs, tapOf) : null,
      };
    });
  }

  /** Whether a sum is that of more series than those that a class is added to. */
  #isShared(sum: RunningMean<NaturalSide>, members: number): boolean {
    const all = [...this.#series.values()].filter(({ natural }) => natural === sum);
    return sum === this.#nobody || all.length > members;
  }
}
