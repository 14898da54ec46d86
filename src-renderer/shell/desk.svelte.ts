import { wordsOf } from '../../src-main/api/medium.ts';
import type { Exemplar, Prototype } from '../../src-main/api/prototype.ts';
import type { Similarity } from '../../src-main/api/similarity.ts';
import { NewAuditState } from '../audit/new-audit.svelte.ts';
import { Reference } from '../compare/reference.svelte.ts';
import { CompareState } from '../compare/compare.svelte.ts';
import { GalleryState } from '../gallery/gallery.svelte.ts';
import { JobsState } from '../jobs/jobs.svelte.ts';
import { LibraryState } from '../library/library.svelte.ts';
import { LoupeState } from '../loupe/loupe.svelte.ts';
import type { Term } from '../glossary/glossary.ts';
import { stepFrom } from '../loupe/steps.ts';
import { Blind } from '../review/blind.svelte.ts';
import { nextWhere } from '../review/queue.ts';
import { ReviewState, type Subject } from '../review/review.svelte.ts';
import { ViewsState } from '../review/views.svelte.ts';
import { formatSight, showsWorkspace, type Sight, type View } from './address.ts';
import { Answers } from './answers.svelte.ts';
import { Location } from './location.svelte.ts';
import { MachineState } from '../settings/machine.svelte.ts';
import { desktop } from '../service.ts';
import { Settings } from './settings.svelte.ts';
import type { Source } from './source.ts';
import { Tour } from './tour.svelte.ts';

export type Overlay = 'palette' | 'shortcuts' | 'help' | 'about';

/** By which natural images of a class are asked for. */
export const classKey = ({
  modelId,
  classIndex,
}: {
  modelId: number;
  classIndex: number;
}): string => `${modelId}.${classIndex}`;

/** What lies before the reviewer: where they are, what is open, and each view's state. */
export class Desk {
  readonly source: Source;
  readonly location = new Location();
  readonly settings = new Settings();
  readonly prototypes: Answers<Prototype>;
  readonly similarities: Answers<Similarity>;
  /** Natural images of a class, by `classKey`. */
  readonly exemplars: Answers<Exemplar[], string>;
  /** The most typical one of a class alone. */
  readonly typical: Answers<Exemplar[], string>;
  readonly blind: Blind;
  readonly library: LibraryState;
  readonly gallery: GalleryState;
  readonly loupe: LoupeState;
  readonly compare: CompareState;
  readonly jobs: JobsState;
  readonly newAudit: NewAuditState;
  readonly review: ReviewState;
  readonly views: ViewsState;
  readonly machine: MachineState;
  readonly tour: Tour;
  overlay = $state<Overlay>();
  /** What help is opened at. */
  explained = $state<Term>();
  readonly #reference = new Reference();
  /** What was done, in a few words, for eyes and screen readers. */
  said = $state('');

