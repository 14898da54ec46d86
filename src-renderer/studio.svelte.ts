import { untrack } from 'svelte';
import type { Audit, Tile } from '../src-main/api/audit.ts';
import type { StudioClient } from '../src-main/api/client.ts';
import type { Call, EventName, EventOf, Input, Output } from '../src-main/api/contract.ts';
import type { Mark, Review, SavedView, Scope } from '../src-main/api/review.ts';
import { subjectKey } from '../src-main/api/sight.ts';
import type { Studio } from '../src-main/api/studio.ts';
import { ServiceError } from '../src-main/api/wire.ts';
import { openClient } from './service.ts';

/** How long finished prototypes are gathered before the page shows them, in milliseconds. */
const GATHER = 100;

/** Notes that are kept. */
const MOST_NOTES = 100;

/**
 * What the page knows of its workspace: asked for once, then kept up to date by events; after a lost connection it is
 * asked for again.
 */
export class StudioState {
  readonly client: StudioClient;
  studio = $state.raw<Studio>();
  audit = $state.raw<Audit>();
  /** What is written down, by the key of its pictures; all else is unreviewed. */
  reviews = $state.raw<Readonly<Record<string, Review>>>({});
  /** The marks alone. The key of a prototype is its run's id. */
  readonly marks = $derived.by((): Readonly<Record<string, Mark>> =>
    Object.fromEntries(Object.entries(this.reviews).map(([key, { mark }]) => [key, mark])),
  );
  /** What the audit's review is about. */
  scope = $state.raw<Scope>({ title: '', question: '', reviewer: '', blind: false });
  /** Views of the audit's gallery that have a name. */
  views = $state.raw<readonly SavedView[]>([]);
  /** How the job under way stands. */
  progress = $state.raw<EventOf<'job.progress'>>();
  service = $state.raw<EventOf<'service'>>({ state: 'starting' });
  notes = $state.raw<readonly EventOf<'note'>[]>([]);
  failure = $state<string>();
  #wanted: number | undefined;
  #finished: Tile[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: StudioClient = openClient()) {
    this.client = client;
  }

  /** Follows the service. @returns stops it */
  connect(): () => void {
    const { client } = this;
    const ends = [
      client.on('service', (service) => this.#follow(service)),
      client.on('studio.changed', () => void this.#ask(() => this.#renewStudio())),
      client.on('audit.changed', ({ auditId }) => this.#changed(auditId)),
      client.on('prototype.begun', ({ auditId, tile }) => this.#gather(auditId, tile)),
      client.on('prototype.finished', ({ auditId, tile }) => this.#gather(auditId, tile)),
      client.on('review.changed', ({ auditId, review }) => this.#mark(auditId, review)),
      client.on('scope.changed', ({ auditId, scope }) => {
        if (auditId === this.audit?.summary.id) this.scope = scope;
      }),
      client.on('views.changed', ({ auditId, views }) => {
        if (auditId === this.audit?.summary.id) this.views = views;
      }),
      client.on('job.progress', (progress) => (this.progress = progress)),
      client.on('note', (note) => (this.notes = [...this.notes, note].slice(-MOST_NOTES))),
    ];
    if (client.service.state === 'ready') this.#follow(client.service);
    return () => {
      clearTimeout(this.#timer);
      for (const end of ends) end();
      client.close();
    };
  }

  /** Shows an audit: the newest one where none is named. */
  open(auditId: number | undefined): void {
    this.#wanted = auditId;
    if (this.client.service.state === 'ready')
      untrack(() => void this.#ask(() => this.#readAudit()));
  }

  /** Hears an event. @returns stops it */
  on<E extends EventName>(event: E, listener: (value: EventOf<E>) => void): () => void {
    return this.client.on(event, listener);
  }

  /** @throws ServiceError with a code and one sentence */
  call<C extends Call>(call: C, input: Input<C>): Promise<Output<C>> {
    return this.client.call(call, input);
  }

  /** Hash of the latest look at a prototype in the making. */
  previewOf(runId: number): string | undefined {
    return this.progress?.looks.find((look) => look.runId === runId)?.imageHash;
  }

  /** The first audit of a workspace is shown as soon as it is there; one that was removed is shown no more. */
  async #renewStudio(): Promise<void> {
    await this.#readStudio();
    const shown = this.audit?.summary.id;
    if (this.studio?.audits.some(({ id }) => id === shown)) return;
    if (this.#wanted === shown) this.#wanted = undefined;
    await this.#readAudit();
  }

  async #readStudio(): Promise<void> {
    this.studio = await this.call('studio.get', {});
    const jobId = this.studio.jobs.find(({ state }) => state === 'running')?.id;
    if (jobId === undefined) this.progress = undefined;
    else this.progress ??= (await this.call('job.get', { jobId })).progress;
  }

  async #readAudit(): Promise<void> {
    const auditId = this.#wanted ?? this.studio?.audits[0]?.id;
    if (auditId === undefined) {
      this.audit = undefined;
      return;
    }
    const [audit, reviews, scope, views] = await Promise.all([
      this.call('audit.get', { auditId }),
      this.call('review.list', { auditId }),
      this.call('scope.get', { auditId }),
      this.call('view.list', { auditId }),
    ]);
    // Another one may have been wanted meanwhile.
    if (auditId !== (this.#wanted ?? auditId)) return;
    this.audit = audit;
    this.scope = scope;
    this.views = views;
    this.reviews = Object.fromEntries(reviews.map((review) => [subjectKey(review.sights), review]));
  }

  /** A service that is down says so by itself. */
  async #ask(what: () => Promise<void>): Promise<void> {
    try {
      await what();
      this.failure = undefined;
    } catch (error) {
      const isDown = error instanceof ServiceError && error.code === 'service-down';
      if (!isDown) this.failure = (error as Error).message;
    }
  }

  #follow(service: EventOf<'service'>): void {
    this.service = service;
    if (service.state === 'down') this.failure = service.message;
    if (service.state !== 'ready') return;
    void this.#ask(async () => {
      await this.#readStudio();
      await this.#readAudit();
    });
  }

  #changed(auditId: number): void {
    if (auditId === this.audit?.summary.id) void this.#ask(() => this.#readAudit());
  }

  #mark(auditId: number, review: Review): void {
    if (auditId !== this.audit?.summary.id) return;
    this.reviews = { ...this.reviews, [subjectKey(review.sights)]: review };
  }

  #gather(auditId: number, tile: Tile): void {
    if (auditId !== this.audit?.summary.id) return;
    this.#finished.push(tile);
    this.#timer ??= setTimeout(() => this.#show(), GATHER);
  }

  #show(): void {
    this.#timer = undefined;
    const finished = Object.fromEntries(this.#finished.map((tile) => [tile.runId, tile]));
    this.#finished = [];
    if (!this.audit) return;
    const tiles = this.audit.tiles.map((tile) => finished[tile.runId] ?? tile);
    const summary = { ...this.audit.summary, progress: countsOf(tiles) };
    this.audit = { ...this.audit, tiles, summary };
  }
}

function countsOf(tiles: readonly Tile[]): Audit['summary']['progress'] {
  const counts = { queued: 0, running: 0, finished: 0, failed: 0, cancelled: 0 };
  for (const { state } of tiles) counts[state]++;
  return counts;
}
