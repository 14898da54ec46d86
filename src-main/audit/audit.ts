import type { Engine } from '../engine/engine.ts';
import type { SimilarityResult } from '../similarity/result.ts';
import type { Workspace } from '../store/workspace.ts';
import type { AuditConfiguration } from './configuration.ts';
import { AuditError } from './errors.ts';
import { generate } from './generation.ts';
import { photographNotes, prepareModel, type ModelUnderAudit } from './model.ts';
import { planAudit, type Batch } from './plan.ts';
import { relate } from './relations.ts';
import { score } from './scoring.ts';
import { prototypeWork, similarityWork, Workload, type AuditProgress } from './workload.ts';

export interface AuditContext {
  readonly workspace: Workspace;
  readonly engine: Engine;
  /** Stops within a step; what is not finished goes on from where it is when the same audit is run again. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: AuditProgress) => void;
  /** What a reviewer should know, one sentence each. */
  readonly onNote?: (text: string) => void;
}

/** What came of an audit; images and figures are in the workspace under its id. */
export interface AuditOutcome {
  readonly auditId: number;
  readonly models: readonly {
    readonly model: ModelUnderAudit;
    readonly similarity?: SimilarityResult;
  }[];
  readonly finished: number;
  readonly failed: number;
}

/**
 * Runs an audit: prototypes of every model, class and profile, then, where there are photographs, their path
 * similarity with controls, and what the models say of one another's prototypes. An audit that was interrupted, by
 * kill −9 even, goes on when it is run again with the same configuration, and ends in the same bytes.
 *
 * @throws GraphError, ClassifierError, PhotographError, PrototypeError, EngineError, WorkspaceError or AuditError in
 * one sentence; the signal's reason when it is stopped
 */
export async function runAudit(
  configuration: AuditConfiguration,
  context: AuditContext,
): Promise<AuditOutcome> {
  const { workspace, onNote = () => undefined } = context;
  const models: ModelUnderAudit[] = [];
  for (const model of configuration.models)
    models.push(await prepareModel(workspace, configuration, model));
  rejectTwins(models);
  const batches = planAudit(configuration, models);
  const auditId = register(workspace, configuration, models, batches);
  for (const note of models.flatMap(notesOf)) onNote(note);
  const { fallback } = context.engine.info;
  if (fallback) onNote(fallback);
  try {
    workspace.audits.setState(auditId, 'running');
    const outcome = await carryOut(
      { configuration, models, batches, auditId },
      { ...context, onNote },
    );
    workspace.audits.setState(auditId, 'finished');
    return outcome;
  } catch (error) {
    keepState(workspace, auditId, context.signal, error as Error);
    throw error;
  }
}

interface Prepared {
  readonly configuration: AuditConfiguration;
  readonly models: readonly ModelUnderAudit[];
  readonly batches: readonly Batch[];
  readonly auditId: number;
}

async function carryOut(
  { configuration, models, batches, auditId }: Prepared,
  context: AuditContext & { readonly onNote: (text: string) => void },
): Promise<AuditOutcome> {
  const { workspace, engine, signal, onProgress = () => undefined } = context;
  const subjects = (model: ModelUnderAudit): number =>
    5 * model.classes.length * configuration.profiles.length;
  const generation = batches.map((batch) => batch.runs.length * prototypeWork(batch));
  const scoring = models.map((model) => similarityWork(model, subjects(model)));
  const sum = (work: readonly number[]): number => work.reduce((total, part) => total + part, 0);
  const workload = new Workload(sum(generation) + sum(scoring), onProgress);
  for (const [i, batch] of batches.entries()) {
    await generate(batch, { ...context, auditId, onShare: workload.part(generation[i]) });
    signal?.throwIfAborted();
  }
  const measured: { model: ModelUnderAudit; similarity?: SimilarityResult }[] = [];
  for (const [i, model] of models.entries()) {
    const onShare = workload.part(scoring[i]);
    const similarity = await score(model, {
      workspace,
      engine,
      auditId,
      audit: configuration,
      signal,
      onShare,
    });
    measured.push({ model, ...(similarity && { similarity }) });
  }
  await relate(models, { workspace, engine, auditId });
  const { finished, failed } = workspace.runs.progress(auditId);
  return { auditId, models: measured, finished, failed };
}

function register(
  workspace: Workspace,
  { layers, natural, controls, seed }: AuditConfiguration,
  models: readonly ModelUnderAudit[],
  batches: readonly Batch[],
): number {
  const auditId = workspace.audits.create({
    name: models.map(({ classifier }) => classifier.name).join(', '),
    configuration: {
      ...{ layers, natural, controls, seed },
      classes: models.map(({ classes }) => classes),
      generation: batches.map(({ model, configuration }) => ({ modelId: model.id, configuration })),
    },
    models: models.map(({ id, imageSetId }) => ({ modelId: id, imageSetId })),
  });
  workspace.runs.plan(
    auditId,
    batches.flatMap(({ runs }) => runs),
  );
  return auditId;
}

/** The same classifier twice would be one audit in two places. */
function rejectTwins(models: readonly ModelUnderAudit[]): void {
  const twin = models.find(({ id }, i) => models.findIndex((other) => other.id === id) !== i);
  if (twin)
    throw new AuditError(
      `The model ${twin.classifier.name} is named twice; name each classifier once.`,
    );
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
    if (signal?.aborted) workspace.audits.setState(auditId, 'queued');
    else workspace.audits.setState(auditId, 'failed', error.message);
  } catch {
    // The disk may be what failed; the first error is the one to tell.
  }
}
