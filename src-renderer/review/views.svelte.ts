import type { SavedView } from '../../src-main/api/review.ts';
import type { Source } from '../shell/source.ts';

/** Changes of the views that have a name; the service keeps them and tells every page. */
export class ViewsState {
  readonly #source: Source;
  readonly #say: (words: string) => void;

  constructor(source: Source, say: (words: string) => void) {
    this.#source = source;
    this.#say = say;
  }

  /** @returns whether it is saved */
  save(name: string, query: string): Promise<boolean> {
    const auditId = this.#source.audit?.summary.id;
    if (auditId === undefined) return Promise.resolve(false);
    return this.#tried(`View “${name.trim()}” saved`, () =>
      this.#source.call('view.save', { auditId, name, query }),
    );
  }

  rename({ id: viewId }: SavedView, name: string): Promise<boolean> {
    return this.#tried('View renamed', () => this.#source.call('view.rename', { viewId, name }));
  }

  remove({ id: viewId, name }: SavedView): Promise<boolean> {
    return this.#tried(`View “${name}” deleted`, () =>
      this.#source.call('view.remove', { viewId }),
    );
  }

  async #tried(done: string, what: () => Promise<unknown>): Promise<boolean> {
    try {
      await what();
      this.#say(done);
      return true;
    } catch (error) {
      this.#say((error as Error).message);
      return false;
    }
  }
}
