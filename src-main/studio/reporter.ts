import type { EventOf } from '../api/contract.ts';
import type { AuditContext } from '../audit/conduct.ts';
import type { RunEvent } from '../audit/generation.ts';
import type { JobRecord } from '../store/jobs.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Announce } from './announce.ts';
import { tileAnswer } from './answers/audit.ts';
import { figure } from './answers/figure.ts';
import { Pace } from './pace.ts';
import { Throttle } from './throttle.ts';

/** Milliseconds between two events of a kind: as often as a person sees. */
const PROGRESS_MS = 250;
const STEP_MS = 100;

/** Tells the pages how a job goes. */
export class Reporter {
  readonly #job: JobRecord;
  readonly #workspace: Workspace;
  readonly #announce: Announce;
  readonly #pace = new Pace();
  readonly #progress: Throttle<EventOf<'job.progress'>>;
  readonly #steps: Throttle<EventOf<'step'>>;
  #image: EventOf<'job.progress'>['image'];

  constructor(job: JobRecord, workspace: Workspace, announce: Announce) {
    this.#job = job;
    this.#workspace = workspace;
    this.#announce = announce;
    this.#progress = new Throttle(PROGRESS_MS, (value) => announce('job.progress', value));
    this.#steps = new Throttle(STEP_MS, (value) => announce('step', value));
  }

  readonly hooks: Pick<AuditContext, 'onProgress' | 'onNote' | 'onRun'> = {
    onProgress: ({ done, total, label }) => {
      const remainingSeconds = this.#pace.remaining(done, total);
      const { id: jobId, auditId } = this.#job;
      const how = { jobId, auditId, done, total, remainingSeconds, label };
      this.#progress.push({ ...how, image: this.#image });
    },
    onNote: (text) => this.#announce('note', { auditId: this.#job.auditId, text }),
    onRun: (event) => this.#run(event),
  };

  /** The last figures of what is thinned out. */
  end(): void {
    this.#progress.flush();
    this.#steps.flush();
  }

  #run(event: RunEvent): void {
    const { auditId, id } = this.#job;
    if (event.type === 'step') {
      const { runId, stage, step, logit, losses } = event;
      const { variance, highFrequency } = losses;
      const checked = { variance: figure(variance), highFrequency: figure(highFrequency) };
      this.#steps.push({ auditId, runId, stage, step, logit: figure(logit), losses: checked });
    } else if (event.type === 'snapshot') {
      this.#image = { runId: event.runId, imageHash: event.imageHash };
    } else {
      this.#workspace.jobs.progressed(id);
      const tile = tileAnswer(this.#workspace, event.runId);
      this.#announce('prototype.finished', { auditId, tile });
    }
  }
}