  constructor(source: Source) {
    this.source = source;
    this.prototypes = new Answers((runId) => source.call('prototype.get', { runId }));
    this.similarities = new Answers((auditId) => source.call('similarity.get', { auditId }));
    this.exemplars = new Answers((key) => this.#exemplarsOf(key));
    this.typical = new Answers((key) => this.#exemplarsOf(key, 1));
    this.blind = new Blind(source);
    this.gallery = new GalleryState(source, this.location, this.blind);
    this.loupe = new LoupeState(this.location, this.gallery, this.prototypes);
    this.jobs = new JobsState(source, (words) => this.say(words));
    this.library = new LibraryState(source, (words) => this.say(words));
    this.compare = new CompareState(this.location);
    this.newAudit = new NewAuditState(source, this.location, (words) => this.say(words));
    this.review = new ReviewState(source, (words) => this.say(words));
    this.views = new ViewsState(source, (words) => this.say(words));
    this.machine = new MachineState(source, desktop, (words) => this.say(words));
    this.tour = new Tour(this);
  }

  async #exemplarsOf(key: string, most = 8): Promise<Exemplar[]> {
    const [modelId, classIndex] = key.split('.').map(Number);
    const auditId = this.source.audit?.summary.id;
    if (auditId === undefined) return [];
    return this.source.call('exemplars.get', { auditId, modelId, classIndex, most });
  }

  get view() {
    return this.location.place.view;
  }

  /** Without an audit there is nothing to see but what the workspace holds. */
  get shown(): View {
    const hasNone = this.source.studio?.audits.length === 0 && !this.source.audit;
    return hasNone && !showsWorkspace(this.view) ? 'library' : this.view;
  }

  /** For controls that would write: they are disabled where the workspace is read-only, and say why. */
  get writing(): { readonly disabled?: true; readonly title?: string } {
    const title = this.source.studio?.workspace.readOnly;
    return title === undefined ? {} : { disabled: true, title };
  }

  previewOf(runId: number): string | undefined {
    return this.source.previewOf(runId);
  }

  /** The service is there again. */
  retry(): void {
    for (const answers of [this.prototypes, this.similarities, this.exemplars, this.typical])
      answers.retry();
  }

  /** Opens help, at a term if one is named. */
  explain(term?: Term): void {
    this.explained = term;
    this.overlay = 'help';
  }

  say(words: string): void {
    this.said = words;
  }

  openGallery(): void {
    if (this.view !== 'gallery') this.location.go({ view: 'gallery', sights: [] });
  }

  openLoupe(runId: number | undefined): void {
    if (runId === undefined) return;
    this.gallery.choose(runId);
    const { view } = this.location.place;
    this.location.go({
      view: 'loupe',
      sights: [{ runId }],
      ...(view !== 'gallery' && { options: {} }),
    });
  }

  /** A view that shows no picture in particular. */
  openView(view: View): void {
    this.location.go({ view, sights: [], options: {} });
  }

  openSimilarity(): void {
    this.location.go({ view: 'similarity', sights: [], options: {} });
  }

  /** Two to four pictures: the reference, and what is selected or looked at. */
  openCompare(sights = this.toCompare): void {
    if (sights.length > 0) this.location.go({ view: 'compare', sights, options: {} });
  }

  /** What the views' keys act on. */
  get current(): Sight | undefined {
    if (this.view === 'loupe') return this.loupe.sight;
    if (this.view === 'compare') return this.compare.sight;
    if (this.view !== 'gallery') return undefined;
    const primary = this.gallery.primary;
    return primary && { runId: primary.runId };
  }

  /** What a mark is for: what is selected in the gallery, what is compared together, or what is looked at. */
  get toMark(): Subject[] {
    const { selected } = this.gallery;
    if (this.view === 'gallery' && selected.length > 0) return selected.map((run) => [`${run}`]);
    if (this.view === 'compare') return this.compare.subject ? [this.compare.subject] : [];
    return this.current ? [[`${this.current.runId}`]] : [];
  }

  /** To the next prototype that is finished and that nobody has looked at, row by row. */
  toUnreviewed(step: 1 | -1): void {
    const tiles = this.gallery.rows.flatMap((row) =>
      row.tiles.filter((tile) => tile !== undefined),
    );
    const from = tiles.findIndex(({ runId }) => runId === this.current?.runId);
    const next = nextWhere(
      tiles,
      from,
      step,
      ({ runId }) =>
        this.gallery.toReview.has(runId) && this.review.markOf([`${runId}`]).state === 'unreviewed',
    );
    if (!next) this.say('Everything shown here is reviewed');
    else if (this.view === 'loupe') this.loupe.show({ runId: next.runId });
    else if (this.view === 'gallery') this.gallery.look(next.runId);
    else this.openLoupe(next.runId);
  }

  get toCompare(): Sight[] {
    const { primary, selected } = this.gallery;
    const chosen =
      this.view === 'gallery' && selected.length > 0
        ? selected.map((runId) => ({ runId }))
        : [this.current ?? (primary && { runId: primary.runId })];
    const all = [this.reference, ...chosen].filter((sight) => sight !== undefined);
    const names = all.map(formatSight);
    return all.filter((sight, place) => names.indexOf(formatSight(sight)) === place).slice(0, 4);
  }

  /** Moves the active picture of the comparison through the steps of its making. */
  async scrub(by: number): Promise<void> {
    const next = await this.#stepOf(by);
    if (next) this.compare.showStep(next);
  }

  /** A step beside the one that the comparison's active picture shows. */
  async #stepOf(by: number): Promise<Sight | undefined> {
    const runId = this.compare.sight?.runId;
    const prototype = runId === undefined ? undefined : await this.prototypes.whenKnown(runId);
    // Another key may have come meanwhile.
    const { sight } = this.compare;
    if (!prototype || sight?.runId === undefined || sight.runId !== runId) return undefined;
    return stepFrom(prototype, sight, by);
  }

