import { SvelteMap } from 'svelte/reactivity';
import type { JobDetail, Point } from '../../src-main/api/job.ts';
import type { Call, Input } from '../../src-main/api/contract.ts';
import type { Job } from '../../src-main/api/studio.ts';
import type { Source } from '../shell/source.ts';
import { inOrder, isOpen } from './words.ts';

/** Milliseconds between two looks at the curves, which the service keeps. */
const LOOK_MS = 1000;

type JobCall = Extract<Call, `job.${string}`>;

/** The queue as the reviewer works with it, and the job under way as the view shows it. */
export class JobsState {
  readonly #source: Source;
  readonly #say: (words: string) => void;
  /** All of the job under way, curves included; kept up to date while it is watched. */
  detail = $state.raw<JobDetail>();
  /** The latest step of each prototype in the making. */
  readonly steps = new SvelteMap<number, Point>();
  /** Job that the keys act on. */
  chosenId = $state<number>();
  /** Prototype whose curves are shown; the first one unless another was chosen. */
  shownId = $state<number>();
  /** Job that a person is asked about before it is cancelled. */
  asking = $state.raw<Job>();
  /** Why something could not be done, in one sentence, until something else is tried. */
  failure = $state<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(source: Source, say: (words: string) => void) {
    this.#source = source;
    this.#say = say;
  }

  get all(): readonly Job[] {
    return inOrder(this.#source.studio?.jobs ?? []);
  }

  get running(): Job | undefined {
    return this.all.find(({ state }) => state === 'running');
  }

  get chosen(): Job | undefined {
    return this.all.find(({ id }) => id === this.chosenId) ?? this.all[0];
  }

  get shown() {
    const making = this.detail?.making ?? [];
    return making.find(({ tile }) => tile.runId === this.shownId) ?? making[0];
  }

  /** Keeps what is shown of the job under way up to date. @returns stops it */
  watch(): () => void {
    const source = this.#source;
    const look = (): void => void this.#look();
    const ends = [
      source.on('step', ({ runId, ...point }) => {
        this.steps.set(runId, point);
        this.#timer ??= setTimeout(look, LOOK_MS);
      }),
      source.on('prototype.begun', look),
      source.on('prototype.finished', ({ tile }) => void this.steps.delete(tile.runId)),
      source.on('service', ({ state }) => state === 'ready' && look()),
    ];
    look();
    return () => {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      for (const end of ends) end();
    };
  }

  choose(by: 1 | -1): void {
    const at = this.all.findIndex(({ id }) => id === this.chosen?.id);
    const next = this.all[at + by];
    if (next) this.chosenId = next.id;
  }

  /** Does something to a job, and says so, or why it could not be done. */
  async act<C extends JobCall>(call: C, input: Input<C>, done: string): Promise<void> {
    this.failure = undefined;
    try {
      await this.#source.call(call, input);
      this.#say(done);
    } catch (error) {
      this.failure = (error as Error).message;
    }
  }

  pauseOrResume({ id: jobId, name, state }: Job): void {
    if (state === 'paused') void this.act('job.resume', { jobId }, `${name} goes on`);
    else if (state === 'running' || state === 'queued')
      void this.act('job.pause', { jobId }, `${name} is paused`);
  }

  cancel({ id: jobId, name }: Job): void {
    this.asking = undefined;
    void this.act('job.cancel', { jobId }, `${name} is cancelled`);
  }

  retry({ id: jobId, name }: Job): void {
    void this.act('job.retry', { jobId }, `${name} is queued again`);
  }

  move({ id: jobId, name }: Job, by: -1 | 1): void {
    this.chosenId = jobId;
    void this.act('job.move', { jobId, by }, `${name} moved ${by < 0 ? 'up' : 'down'}`);
  }

  drop({ id: jobId, name }: Job): void {
    void this.act('job.drop', { jobId }, `${name} taken off the list`);
  }

  dropEnded(): void {
    for (const job of this.all) if (!isOpen(job)) this.drop(job);
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const jobId = this.running?.id;
    const detail =
      jobId === undefined
        ? undefined
        : await this.#source.call('job.get', { jobId }).catch(() => undefined);
    const underWay = detail?.making.map(({ tile }) => tile.runId) ?? [];
    for (const runId of this.steps.keys()) if (!underWay.includes(runId)) this.steps.delete(runId);
    this.detail = detail;
  }
}
