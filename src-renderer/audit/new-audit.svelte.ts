import type { Check, Estimate, NamedClasses, Problem } from '../../src-main/api/estimate.ts';
import { mediumOf, mediumWords } from '../../src-main/api/medium.ts';
import type { Method } from '../../src-main/api/method.ts';
import type { AuditRequest } from '../../src-main/api/request.ts';
import type { KnownModel } from '../../src-main/api/studio.ts';
import type { Location } from '../shell/location.svelte.ts';
import type { Source } from '../shell/source.ts';
import { formatIndexes, formatNames } from './classes.ts';
import { chosen, draftLike, draftOf, empty, requestOf, type Draft } from './draft.ts';
import { makeable, offered } from './table.ts';

/** How long the service is left alone while something is typed, in milliseconds. */
const CHECK_MS = 120;
const ESTIMATE_MS = 400;

/** How the estimate stands. */
type Estimating = 'idle' | 'waiting' | 'stopped';

/** Photographs of a class; how many of them the model predicts as it, where they were counted. */
export interface Photographs {
  readonly images: number;
  readonly predicted?: number;
}

/** The audit that is being put together. It outlives the view, and a reload. */
export class NewAuditState {
  readonly #source: Source;
  readonly #location: Location;
  readonly #say: (words: string) => void;
  draft = $state.raw<Draft>(empty);
  method = $state.raw<Method>();
  #check = $state.raw<Check>();
  #estimate = $state.raw<Estimate>();
  /** The request that the estimate is of. */
  #estimated = $state.raw<object>();
  #failure = $state<string>();
  estimating = $state<Estimating>('idle');
  starting = $state(false);
  named = $state.raw<NamedClasses>({ classes: [], problems: [] });
  /** The text that `named` is of, and the classes that it was looked up among. */
  #namedOf: { readonly text: string; readonly labels: readonly string[] } | undefined;
  /** By class index of the first model; absent where it is not known. */
  photographs = $state.raw<ReadonlyMap<number, Photographs>>();
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #remembered = '';

