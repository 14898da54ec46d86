import { encode } from 'fast-png';
import { plainly, valuesOf } from '../classifier/feature-value.ts';
import type { Engine, EngineInfo } from '../engine/engine.ts';
import { BatchGenerator } from '../prototype/batch-generator.ts';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  type Checkpoint,
  type Stage,
} from '../prototype/checkpoint.ts';
import type { GenerationEvent, Losses, Prototype } from '../prototype/events.ts';
import type { Job } from '../prototype/job.ts';
import { pictureOf, type Picture } from '../prototype/picture.ts';
import { encodePortrait } from '../prototype/portrait.ts';
import { softmax } from '../similarity/entanglement.ts';
import { largest } from '../similarity/natural.ts';
import type { RunRecord } from '../store/run-reader.ts';
import type { Outcome } from '../store/runs.ts';
import type { Workspace } from '../store/workspace.ts';
import { AuditCancelled } from './errors.ts';
import type { Batch } from './plan.ts';
import { versions } from './versions.ts';
import { shareOf, type TellShare } from './workload.ts';

/** What happens to a run, as it happens. Of the prototype in the making only snapshots have an image. */
export type RunEvent =
  | { readonly type: 'begun'; readonly runId: number }
  | {
      readonly type: 'step';
      readonly runId: number;
      readonly stage: Stage;
      readonly step: number;
      readonly logit: number;
      readonly losses: Losses;
    }
  | { readonly type: 'snapshot'; readonly runId: number; readonly imageHash: string }
  /** It has ended, well or not. */
  | { readonly type: 'ended'; readonly runId: number };

/** Steps between the checkpoints that a generator offers; how many of them are kept depends on the time. */
const CHECKPOINT_STEPS = 16;

/** A killed run loses at most about this much, in milliseconds; more checkpoints would only wear the disk. */
const CHECKPOINT_MS = 5000;

export interface GenerationContext {
  readonly workspace: Workspace;
  readonly engine: Engine;
  readonly auditId: number;
  readonly signal?: AbortSignal;
  /** Is told the share of the batch's steps that are done, and what is being made. */
  readonly onShare: TellShare;
  /** A prototype that failed, in one sentence. */
  readonly onNote: (text: string) => void;
  readonly onRun?: (event: RunEvent) => void;
}

/**
 * Makes the prototypes of a batch that are not made yet, and keeps each with its snapshots as it comes. Interrupted
 * runs go on from their checkpoints and end in the same bytes as if nothing had happened; where another engine goes on,
 * which rounds differently, they start afresh.
 */
export async function generate(batch: Batch, context: GenerationContext): Promise<void> {
  const { workspace, auditId } = context;
  const among = { modelId: batch.model.id, profile: batch.profile };
  const waiting = workspace.runs.list(auditId, { ...among, state: 'queued' });
  if (waiting.length === 0) return context.onShare(1, batch.profile);
  const { classifier } = batch.model;
  const generator = await BatchGenerator.open(classifier, context.engine, batch.configuration, {
    jobs: waiting.length,
    onNote: (text) => context.onNote(`${classifier.name}: ${text}`),
  });
  const checkpoints = waiting.flatMap((run) => checkpointOf(run, generator, context));
  const keeper = new Keeper(batch, waiting, context, generator);
  keeper.expect(checkpoints);
  if (generator.fallback) context.onNote(`${classifier.name}: ${generator.fallback}`);
  try {
    await generator.generate(waiting.map(jobOf), {
      onEvent: (event) => keeper.take(event),
      checkpointEvery: CHECKPOINT_STEPS,
      checkpoints,
      signal: context.signal,
    });
  } finally {
    keeper.giveBack();
    await generator.release();
  }
}

const jobOf = ({ classIndex, prototypeIndex }: RunRecord): Job => ({
  classIndex,
  prototype: prototypeIndex,
});

/** The engine, and where it left parts of the network to another. */
const engineOf = ({ fallback }: BatchGenerator, { info }: Engine): EngineInfo =>
  fallback === undefined ? info : { ...info, fallback };

