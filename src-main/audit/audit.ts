import type { Workspace } from '../store/workspace.ts';
import { conduct, prepareModels, type AuditContext, type AuditOutcome } from './conduct.ts';
import type { AuditConfiguration } from './configuration.ts';
import { AuditError } from './errors.ts';
import type { ModelUnderAudit } from './model.ts';
import { planAudit, type Batch } from './plan.ts';

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
  const { workspace } = context;
  const models = await prepareModels(configuration, context);
  rejectTwins(models);
  const batches = planAudit(configuration, models);
  const auditId = register(workspace, configuration, models, batches);
  return conduct({ configuration, models, batches, auditId }, context);
}

/**
 * Compares the prototypes of an audit with photographs that it did not have, or with others than it had. What it
 * lacks, such as the control without transforms, is made first.
 * @param number of the audit; the workspace's last one by default
 * @throws AuditError when there is no such audit, or a model file is no longer what it was; else as `runAudit`
 */
export async function compareAudit(
  number: number | undefined,
  images: string,
  context: AuditContext,
): Promise<AuditOutcome> {
  const { workspace } = context;
  const record =
    number === undefined ? workspace.audits.list().at(-1) : workspace.audits.get(number);
  if (!record) {
    throw new AuditError(
      number === undefined
        ? 'The workspace holds no audit yet; make prototypes first.'
        : `The workspace holds no audit ${number}.`,
    );
  }
  const { request } = record.configuration as { request: Request };
  const paths = record.models.map(({ modelId }) => workspace.models.get(modelId)!.path);
  const configuration = {
    ...request,
    images,
    models: request.models.map((how, i) => ({ ...how, path: paths[i] })),
  };
  const models = await prepareModels(configuration, context);
  const changed = models.findIndex(({ id }, i) => id !== record.models[i].modelId);
  if (changed >= 0) {
    throw new AuditError(
      `The model ${paths[changed]} is no longer the one that was audited; audit it anew.`,
    );
  }
  const batches = planAudit(configuration, models);
  workspace.runs.plan(
    record.id,
    batches.flatMap(({ runs }) => runs),
  );
  for (const { id, imageSetId } of models) {
    if (imageSetId !== undefined) workspace.audits.setImageSet(record.id, id, imageSetId);
  }
  return conduct({ configuration, models, batches, auditId: record.id }, context);
}

/** What was asked for, without the places of files: those may move. */
type Request = Omit<AuditConfiguration, 'models' | 'images'> & {
  readonly models: readonly Omit<AuditConfiguration['models'][number], 'path' | 'images'>[];
};

function requestOf({ models, images: _images, ...request }: AuditConfiguration): Request {
  return { ...request, models: models.map(({ path: _path, images: _own, ...how }) => how) };
}

function register(
  workspace: Workspace,
  configuration: AuditConfiguration,
  models: readonly ModelUnderAudit[],
  batches: readonly Batch[],
): number {
  const auditId = workspace.audits.create({
    name: models.map(({ classifier }) => classifier.name).join(', '),
    configuration: {
      request: requestOf(configuration),
      generation: batches.map((batch) => ({
        modelId: batch.model.id,
        configuration: batch.configuration,
      })),
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