  readonly known = $derived.by((): readonly KnownModel[] => this.#source.studio?.models ?? []);
  readonly models = $derived.by(() => chosen(this.draft, this.known));
  readonly labels = $derived.by((): readonly string[] => this.models[0]?.labels ?? []);
  /** What the chosen models take. */
  readonly medium = $derived.by(() => mediumOf(this.models));
  readonly words = $derived.by(() => mediumWords[this.medium]);
  /** What may be chosen of the method for these models. */
  readonly offered = $derived.by(() => this.method && offered(this.method, this.medium));
  readonly profiles = $derived.by(() => makeable(this.draft.profiles, this.medium));
  /** What the first model is compared with. */
  readonly natural = $derived.by(() =>
    this.models[0]?.features === undefined ? this.draft.images : this.draft.rows,
  );
  readonly request = $derived.by(() => requestOf(this.draft, this.known));
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- it is replaced whole, never changed
  readonly chosenClasses = $derived.by(() => new Set(this.named.classes));
  readonly isNumberedAlike = $derived.by(() =>
    this.models.every(({ labels }) => labels.join('\n') === this.labels.join('\n')),
  );

  constructor(source: Source, location: Location, say: (words: string) => void) {
    this.#source = source;
    this.#location = location;
    this.#say = say;
  }

  get pipeline(): Check['pipeline'] {
    return this.draft.models.length > 0 ? this.#check?.pipeline : undefined;
  }

  /** The last one: that of the draft unless `isStale`. */
  get estimate(): Estimate | undefined {
    return this.#estimate?.work ? this.#estimate : undefined;
  }

  /** Whether the draft has changed since it was estimated. */
  get isStale(): boolean {
    return this.#estimated !== this.request;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  /** What is wrong, each once. */
  get problems(): readonly Problem[] {
    const ofClasses = this.named.problems.map((message) => ({ field: 'classes', message }));
    const found = [...(this.#check?.problems ?? []), ...ofClasses];
    const read = (this.isStale ? undefined : this.#estimate?.problems) ?? [];
    return [...found, ...read.filter(({ field }) => !found.some((each) => each.field === field))];
  }

  /** Why nothing can be started here, in one sentence. */
  get readOnly(): string | undefined {
    return this.#source.studio?.workspace.readOnly;
  }

  get canStart(): boolean {
    if (this.readOnly !== undefined) return false;
    return this.models.length > 0 && this.problems.length === 0 && !this.starting;
  }

  /** What is wrong with a key of the request, or with what lies below it. */
  problemsOf(field: string): readonly string[] {
    return this.problems
      .filter((problem) => problem.field === field || problem.field.startsWith(`${field}.`))
      .map(({ message }) => message);
  }

  /** Reads what was remembered of this workspace, once. */
  recall(): void {
    const path = this.#source.studio?.workspace.path;
    if (path === undefined || this.#remembered === path) return;
    this.#remembered = path;
    try {
      this.draft = draftOf(JSON.parse(localStorage.getItem(keyOf(path)) ?? 'null'));
    } catch {
      this.draft = empty;
    }
    if (this.draft.models.length === 0 && this.known.length === 1)
      this.change({ models: [this.known[0].id] });
  }

  change(part: Partial<Draft>): void {
    this.draft = { ...this.draft, ...part };
    if (this.#remembered) localStorage.setItem(keyOf(this.#remembered), JSON.stringify(this.draft));
  }

  clear(): void {
    this.change(empty);
    this.#say('Everything is as at the start');
  }

  toggleModel(id: number): void {
    const { models } = this.draft;
    const without = models.filter((each) => each !== id);
    this.change({ models: without.length < models.length ? without : [...models, id] });
  }

  /** Chooses exactly these classes. */
  chooseClasses(classes: readonly number[]): void {
    const text = this.isNumberedAlike
      ? formatIndexes(classes, this.labels)
      : formatNames(classes, this.labels);
    // What the service will say of this text is known.
    this.#name(text, { classes: [...classes], problems: [] });
    this.change({ classes: text });
  }

  async toggleClass(index: number): Promise<void> {
    await this.understand();
    const { classes, problems } = this.named;
    const without = classes.filter((each) => each !== index);
    if (without.length < classes.length) return this.chooseClasses(without);
    // What is not understood yet is not thrown away.
    if (problems.length === 0) return this.chooseClasses([...classes, index]);
    const text = `${this.draft.classes}\n${index}`;
    this.#name(text, { classes: [...classes, index], problems });
    this.change({ classes: text });
  }

  /** Reads what was typed last, for what builds on it: the service may not have been asked of it yet. */
  async understand(): Promise<void> {
    const { labels, draft } = this;
    const text = draft.classes;
    if (text === this.#namedOf?.text && labels === this.#namedOf.labels) return;
    const found = { labels: [...labels], text };
    const named = await this.#source.call('classes.find', found).catch(() => undefined);
    if (named && text === this.draft.classes && labels === this.labels) this.#name(text, named);
  }

  #name(text: string, named: NamedClasses): void {
    const { labels } = this;
    this.#namedOf = { text, labels };
    this.named = labels.length > 0 ? named : { classes: [], problems: [] };
  }

  /** Puts together an audit like one of the workspace. */
  async startFrom(auditId: number): Promise<void> {
    try {
      this.method ??= await this.#source.call('method.get', {});
      const request = await this.#source.call('audit.configuration', { auditId });
      this.change(draftLike(request, this.known, this.method));
      this.#say('Everything is as in that audit');
    } catch (error) {
      this.#failure = (error as Error).message;
    }
  }

  /** Adds a model file to the library, and chooses it. @returns why it cannot be used */
  async addModel(path: string): Promise<string | undefined> {
    try {
      const { problem } = await this.#source.call('model.inspect', { path });
      if (problem !== undefined) return problem;
      const { modelId } = await this.#source.call('model.add', { path });
      if (!this.draft.models.includes(modelId)) this.toggleModel(modelId);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Asks the service about the draft: soon what is wrong with it, a little later what it would cost. */
  follow(): () => void {
    const asked = ++this.#asked;
    const isNew = (): boolean => asked === this.#asked;
    this.#timer = setTimeout(() => void this.#inquire(isNew), CHECK_MS);
    return () => clearTimeout(this.#timer);
  }

  async #inquire(isNew: () => boolean): Promise<void> {
    const { request, labels } = this;
    await this.#ask(request, labels, isNew);
    if (!isNew()) return;
    this.#timer = setTimeout(() => void this.#reckon(request, isNew), ESTIMATE_MS);
  }

  /** Reads how many photographs the first model's classes have. */
  async count(): Promise<void> {
    const images = this.natural;
    const [model] = this.models;
    this.photographs = undefined;
    if (images === '' || !model) return;
    const set = this.#source.studio?.imageSets.find(({ path }) => path === images);
    const isNew = (): boolean => images === this.natural && model === this.models[0];
    try {
      const classes = set
        ? (await this.#source.call('imageSet.get', { imageSetId: set.id })).find(
            ({ modelId }) => modelId === model.id,
          )?.classes
        : (await this.#source.call('imageSet.inspect', { path: images, model: model.request }))
            .classes;
      // eslint-disable-next-line svelte/prefer-svelte-reactivity -- as above
      if (isNew() && classes) this.photographs = new Map(classes.map((one) => [one.index, one]));
    } catch {
      // The estimate says what is wrong with the folder.
    }
  }

  async stopEstimate(): Promise<void> {
    this.#asked++;
    clearTimeout(this.#timer);
    this.estimating = 'stopped';
    await this.#source.call('estimate.stop', {}).catch(() => undefined);
  }

  estimateAgain(): void {
    const asked = ++this.#asked;
    void this.#reckon(this.request, () => asked === this.#asked);
  }

  /** Starts it, goes on with it, or opens it where it is finished. */
  async start(): Promise<void> {
    if (!this.canStart) return;
    const known = this.isStale ? undefined : this.#estimate?.known;
    if (known?.state === 'finished') return this.#open(known.auditId);
    this.starting = true;
    this.#failure = undefined;
    try {
      const { auditId } = await this.#source.call('audit.create', this.request as AuditRequest);
      this.#say(known ? 'The audit goes on' : 'The audit is queued');
      this.#open(auditId);
    } catch (error) {
      await this.#explain((error as Error).message);
    } finally {
      this.starting = false;
    }
  }

  /** Puts a failure beside the field that it is about, where the service can tell which that is. */
  async #explain(message: string): Promise<void> {
    await this.#ask(this.request, this.labels, () => true);
    await this.#reckon(this.request, () => true);
    const isSaid = this.problems.some((problem) => message.endsWith(problem.message));
    if (!isSaid) this.#failure = message;
  }

  #open(auditId: number): void {
    this.#location.go({ view: 'gallery', auditId, sights: [], options: {} });
  }

  async #ask(
    request: Record<string, unknown>,
    labels: readonly string[],
    isNew: () => boolean,
  ): Promise<void> {
    const text = this.draft.classes;
    try {
      this.method ??= await this.#source.call('method.get', {});
      const [check, named] = await Promise.all([
        this.#source.call('audit.check', request),
        this.#source.call('classes.find', { labels: [...labels], text }),
      ]);
      if (!isNew()) return;
      this.#check = check;
      this.#name(text, named);
    } catch (error) {
      if (isNew()) this.#failure = (error as Error).message;
    }
  }

  async #reckon(request: Record<string, unknown>, isNew: () => boolean): Promise<void> {
    this.#failure = undefined;
    const isReady = this.models.length > 0 && (this.#check?.problems.length ?? 1) === 0;
    this.estimating = isReady ? 'waiting' : 'idle';
    if (!isReady) return;
    try {
      const found = await this.#source.call('audit.estimate', request as AuditRequest);
      if (isNew()) [this.#estimate, this.#estimated] = [found, request];
    } catch (error) {
      if (isNew()) this.#failure = (error as Error).message;
    } finally {
      if (isNew()) this.estimating = 'idle';
    }
  }
}

const keyOf = (path: string): string => `eidoscope.new-audit ${path}`;