/** The checkpoint of an interrupted run; one that is damaged, or of another engine, costs its steps, not the run. */
function checkpointOf(
  run: RunRecord,
  generator: BatchGenerator,
  { workspace, onNote }: GenerationContext,
): Checkpoint[] {
  const checkpoint = readCheckpoint(workspace, run);
  if (checkpoint === undefined) return [];
  if (generator.fits(checkpoint)) return [checkpoint];
  onNote(`${run.label}: it was begun on another engine or with other threads, and starts afresh.`);
  return [];
}

function readCheckpoint(workspace: Workspace, run: RunRecord): Checkpoint | undefined {
  try {
    const bytes = workspace.runs.checkpoint(run.id);
    return bytes && decodeCheckpoint(bytes);
  } catch {
    return undefined;
  }
}

/** Puts what a generator tells into the workspace. */
class Keeper {
  readonly #batch: Batch;
  readonly #context: GenerationContext;
  readonly #generator: BatchGenerator;
  readonly #engine: EngineInfo;
  readonly #open = new Map<string, RunRecord>();
  readonly #saved = new Map<number, number>();
  /** How much is made of each run that is open, by its name. */
  readonly #shares = new Map<string, number>();
  readonly #planned: number;
  #ended = 0;

  constructor(
    batch: Batch,
    runs: readonly RunRecord[],
    context: GenerationContext,
    generator: BatchGenerator,
  ) {
    this.#batch = batch;
    this.#context = context;
    this.#generator = generator;
    this.#engine = engineOf(generator, context.engine);
    this.#planned = runs.length;
    for (const run of runs) this.#open.set(keyOf(jobOf(run)), run);
  }

  /** What interrupted runs have behind them is made already. */
  expect(checkpoints: readonly Checkpoint[]): void {
    for (const { job, stage, step } of checkpoints)
      this.#shares.set(keyOf(job), shareOf(stage, step, this.#batch.configuration));
  }

  take(event: GenerationEvent): void {
    switch (event.type) {
      case 'step':
        return this.#step(event);
      case 'snapshot':
        return this.#snapshot(event);
      case 'checkpoint':
        return this.#checkpoint(event.checkpoint);
      case 'finished':
        return this.#finish(event);
      case 'failed':
        return this.#fail(event);
    }
  }

