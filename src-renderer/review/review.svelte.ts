import { isBlank, unreviewed, type Mark, type Review } from '../../src-main/api/review.ts';
import { subjectKey } from '../../src-main/api/sight.ts';
import type { Source } from '../shell/source.ts';

/** Names of the pictures that a mark is about: one prototype, or two to four pictures together. */
export type Subject = readonly string[];

interface Change {
  readonly subject: Subject;
  readonly before: Mark;
}

/** What the reviewer thinks of prototypes and comparisons; the service keeps it. */
export class ReviewState {
  readonly #source: Source;
  readonly #say: (words: string) => void;
  /** What was marked together is undone together. */
  #done = $state.raw<readonly (readonly Change[])[]>([]);
  /** All that is written down, the worst first. */
  readonly findings = $derived.by(() =>
    Object.values(this.#source.reviews)
      .filter(({ mark }) => !isBlank(mark))
      .sort(worstFirst),
  );

  constructor(source: Source, say: (words: string) => void) {
    this.#source = source;
    this.#say = say;
  }

  markOf(subject: Subject): Mark {
    return this.#source.marks[subjectKey(subject)] ?? unreviewed;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  /** Changes the marks of some subjects, and says so. */
  async change(subjects: readonly Subject[], change: Partial<Mark>, said: string): Promise<void> {
    const changes = await this.#set(
      subjects.map((subject) => ({ subject, mark: { ...this.markOf(subject), ...change } })),
    );
    if (!changes) return;
    this.#done = [...this.#done, changes];
    this.#say(said);
  }

  async undo(): Promise<void> {
    const last = this.#done.at(-1);
    if (!last) return;
    this.#done = this.#done.slice(0, -1);
    await this.#set(last.map(({ subject, before }) => ({ subject, mark: before })));
    this.#say('Undone');
  }

  /** @returns the marks before, or nothing where the service refused */
  async #set(marks: readonly { subject: Subject; mark: Mark }[]): Promise<Change[] | undefined> {
    const auditId = this.#source.audit?.summary.id;
    if (auditId === undefined) return undefined;
    try {
      return await Promise.all(
        marks.map(async ({ subject, mark }) => {
          const input = { auditId, sights: [...subject], mark };
          return { subject, before: (await this.#source.call('review.set', input)).previous };
        }),
      );
    } catch (error) {
      this.#say(`Not marked: ${(error as Error).message}`);
      return undefined;
    }
  }
}

const rank = { concern: 0, unreviewed: 1, cleared: 2 } as const;

/** As the service lists them: concerns, remarks, what was cleared, each by falling severity. */
function worstFirst(a: Review, b: Review): number {
  return (
    rank[a.mark.state] - rank[b.mark.state] ||
    (b.mark.severity ?? -1) - (a.mark.severity ?? -1) ||
    a.sights.join().localeCompare(b.sights.join(), 'en', { numeric: true })
  );
}
