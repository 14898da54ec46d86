import type { EventOf } from '../api/contract.ts';
import type { JobProgress, Making } from '../api/job.ts';
import type { AuditContext } from '../audit/conduct.ts';
import type { RunEvent } from '../audit/generation.ts';
import type { AuditProgress } from '../audit/workload.ts';
import type { JobRecord } from '../store/jobs.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Announce } from './announce.ts';
import { tileAnswer } from './answers/audit.ts';
import { figure } from '../report/figure.ts';
import { Pace, Remaining } from './pace.ts';
import { Throttle } from './throttle.ts';
import { Workbench } from './workbench.ts';

/** Milliseconds between two events of a kind: as often as a person sees. */
const PROGRESS_MS = 250;
const STEP_MS = 100;

/** Over which steps are counted, in milliseconds. */
const STEPS_MEMORY_MS = 10_000;

/** Tells the pages how a job goes, and remembers it for pages that come later. */
export class Reporter {
  readonly #job: JobRecord;
  readonly #workspace: Workspace;
  readonly #announce: Announce;
  readonly #bench: Workbench;
  readonly #remaining = new Remaining();
  readonly #stepPace = new Pace();
  readonly #progress: Throttle<JobProgress>;
  /** Each prototype's own: those of a batch take their steps at the same time. */
  readonly #steps = new Map<number, Throttle<EventOf<'step'>>>();
  #stepsTaken = 0;
  #latest: JobProgress | undefined;

  constructor(job: JobRecord, workspace: Workspace, announce: Announce) {
    this.#job = job;
    this.#workspace = workspace;
    this.#announce = announce;
    this.#bench = new Workbench(workspace);
    this.#progress = new Throttle(PROGRESS_MS, (value) => announce('job.progress', value));
  }

  readonly hooks: Pick<AuditContext, 'onProgress' | 'onNote' | 'onRun' | 'onScores'> = {
    onProgress: (progress) => this.#tell(progress),
    onNote: (text) => {
      this.#workspace.jobs.addNote(this.#job.id, text);
      this.#announce('note', { auditId: this.#job.auditId, text });
    },
    onRun: (event) => this.#run(event),
    onScores: () => this.#announce('audit.changed', { auditId: this.#job.auditId }),
  };

  /** How it goes now; absent before that is known. */
  get progress(): JobProgress | undefined {
    return this.#latest && { ...this.#latest, looks: this.#bench.looks };
  }

  get making(): Making[] {
    return this.#bench.making;
  }

  /** The last figures of what is thinned out. */
  end(): void {
    this.#progress.flush();
    for (const steps of this.#steps.values()) steps.flush();
  }

  #tell({ done, total, before, phase, label, measured }: AuditProgress): void {
    const { id: jobId, auditId } = this.#job;
    const remainingSeconds = this.#remaining.seconds(done, total, `${phase} ${measured?.what}`);
    this.#stepPace.read(this.#stepsTaken, STEPS_MEMORY_MS);
    const stepsPerSecond = phase === 'prototypes' ? this.#stepPace.perSecond : undefined;
    this.#latest = {
      ...{ jobId, auditId, done: before + done, total: before + total, phase, label },
      ...{ remainingSeconds, stepsPerSecond, looks: this.#bench.looks },
      prototypes: this.#latest?.prototypes ?? this.#count(),
      measured: measured && { ...measured },
    };
    this.#progress.push(this.#latest);
  }

  #count(): JobProgress['prototypes'] {
    const counts = this.#workspace.runs.progress(this.#job.auditId);
    const done = counts.finished + counts.failed + counts.cancelled;
    return { done, total: done + counts.queued + counts.running };
  }

  #run(event: RunEvent): void {
    if (event.type === 'step') this.#step(event);
    else if (event.type === 'snapshot') this.#bench.look(event.runId, event.imageHash);
    else if (event.type === 'begun') this.#begun(event.runId);
    else this.#ended(event.runId);
  }

  #step({ runId, stage, step, logit, losses }: Extract<RunEvent, { type: 'step' }>): void {
    const { variance, highFrequency } = losses;
    const checked = { variance: figure(variance), highFrequency: figure(highFrequency) };
    const point = { stage, step, logit: figure(logit), losses: checked };
    this.#stepsTaken++;
    this.#bench.step(runId, point);
    this.#steps.get(runId)?.push({ auditId: this.#job.auditId, runId, ...point });
  }

  #begun(runId: number): void {
    const { auditId } = this.#job;
    this.#bench.begin(runId);
    this.#steps.set(runId, new Throttle(STEP_MS, (value) => this.#announce('step', value)));
    this.#announce('prototype.begun', { auditId, tile: tileAnswer(this.#workspace, runId) });
  }

  #ended(runId: number): void {
    const { auditId, id } = this.#job;
    this.#steps.get(runId)?.flush();
    this.#steps.delete(runId);
    this.#bench.end(runId);
    this.#workspace.jobs.progressed(id);
    if (this.#latest) this.#latest = { ...this.#latest, prototypes: this.#count() };
    this.#announce('prototype.finished', { auditId, tile: tileAnswer(this.#workspace, runId) });
  }
}
