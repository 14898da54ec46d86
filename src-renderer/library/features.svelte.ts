import type { DescribedFeature } from '../../src-main/api/features.ts';
import type { FoundModel } from '../../src-main/api/model.ts';
import type { Source } from '../shell/source.ts';
import { chooseFile, type Chosen } from './files.ts';
import {
  blanks,
  describedOf,
  draftOf,
  wantingIn,
  withTable,
  type FeatureDraft,
} from './features.ts';
import { pathOf } from './upload.ts';

/** Features up to which an empty line stands for each. */
const MOST_BLANK = 24;

/** What the features of a table are asked of: a model that is being imported. */
interface Asking {
  readonly found: FoundModel | undefined;
  readonly answers: { readonly featureList?: readonly DescribedFeature[] };
  readonly type: (change: { featureList?: DescribedFeature[] }) => void;
}

/** The features of a table, as a person describes them. */
export class FeaturesState {
  readonly #source: Source;
  readonly #asking: Asking;
  readonly #controller = new AbortController();
  /** Absent until a person begins to describe them. */
  #typed = $state.raw<readonly FeatureDraft[]>();
  failure = $state<string>();
  /** What was taken from a table. */
  said = $state('');

  constructor(source: Source, asking: Asking) {
    this.#source = source;
    this.#asking = asking;
  }

  /** Whether the model takes rows, so that there are features. */
  get isAsked(): boolean {
    return this.#asking.found?.columns !== undefined;
  }

  /** Columns of a row; undefined where the file leaves their number free. */
  get columns(): number | undefined {
    return this.#asking.found?.columns ?? undefined;
  }

  /** What a description beside the file, or an earlier answer, says. */
  get known(): readonly DescribedFeature[] {
    return this.#asking.found?.classifier?.features ?? [];
  }

  /** Whether they are typed here: nothing else tells them, or a person wants it. */
  get isTyped(): boolean {
    return this.#typed !== undefined || this.known.length === 0;
  }

  get drafts(): readonly FeatureDraft[] {
    if (this.#typed) return this.#typed;
    return this.#untyped;
  }

  readonly #untyped = $derived.by(() =>
    this.known.length > 0
      ? this.known.map(draftOf)
      : blanks(Math.min(MOST_BLANK, this.columns ?? 1)),
  );

  /** What is still to be typed, in one sentence. */
  get wanting(): string | undefined {
    return this.isAsked && this.isTyped ? wantingIn(this.drafts) : undefined;
  }

  /** Whether nothing has told them yet: then they are a question, and their lack no failure. */
  get isMissing(): boolean {
    const isRead = this.#asking.found?.classifier !== undefined;
    return this.isAsked && !isRead && this.#asking.answers.featureList === undefined;
  }

  /** Begins to describe them otherwise. */
  begin(): void {
    this.#typed = this.drafts;
  }

  change(key: number, part: Partial<FeatureDraft>): void {
    this.#set(this.drafts.map((draft) => (draft.key === key ? { ...draft, ...part } : draft)));
  }

  add(): void {
    this.#set([...this.drafts, ...blanks(1)]);
  }

  remove(key: number): void {
    this.#set(this.drafts.filter((draft) => draft.key !== key));
  }

  /** Exchanges it with the one before. */
  raise(key: number): void {
    const drafts = [...this.drafts];
    const at = drafts.findIndex((draft) => draft.key === key);
    if (at > 0) [drafts[at - 1], drafts[at]] = [drafts[at], drafts[at - 1]];
    this.#set(drafts);
  }

  async chooseTable(): Promise<void> {
    const chosen = await chooseFile('rows');
    if (chosen) await this.takeTable(chosen);
  }

  /** Takes names, bounds and categories from a CSV file. */
  async takeTable(chosen: Chosen): Promise<void> {
    await this.#take(async () => {
      const { path, discard } = await pathOf(chosen, () => undefined, this.#controller.signal);
      return this.#source.call('features.suggest', { path }).finally(discard);
    });
  }

  /** The same from pasted lines: names alone, or with rows below. */
  async paste(text: string): Promise<void> {
    if (text.trim() === '') return;
    await this.#take(() => this.#source.call('features.suggest', { text }));
  }

  async #take(ask: () => Promise<{ features: DescribedFeature[]; rows: number }>): Promise<void> {
    this.failure = undefined;
    try {
      const { features, rows } = await ask();
      this.#set(withTable(this.drafts, features));
      const from = rows === 0 ? 'its first line' : `${rows.toLocaleString('en')} rows`;
      this.said = `Taken from ${from}. Check the bounds: data rarely reaches all that a feature can be.`;
    } catch (error) {
      this.failure = (error as Error).message;
    }
  }

  #set(drafts: readonly FeatureDraft[]): void {
    this.#typed = drafts;
    this.said = '';
    if (wantingIn(drafts) === undefined) this.#asking.type({ featureList: describedOf(drafts) });
  }

  close(): void {
    this.#controller.abort(new Error('The import was closed.'));
  }
}
