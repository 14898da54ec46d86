import type { Audit } from '../src-main/api/audit.ts';
import { readAudit, readStudio, type Studio } from './service.ts';

/** How long after an answer the page asks again while an audit is running, in milliseconds. */
const REFRESH = 3000;

/** What the page knows of its workspace. The address names the audit, so that a view is a link. */
export class StudioState {
  studio = $state.raw<Studio>();
  audit = $state.raw<Audit>();
  failure = $state<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Asks for everything, and again as long as something is being made. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const studio = await readStudio();
      const id = chosenAudit() ?? studio.audits[0]?.id;
      this.audit = id === undefined ? undefined : await readAudit(id);
      this.studio = studio;
      this.failure = undefined;
    } catch (error) {
      this.failure = (error as Error).message;
    }
    if (this.isBusy) this.#timer = setTimeout(() => void this.refresh(), REFRESH);
  }

  get isBusy(): boolean {
    const progress = this.audit?.summary.progress;
    return progress !== undefined && progress.queued + progress.running > 0;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** The audit that the address names, as in `#audit=3`. */
function chosenAudit(): number | undefined {
  const found = /^#audit=(\d{1,9})$/.exec(location.hash);
  return found ? Number(found[1]) : undefined;
}
