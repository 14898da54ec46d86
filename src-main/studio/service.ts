import { isAbsolute } from 'node:path';
import type { Output } from '../api/contract.ts';
import type { AuditRequest } from '../api/request.ts';
import { ServiceError, type Message } from '../api/wire.ts';
import { registerAudit } from '../audit/audit.ts';
import { parseConfiguration } from '../audit/configuration.ts';
import { sampleAudit } from '../audit/sample.ts';
import type { Engine } from '../engine/engine.ts';
import { clearUploads } from '../store/uploads.ts';
import { Workspace } from '../store/workspace.ts';
import type { Announce } from './announce.ts';
import { auditAnswer } from './answers/audit.ts';
import { checkAnswer, classesAnswer, configurationAnswer, Estimates } from './answers/estimate.ts';
import { exemplarsAnswer } from './answers/exemplars.ts';
import { inspectImageSet } from './answers/inspection.ts';
import { methodAnswer } from '../report/options.ts';
import { prototypeAnswer } from './answers/prototype.ts';
import { reportAnswers } from './answers/report.ts';
import { reviewAnswers } from './answers/review.ts';
import { settingsAnswers } from './answers/settings.ts';
import { similarityAnswer } from '../report/similarity.ts';
import { studioAnswer } from './answers/studio.ts';
import { answer, type Handlers } from './door.ts';
import { Machine } from './machine.ts';
import { libraryAnswers, type LibraryContext } from './library.ts';
import { LibraryTasks } from './library-tasks.ts';
import { JobQueue } from './queue.ts';
import { refusingWrites } from './read-only.ts';

export interface StudioOptions {
  /** What it computes with. */
  readonly machine?: Machine;
  /** Why the workspace can only be read, in one sentence; absent where it can be written. */
  readonly readOnly?: string;
}

/** The studio's service: a workspace with its queue of jobs, behind the contract. */
export class StudioService {
  readonly #workspace: Workspace;
  readonly #engine: Engine;
  readonly #announce: Announce;
  readonly #queue: JobQueue;
  readonly #tasks: LibraryTasks;
  /** The audit of the sample, once it was asked for. */
  #sample: number | undefined;
  readonly #handlers: Handlers;

  constructor(
    workspace: Workspace,
    engine: Engine,
    announce: Announce,
    { machine = new Machine(), readOnly }: StudioOptions = {},
  ) {
    this.#workspace = workspace;
    this.#engine = engine;
    this.#announce = announce;
    this.#queue = new JobQueue(workspace, engine, announce);
    this.#tasks = new LibraryTasks(announce);
    const answers = this.#answers(machine, readOnly);
    this.#handlers = readOnly === undefined ? answers : refusingWrites(answers, readOnly);
  }

  /** Goes on with what the queue holds. */
  start(): void {
    if (this.#workspace instanceof Workspace) clearUploads(this.#workspace.path);
    this.#queue.wake();
  }

  /** Queues the bundled sample, unless it is known already: a first studio has something to show. */
  async addSample(): Promise<number> {
    const { audits, jobs } = this.#workspace;
    const isThere = this.#sample !== undefined && audits.get(this.#sample) !== undefined;
    const auditId = isThere
      ? this.#sample!
      : await registerAudit(sampleAudit(), { workspace: this.#workspace });
    this.#sample = auditId;
    const isQueued = jobs.list().some((job) => job.auditId === auditId);
    // One that has ended, and whose job was taken off the list, stays as it is.
    if (!isQueued && audits.get(auditId)?.state === 'queued') this.#queue.add(auditId);
    return auditId;
  }

  /** Answers a message of a page; never throws. */
  answer(message: unknown): Promise<Message | undefined> {
    return answer(this.#handlers, message);
  }

  /** Stops within a step. */
  stop(): Promise<void> {
    this.#tasks.stopAll();
    return this.#queue.stop();
  }

  #answers(machine: Machine, readOnly?: string): Handlers {
    const workspace = this.#workspace;
    const queue = this.#queue;
    const estimates = new Estimates(workspace, this.#engine);
    return {
      'studio.get': () => studioAnswer(workspace, this.#engine.info, readOnly),
      'method.get': () => methodAnswer(),
      'audit.get': ({ auditId }) => auditAnswer(workspace, auditId) ?? missing('audit'),
      'audit.check': (request) => checkAnswer(request, workspace.path),
      'audit.estimate': (request) => estimates.estimate(request),
      'estimate.stop': () => {
        estimates.stop();
        return {};
      },
      'audit.configuration': ({ auditId }) =>
        configurationAnswer(workspace, auditId) ?? missing('audit'),
      'classes.find': ({ labels, text }) => classesAnswer(labels, text),
      'audit.create': (request) => this.#create(request),
      'audit.resume': ({ auditId }) => {
        if (!workspace.audits.get(auditId)) missing('audit');
        return queue.add(auditId);
      },
      'prototype.get': ({ runId }) => prototypeAnswer(workspace, runId) ?? missing('prototype'),
      'exemplars.get': async (wanted) =>
        (await exemplarsAnswer(workspace, wanted)) ?? missing('class with photographs'),
      'similarity.get': ({ auditId }) => similarityAnswer(workspace, auditId) ?? missing('audit'),
      'imageSet.inspect': ({ path, model }) => inspectImageSet(path, model),
      'job.pause': ({ jobId }) => queue.pause(jobId),
      'job.resume': ({ jobId }) => queue.resume(jobId),
      'job.cancel': ({ jobId }) => queue.cancel(jobId),
      'job.retry': ({ jobId }) => queue.retry(jobId),
      'job.get': ({ jobId }) => queue.detail(jobId),
      'job.move': ({ jobId, by }) => queue.move(jobId, by),
      'job.drop': ({ jobId }) => queue.drop(jobId),
      ...libraryAnswers(this.#libraryContext),
      ...reportAnswers(workspace, this.#tasks),
      ...reviewAnswers(workspace, this.#announce),
      ...settingsAnswers(workspace, this.#engine.info, machine, readOnly),
    };
  }

  get #libraryContext(): LibraryContext {
    return {
      ...{ workspace: this.#workspace, engine: this.#engine, queue: this.#queue },
      ...{ announce: this.#announce, tasks: this.#tasks, addSample: () => this.addSample() },
    };
  }

  async #create(request: AuditRequest): Promise<Output<'audit.create'>> {
    const configuration = parseConfiguration(request, 'This audit');
    rejectRelative(configuration);
    const auditId = await registerAudit(configuration, { workspace: this.#workspace });
    return { auditId, job: this.#queue.add(auditId) };
  }
}

function missing(what: string): never {
  throw new ServiceError('not-found', `There is no such ${what} in the workspace.`);
}

/** A page stands in no folder that a path could be relative to. */
function rejectRelative({ models, images }: AuditRequest): void {
  const own = models.flatMap((each) => [each.path, each.labels, each.features, each.images]);
  const paths = [images, ...own];
  const relative = paths.find((path) => path !== undefined && !isAbsolute(path));
  if (relative === undefined) return;
  throw new ServiceError(
    'bad-input',
    `The path ${relative} is not whole: give it from the root on.`,
  );
}