  /** Queues what was not finished: it goes on from its checkpoint next time. */
  giveBack(): void {
    for (const { id, state } of this.#open.values())
      if (state === 'running') this.#context.workspace.runs.requeue(id);
  }

  #step({ job, step, stage, logit, losses }: Extract<GenerationEvent, { type: 'step' }>): void {
    const run = this.#runOf(job);
    this.#context.onRun?.({ type: 'step', runId: run.id, stage, step, logit, losses });
    this.#shares.set(keyOf(job), shareOf(stage, step, this.#batch.configuration));
    const shares = [...this.#shares.values()].reduce((sum, share) => sum + share, 0);
    const { name } = this.#batch.model.classifier;
    const label = `${name} · ${this.#batch.profile} · ${run.label}`;
    this.#context.onShare((this.#ended + shares) / this.#planned, label);
  }

  #snapshot({
    job,
    step,
    logit,
    losses,
    image,
  }: Extract<GenerationEvent, { type: 'snapshot' }>): void {
    const png = encode({ depth: 8, ...this.#pictureOf(image) });
    const runId = this.#runOf(job).id;
    const kept = { stage: 2, step, logit, losses, image: png } as const;
    const imageHash = this.#context.workspace.runs.addSnapshot(runId, kept);
    if (imageHash) this.#context.onRun?.({ type: 'snapshot', runId, imageHash });
  }

  /** @param image interleaved bytes; of a table one a column */
  #pictureOf(image: Uint8Array): Picture {
    const { classifier } = this.#batch.model;
    const { channels, height, width } = classifier.input;
    if (!classifier.features) return { channels, height, width, data: image };
    return pictureOf(
      Float32Array.from(image, (byte) => byte / 255),
      classifier,
    );
  }

  #checkpoint(checkpoint: Checkpoint): void {
    const run = this.#runOf(checkpoint.job);
    const now = performance.now();
    const last =
      this.#saved.get(run.id) ?? Date.parse(run.startedAt ?? '') - performance.timeOrigin;
    if (now - last < CHECKPOINT_MS && !this.#context.signal?.aborted) return;
    this.#saved.set(run.id, now);
    this.#context.workspace.runs.saveCheckpoint(run.id, encodeCheckpoint(checkpoint));
  }

  #finish(prototype: Prototype): void {
    const { workspace, signal, onNote } = this.#context;
    const isCancelled = signal?.reason instanceof AuditCancelled;
    // A stopped one stays open, with its checkpoint, and is given back.
    if (!prototype.complete && !isCancelled) return;
    const run = this.#runOf(prototype.job);
    const { timings, ...rest } = outcomeOf(prototype, this.#batch, this.#engine);
    const { shareOutsideNetwork, record } = this.#generator;
    const idle = shareOutsideNetwork !== undefined && { shareOutsideNetwork };
    const outcome: Outcome = { ...rest, timings: { ...timings, ...idle }, batch: record };
    if (prototype.complete) workspace.runs.finish(run.id, outcome);
    else workspace.runs.cancel(run.id, cancelNote(prototype, this.#batch), outcome);
    if (prototype.stillSteps > 0) onNote(stillNote(run, prototype));
    this.#close(prototype.job);
  }

  #fail({ job, error }: Extract<GenerationEvent, { type: 'failed' }>): void {
    this.#context.workspace.runs.fail(this.#runOf(job).id, error.message);
    this.#context.onNote(error.message);
    this.#close(job);
  }

  #close(job: Job): void {
    const { id } = this.#runOf(job);
    this.#open.delete(keyOf(job));
    this.#shares.delete(keyOf(job));
    this.#ended++;
    this.#context.onRun?.({ type: 'ended', runId: id });
  }

  #runOf(job: Job): RunRecord {
    const run = this.#open.get(keyOf(job));
    if (!run)
      throw new Error(`no run is open for class ${job.classIndex}, prototype ${job.prototype}`);
    return run.state === 'queued' ? this.#begin(job, run) : run;
  }

  /** A run is under way from the first that is heard of it: what waits for its turn is not. */
  #begin(job: Job, { id }: RunRecord): RunRecord {
    const { workspace, auditId, onRun } = this.#context;
    const [run] = workspace.runs.claim(auditId, 1, { runId: id });
    this.#open.set(keyOf(job), run);
    onRun?.({ type: 'begun', runId: id });
    return run;
  }
}

const keyOf = ({ classIndex, prototype }: Job): string => `${classIndex}/${prototype}`;

function stillNote(run: RunRecord, { stillSteps, steps }: Prototype): string {
  return `${run.label}: in ${stillSteps} of ${steps} steps the logit did not react to the image at all.`;
}

function cancelNote({ steps, baselineSteps }: Prototype, { configuration }: Batch): string {
  return steps === 0
    ? `Cancelled in stage 1, after ${baselineSteps} steps.`
    : `Cancelled after ${steps} of ${configuration.steps} steps; the image is the last one.`;
}

const unsettledOf = ({ unsettledLogit }: Prototype) =>
  unsettledLogit === undefined ? {} : { unsettledLogit };

function outcomeOf(
  prototype: Prototype,
  { model, configuration }: Batch,
  engine: EngineInfo,
): Omit<Outcome, 'batch'> {
  const { classifier } = model;
  const { input, preprocessing, features } = classifier;
  const { channels, height, width } = input;
  const { job, image, logits, logit, losses, baselineSteps, steps, stillSteps, complete } =
    prototype;
  const png = encodePortrait(pictureOf(image, classifier), {
    model: classifier.name,
    files: [...classifier.files],
    logits: classifier.logits,
    image: [channels, height, width],
    preprocessing: { ...preprocessing, mean: [...preprocessing.mean], std: [...preprocessing.std] },
    classIndex: job.classIndex,
    label: classifier.labels[job.classIndex],
    prototype: job.prototype,
    configuration,
    engine,
    versions,
    ...(features && { values: valuesOf(features, image).map(plainly) }),
    logit,
    ...unsettledOf(prototype),
    baselineSteps,
    steps,
    complete,
  });
  return {
    ...{
      channels,
      height,
      width,
      logits,
      logit,
      losses,
      baselineSteps,
      steps,
      stillSteps,
      engine,
      versions,
    },
    image: png,
    raw: image,
    probability: softmax(logits)[job.classIndex],
    predicted: largest(logits),
    timings: { ...prototype.timings },
  };
}
