import { unreviewed, type Mark } from '../../src-main/api/review.ts';
import type { Source } from '../shell/source.ts';

interface Change {
  readonly runId: number;
  readonly before: Mark;
}

/** What the reviewer thinks of prototypes; the service keeps it. */
export class ReviewState {
  readonly #source: Source;
  readonly #say: (words: string) => void;
  /** What was marked together is undone together. */
  #done = $state.raw<readonly (readonly Change[])[]>([]);

  constructor(source: Source, say: (words: string) => void) {
    this.#source = source;
    this.#say = say;
  }

  markOf(runId: number): Mark {
    return this.#source.marks[runId] ?? unreviewed;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  /** Changes the marks of some prototypes, and says so. */
  async change(runIds: readonly number[], change: Partial<Mark>, said: string): Promise<void> {
    const changes = await this.#set(
      runIds.map((runId) => ({ runId, mark: { ...this.markOf(runId), ...change } })),
    );
    if (!changes) return;
    this.#done = [...this.#done, changes];
    this.#say(said);
  }

  async undo(): Promise<void> {
    const last = this.#done.at(-1);
    if (!last) return;
    this.#done = this.#done.slice(0, -1);
    await this.#set(last.map(({ runId, before }) => ({ runId, mark: before })));
    this.#say('Undone');
  }

  /** @returns the marks before, or nothing where the service refused */
  async #set(marks: readonly { runId: number; mark: Mark }[]): Promise<Change[] | undefined> {
    try {
      return await Promise.all(
        marks.map(async ({ runId, mark }) => ({
          runId,
          before: await this.#source.mark(runId, mark),
        })),
      );
    } catch (error) {
      this.#say(`Not marked: ${(error as Error).message}`);
      return undefined;
    }
  }
}
