import type { Engine } from '../engine/engine.ts';
import type { SimilarityResult } from '../similarity/result.ts';
import type { Workspace } from '../store/workspace.ts';
import type { AuditConfiguration } from './configuration.ts';
import { AuditCancelled } from './errors.ts';
import { generate, type RunEvent } from './generation.ts';
import { photographNotes, prepareModel, type ModelUnderAudit, type Reading } from './model.ts';
import type { Batch } from './plan.ts';
import { relate } from './relations.ts';
import { score } from './scoring.ts';
import { prototypeWork, similarityWork, Workload, type AuditProgress } from './workload.ts';

/** The signal stops within a step; what is not finished goes on from where it is when the same audit is run again. */
export interface AuditContext extends Reading {
  readonly workspace: Workspace;
  readonly engine: Engine;
  readonly onProgress?: (progress: AuditProgress) => void;
  /** What a reviewer should know, one sentence each. */
  readonly onNote?: (text: string) => void;
  /** What happens to single prototypes. */
  readonly onRun?: (event: RunEvent) => void;
  /** The scores of a model are in the workspace. */
  readonly onScores?: (modelId: number) => void;
}

/** What reading models and photographs needs. */
export type Preparation = Reading & Pick<AuditContext, 'workspace'>;

/** What came of an audit; images and figures are in the workspace under its id. */
export interface AuditOutcome {
  readonly auditId: number;
  readonly configuration: AuditConfiguration;
  readonly models: readonly {
    readonly model: ModelUnderAudit;
    readonly similarity?: SimilarityResult;
  }[];
  readonly finished: number;
  readonly failed: number;
}

/** Reads all classifiers of an audit and finds their photographs. */
export async function prepareModels(
  configuration: AuditConfiguration,
  { workspace, ...reading }: Preparation,
): Promise<ModelUnderAudit[]> {
  const models: ModelUnderAudit[] = [];
  for (const model of configuration.models) {
    reading.signal?.throwIfAborted();
    models.push(await prepareModel(workspace, configuration, model, reading));
  }
  return models;
}

/** An audit that the workspace knows and whose runs are planned. */
export interface Prepared {
  readonly configuration: AuditConfiguration;
  readonly models: readonly ModelUnderAudit[];
  readonly batches: readonly Batch[];
  readonly auditId: number;
}

/** Does what is still to do of an audit, and keeps in the workspace how it stands. */
export async function conduct(prepared: Prepared, context: AuditContext): Promise<AuditOutcome> {
  const { auditId, models } = prepared;
  const { workspace, engine, onNote = () => undefined } = context;
  for (const note of models.flatMap(notesOf)) onNote(note);
  if (engine.info.fallback) onNote(engine.info.fallback);
  if (engine.info.chosen) onNote(engine.info.chosen);
  try {
    workspace.audits.setState(auditId, 'running');
    const outcome = await carryOut(prepared, { ...context, onNote });
    workspace.audits.setState(auditId, 'finished');
    return outcome;
  } catch (error) {
    keepState(workspace, auditId, context.signal, error as Error);
    throw error;
  }
}

async function carryOut(
  { configuration, models, batches, auditId }: Prepared,
  context: AuditContext & { readonly onNote: (text: string) => void },
): Promise<AuditOutcome> {
  const { workspace, engine, signal, onProgress = () => undefined, onScores } = context;
  const subjects = (model: ModelUnderAudit): number =>
    5 * model.classes.length * configuration.profiles.length;
  const left = batches.map((batch) => queued(workspace, auditId, batch));
  const generation = batches.map((batch, i) => left[i] * prototypeWork(batch));
  const made = batches.map((batch, i) => (batch.runs.length - left[i]) * prototypeWork(batch));
  const scoring = models.map((model) => similarityWork(model, subjects(model)));
  const sum = (work: readonly number[]): number => work.reduce((total, part) => total + part, 0);
  const workload = new Workload(sum(generation) + sum(scoring), sum(made), onProgress);
  for (const [i, batch] of batches.entries()) {
    await generate(batch, {
      ...context,
      auditId,
      onShare: workload.part('prototypes', generation[i]),
    });
    signal?.throwIfAborted();
  }
  const measured: { model: ModelUnderAudit; similarity?: SimilarityResult }[] = [];
  for (const [i, model] of models.entries()) {
    const onShare = workload.part('similarity', scoring[i]);
    const similarity = await score(model, {
      workspace,
      engine,
      auditId,
      audit: configuration,
      signal,
      onShare,
      onNote: context.onNote,
    });
    measured.push({ model, ...(similarity && { similarity }) });
    if (similarity) onScores?.(model.id);
  }
  workload.part('relations', 0)(1, 'What the models say of one another’s prototypes');
  await relate(models, { workspace, engine, auditId, signal });
  const { finished, failed } = workspace.runs.progress(auditId);
  return { auditId, configuration, models: measured, finished, failed };
}

/** Runs of a batch that are still to be made: what was made before says nothing about the time that is left. */
function queued(workspace: Workspace, auditId: number, { model, profile }: Batch): number {
  return workspace.runs.list(auditId, { modelId: model.id, profile, state: 'queued' }).length;
}

function notesOf(model: ModelUnderAudit): string[] {
  const { name, notes, preprocessingFrom } = model.classifier;
  const [preset, assumption] = preprocessingFrom.split(' (assumed');
  const assumed =
    assumption === undefined
      ? []
      : [
          `${name}: nothing says how it wants its images, so ${preset}'s way is assumed; choose with --preprocessing.`,
        ];
  return [...notes, ...assumed, ...photographNotes(model)];
}

/** Says in the workspace why an audit stopped, where that can still be said. */
function keepState(
  workspace: Workspace,
  auditId: number,
  signal: AbortSignal | undefined,
  error: Error,
): void {
  try {
    if (signal?.reason instanceof AuditCancelled) cancel(workspace, auditId, signal.reason.message);
    else if (signal?.aborted) workspace.audits.setState(auditId, 'queued');
    else workspace.audits.setState(auditId, 'failed', error.message);
  } catch {
    // The disk may be what failed; the first error is the one to tell.
  }
}

/** Ends what is still open of an audit, at a person's wish. */
export function cancel(workspace: Workspace, auditId: number, reason: string): void {
  workspace.runs.cancelQueued(auditId, reason);
  workspace.audits.setState(auditId, 'cancelled', reason);
}
