import type { JobDetail } from '../api/job.ts';
import type { Job } from '../api/studio.ts';
import { ServiceError } from '../api/wire.ts';
import { resumeAudit } from '../audit/audit.ts';
import { cancel } from '../audit/conduct.ts';
import { AuditCancelled } from '../audit/errors.ts';
import type { Engine } from '../engine/engine.ts';
import type { JobRecord, JobState } from '../store/jobs.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Announce } from './announce.ts';
import { jobOf } from './answers/studio.ts';
import { failureOf } from './failure.ts';
import { Reporter } from './reporter.ts';

/** A job that is begun this often without a single prototype coming of it ends the service itself. */
const MAX_ATTEMPTS = 3;

interface Underway {
  readonly jobId: number;
  readonly reporter: Reporter;
  readonly controller: AbortController;
  readonly over: Promise<void>;
}

/** Works through the workspace's queue, one job at a time. What a killed service was busy with comes first. */
export class JobQueue {
  readonly #workspace: Workspace;
  readonly #engine: Engine;
  readonly #announce: Announce;
  #underway: Underway | undefined;
  #stopped = false;

  constructor(workspace: Workspace, engine: Engine, announce: Announce) {
    this.#workspace = workspace;
    this.#engine = engine;
    this.#announce = announce;
  }

  /** Queues what is left of an audit. */
  add(auditId: number): Job {
    const { jobs } = this.#workspace;
    const known = jobs.list().find((job) => job.auditId === auditId);
    if (known?.state === 'running') return jobOf(known);
    this.#workspace.runs.requeueGivenUp(auditId);
    this.#workspace.audits.setState(auditId, 'queued');
    const id = jobs.queue(auditId);
    this.wake();
    return this.#changed(id);
  }

  /** Begins the next job, unless one is under way. */
  wake(): void {
    if (this.#underway || this.#stopped) return;
    const next = this.#workspace.jobs.next();
    if (!next) return;
    const controller = new AbortController();
    const reporter = new Reporter(next, this.#workspace, this.#announce);
    const over = this.#work(next, reporter, controller).then(
      () => {
        this.#underway = undefined;
        this.#changed(next.id);
        this.wake();
      },
      (error: unknown) => this.#stuck(next, error),
    );
    this.#underway = { jobId: next.id, reporter, controller, over };
  }

  /** All of a job, for a page that has just been opened. */
  detail(id: number): JobDetail {
    const job = jobOf(this.#workspace.jobs.get(id) ?? noJob());
    const reporter = this.#underway?.jobId === id ? this.#underway.reporter : undefined;
    return { job, progress: reporter?.progress, making: reporter?.making ?? [] };
  }

  async pause(id: number): Promise<Job> {
    this.#expect(id, ['queued', 'running'], 'paused');
    this.#workspace.jobs.setState(id, 'paused');
    await this.#interrupt(id, new Error('Paused.'));
    return this.#changed(id);
  }

  resume(id: number): Job {
    this.#expect(id, ['paused'], 'resumed');
    this.#workspace.jobs.setState(id, 'queued');
    this.wake();
    return this.#changed(id);
  }

  async cancel(id: number): Promise<Job> {
    const { auditId } = this.#expect(id, ['queued', 'running', 'paused'], 'cancelled');
    const reason = new AuditCancelled();
    this.#workspace.jobs.setState(id, 'cancelled', reason.message);
    await this.#interrupt(id, reason);
    cancel(this.#workspace, auditId, reason.message);
    this.#announce('audit.changed', { auditId });
    return this.#changed(id);
  }

  retry(id: number): Job {
    const { auditId } = this.#expect(id, ['failed', 'cancelled', 'finished'], 'retried');
    return this.add(auditId);
  }

  /** Lets a waiting job change places with the one before (−1) or after it (1). */
  move(id: number, by: -1 | 1): Job {
    this.#expect(id, ['queued'], 'moved');
    this.#workspace.jobs.move(id, by);
    return this.#changed(id);
  }

  /** Takes a job that has ended off the list. */
  drop(id: number): Record<string, never> {
    this.#expect(id, ['failed', 'cancelled', 'finished'], 'taken off the list');
    this.#workspace.jobs.drop(id);
    this.#announce('studio.changed', {});
    return {};
  }

  /** Ends what is under way of an audit that is to be removed, also where its job is paused or cancelled but not over. */
  async release(auditId: number): Promise<void> {
    const { jobs } = this.#workspace;
    const job = jobs.list().find((each) => each.auditId === auditId);
    if (!job) return;
    if (job.state === 'queued' || job.state === 'running') jobs.setState(job.id, 'paused');
    await this.#interrupt(job.id, new Error('The audit is removed.'));
  }

  /** Stops within a step; the job under way is the first one next time. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const underway = this.#underway;
    if (!underway) return;
    await this.#interrupt(underway.jobId, new Error('The studio’s service is stopped.'));
    this.#workspace.jobs.progressed(underway.jobId);
  }

  async #interrupt(id: number, reason: Error): Promise<void> {
    if (this.#underway?.jobId !== id) return;
    this.#underway.controller.abort(reason);
    await this.#underway.over;
  }

  async #work(job: JobRecord, reporter: Reporter, controller: AbortController): Promise<void> {
    const { id, auditId, attempts } = job;
    const { jobs } = this.#workspace;
    if (attempts >= MAX_ATTEMPTS) return jobs.setState(id, 'failed', gaveUp(attempts));
    jobs.start(id);
    this.#changed(id);
    const context = { workspace: this.#workspace, engine: this.#engine, ...reporter.hooks };
    try {
      const { failed } = await resumeAudit(auditId, { ...context, signal: controller.signal });
      const reason = failed > 0 ? this.#whyFailed(auditId, failed) : undefined;
      jobs.setState(id, reason === undefined ? 'finished' : 'failed', reason);
    } catch (error) {
      // Who interrupted it has said how the job stands.
      if (!controller.signal.aborted) jobs.setState(id, 'failed', failureOf(error).message);
    } finally {
      reporter.end();
      this.#announce('audit.changed', { auditId });
    }
  }

  #whyFailed(auditId: number, failed: number): string {
    const [first] = this.#workspace.runs.list(auditId, { state: 'failed' });
    const which = failed === 1 ? 'A prototype failed' : `${failed} prototypes failed, the first`;
    return `${which} with: ${first.reason ?? 'no reason.'}`;
  }

  /** Not even how a job ended can be kept, for a full disk as a rule: it stays the next one. */
  #stuck({ auditId }: JobRecord, error: unknown): void {
    this.#underway = undefined;
    this.#announce('note', { auditId, text: failureOf(error).message });
  }

  #expect(id: number, states: readonly JobState[], done: string): JobRecord {
    const job = this.#workspace.jobs.get(id) ?? noJob();
    if (states.includes(job.state)) return job;
    throw new ServiceError('bad-state', `This job is ${job.state}, so it cannot be ${done}.`);
  }

  #changed(id: number): Job {
    this.#announce('studio.changed', {});
    return jobOf(this.#workspace.jobs.get(id) ?? noJob());
  }
}

function noJob(): never {
  throw new ServiceError('not-found', 'There is no such job in the workspace.');
}

const gaveUp = (attempts: number): string =>
  `The studio’s service ended ${attempts} times while it worked on this, before a prototype was made: free some memory, then retry.`;