  /** What everything else is compared with. */
  get reference(): Sight | undefined {
    return this.#reference.of(this.source.audit?.summary.id);
  }

  /** The model and the class that a picture is of; nothing while a blind review hides them. */
  classOf(sight: Sight | undefined): { modelId: number; classIndex: number } | undefined {
    if (!sight || this.blind.hides(formatSight(sight))) return undefined;
    return sight.exemplar ?? this.gallery.byRun.get(sight.runId);
  }

  /** Sets the most typical natural image of what is looked at beside it, and then the next ones. */
  async addExemplar(): Promise<void> {
    const of = this.classOf(this.current);
    if (!of) return;
    const { modelId, classIndex } = of;
    const known = (await this.exemplars.whenKnown(classKey(of))) ?? [];
    // Who looks at something else meanwhile is left there.
    const now = this.view === 'gallery' ? undefined : this.classOf(this.current);
    if (!now || classKey(now) !== classKey(of)) return;
    const sights = known.map(({ place }): Sight => ({ exemplar: { modelId, classIndex, place } }));
    const shown = this.compare.sights.map(formatSight);
    const next = sights.find((sight) => !shown.includes(formatSight(sight)));
    if (!next) this.say(`There is no other ${this.#naturalOf(modelId)} of this class`);
    else if (this.view !== 'compare') this.openCompare([this.current!, next]);
    else if (!this.compare.add(next)) this.say('Four pictures are compared already');
  }

  #naturalOf(modelId: number): string {
    return wordsOf(this.source.audit?.models.find(({ id }) => id === modelId) ?? {}).naturalOne;
  }

  /** Sets the step before the active picture of the comparison beside it. */
  async addStep(): Promise<void> {
    if (this.compare.sight?.runId === undefined) return;
    const earlier = await this.#stepOf(-1);
    if (!earlier) this.say('There is no earlier step');
    else if (!this.compare.add(earlier)) this.say('Four pictures are compared already');
  }

  isPinned(sight: Sight | undefined): boolean {
    if (!sight || !this.reference) return false;
    return formatSight(sight) === formatSight(this.reference);
  }

  pin(): void {
    const sight = this.current;
    if (!sight) return;
    const same = this.isPinned(sight);
    this.#reference.pin(this.source.audit?.summary.id ?? 0, same ? undefined : sight);
    this.say(same ? 'No reference any more' : 'Pinned as the reference');
  }

  async copy(text: string, what: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.say(`${what} copied`);
    } catch {
      this.say(
        `${what} could not be copied: the browser does not let the page write the clipboard`,
      );
    }
  }

  async copyImage(address: string): Promise<void> {
    try {
      const answer = await fetch(address);
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': await answer.blob() })]);
      this.say('Image copied');
    } catch {
      this.say(
        'The image could not be copied: the browser does not let the page write the clipboard',
      );
    }
  }
}
