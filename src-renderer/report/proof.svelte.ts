import { composeTask, type Composed } from '../../src-main/api/report.ts';
import type { Source } from '../shell/source.ts';

/** The report of one audit as it would be written now, to be looked at before it is. */
export class Proof {
  readonly #source: Source;
  readonly auditId: number;
  composed = $state.raw<Composed>();
  progress = $state.raw<{ readonly done: number; readonly total: number }>();
  busy = $state(false);
  failure = $state<string>();
  /** Whether it was asked for since the view was opened. */
  asked = $state(false);
  #stopped = false;

  constructor(source: Source, auditId: number) {
    this.#source = source;
    this.auditId = auditId;
  }

  /** @param now name of the report that would be written now, as far as it is known */
  isStale(now: string | undefined): boolean {
    return now !== undefined && this.composed !== undefined && this.composed.folder !== now;
  }

  async compose(): Promise<void> {
    if (this.busy) return;
    Object.assign(this, { asked: true, busy: true, failure: undefined, progress: undefined });
    this.#stopped = false;
    const task = composeTask(this.auditId);
    const end = this.#source.on('library.progress', (told) => {
      if (told.task === task) this.progress = told;
    });
    try {
      this.composed = await this.#source.call('report.compose', { auditId: this.auditId });
    } catch (error) {
      if (!this.#stopped) this.failure = (error as Error).message;
    }
    end();
    this.busy = false;
  }

  /** What was composed before stays. */
  stop(): void {
    this.#stopped = true;
    const task = composeTask(this.auditId);
    this.#source.call('library.stop', { task }).catch(() => undefined);
  }
}
