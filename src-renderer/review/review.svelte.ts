import { SvelteMap } from 'svelte/reactivity';
import {
  isBlank,
  unreviewed,
  type Mark,
  type Review,
  type Scope,
} from '../../src-main/api/review.ts';
import { subjectKey } from '../../src-main/api/sight.ts';
import { ServiceError } from '../../src-main/api/wire.ts';
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
  /** Marks on their way to the service: the next key builds on them. */
  readonly #underway = new SvelteMap<string, Mark>();
  /** What the review is about, on its way to the service: the next field builds on it. */
  #scope: Scope | undefined;
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
    const key = subjectKey(subject);
    return this.#underway.get(key) ?? this.#source.marks[key] ?? unreviewed;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  /** Changes the marks of some subjects, and says so. What shows can be undone, before the service has it too. */
  async change(subjects: readonly Subject[], change: Partial<Mark>, said: string): Promise<void> {
    const changes = subjects.map((subject) => ({ subject, before: this.markOf(subject) }));
    this.#done = [...this.#done, changes];
    const marks = changes.map(({ subject, before }) => ({
      subject,
      mark: { ...before, ...change },
    }));
    if (await this.#set(marks)) this.#say(said);
    else this.#done = this.#done.filter((each) => each !== changes);
  }

  /** Shows the names that a blind review hides, which is written down. */
  async reveal(subjects: readonly Subject[]): Promise<void> {
    await this.#tried('Not shown', async (auditId) => {
      for (const sights of subjects) {
        await this.#source.call('review.reveal', { auditId, sights: [...sights] });
      }
      this.#say('Names shown before the first reading');
    });
  }

  /** Begins a blind review, or ends it. */
  async hideNames(blind: boolean): Promise<void> {
    await this.describe({ blind });
    this.#say(blind ? 'Names and figures are hidden until they are read' : 'Names are shown');
  }

  /** Changes what the review is about. */
  async describe(change: Partial<Scope>): Promise<void> {
    const scope = { ...(this.#scope ?? this.#source.scope), ...change };
    this.#scope = scope;
    await this.#tried('Not kept', (auditId) => this.#source.call('scope.set', { auditId, scope }));
    if (this.#scope === scope) this.#scope = undefined;
  }

  async undo(): Promise<void> {
    const last = this.#done.at(-1);
    if (!last) return;
    this.#done = this.#done.slice(0, -1);
    const marks = last.map(({ subject, before }) => ({ subject, mark: before }));
    if (await this.#set(marks)) this.#say('Undone');
  }

  /** @returns whether the service has them, and not refused */
  async #set(marks: readonly { subject: Subject; mark: Mark }[]): Promise<boolean> {
    const done = await this.#tried('Not marked', (auditId) =>
      Promise.all(marks.map(({ subject, mark }) => this.#mark(auditId, subject, mark))),
    );
    return done !== undefined;
  }

  async #mark(auditId: number, subject: Subject, mark: Mark): Promise<void> {
    const key = subjectKey(subject);
    const sights = [...subject];
    const isLatest = (): boolean => this.#underway.get(key) === mark;
    this.#underway.set(key, mark);
    try {
      await persist(() => this.#source.call('review.set', { auditId, sights, mark }), isLatest);
    } finally {
      if (isLatest()) this.#underway.delete(key);
    }
  }

  /** Asks the service for something about the audit, and says why where it refuses. */
  async #tried<T>(failed: string, what: (auditId: number) => Promise<T>): Promise<T | undefined> {
    const auditId = this.#source.audit?.summary.id;
    if (auditId === undefined) return undefined;
    try {
      return await what(auditId);
    } catch (error) {
      this.#say(`${failed}: ${(error as Error).message}`);
      return undefined;
    }
  }
}

/** How long a mark waits for a service that is being started again, in milliseconds. */
const AGAIN_MS = 500;
const MOST_TRIES = 60;

/**
 * Asks once more while the service is away: a mark that a reviewer sees must not be lost with it. One that another has
 * taken the place of meanwhile must not come after that.
 */
async function persist(ask: () => Promise<unknown>, isLatest: () => boolean): Promise<void> {
  for (let tries = 1; tries === 1 || isLatest(); tries++) {
    try {
      await ask();
      return;
    } catch (error) {
      const isAway = error instanceof ServiceError && error.code === 'service-down';
      if (!isAway || tries === MOST_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
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
