import type { AuditPlan, AuditRecord } from '../store/audits.ts';
import type { Workspace, WorkspaceReader } from '../store/workspace.ts';
import {
  conduct,
  prepareModels,
  type AuditContext,
  type AuditOutcome,
  type Preparation,
  type Prepared,
} from './conduct.ts';
import { mediumOf, wordsOf } from '../api/medium.ts';
import type { AuditConfiguration, AuditModel } from './configuration.ts';
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
  return conduct(await prepare(configuration, context), context);
}

/**
 * Makes an audit known to the workspace with all its runs, and leaves the work to `resumeAudit`.
 * @returns its id; that of an audit with the same configuration and models, where there is one
 * @throws as `runAudit` for models, classes, options and photographs
 */
export async function registerAudit(
  configuration: AuditConfiguration,
  context: Preparation,
): Promise<number> {
  return (await prepare(configuration, context)).auditId;
}

/**
 * Does what is left of an audit of the workspace.
 * @throws AuditError when there is no such audit, or a model or its photographs are no longer what they were; else as
 * `runAudit`
 */
export async function resumeAudit(number: number, context: AuditContext): Promise<AuditOutcome> {
  const { workspace } = context;
  const record = recordOf(workspace, number);
  const configuration = configurationOf(workspace, record);
  const models = await prepareAgain(record, configuration, context);
  const changed = models.findIndex(
    ({ imageSetId }, i) => imageSetId !== record.models[i].imageSetId,
  );
  if (changed >= 0) {
    throw new AuditError(
      `The ${wordsOf(models[changed].classifier).many} in ${configuration.models[changed].images} are no longer those of the audit; audit anew.`,
    );
  }
  const batches = planAudit(configuration, models);
  return conduct({ configuration, models, batches, auditId: number }, context);
}

async function prepare(configuration: AuditConfiguration, context: Preparation): Promise<Prepared> {
  const models = await prepareModels(configuration, context);
  rejectTwins(models);
  const batches = planAudit(configuration, models);
  const auditId = register(context.workspace, configuration, models, batches);
  return { configuration, models, batches, auditId };
}

/**
 * Compares the prototypes of an audit with photographs that it did not have, or with others than it had. What it
 * lacks, such as the control without transforms, is made first.
 * @param number of the audit; the workspace's last one by default
 * @throws AuditError when there is no such audit, or a model file is no longer what it was; else as `runAudit`
 */
export async function compareAudit(
  number: number | undefined,
  photographs: Required<Pick<AuditConfiguration, 'images'>> & Pick<AuditConfiguration, 'classMap'>,
  context: AuditContext,
): Promise<AuditOutcome> {
  const { workspace } = context;
  const record = recordOf(workspace, number);
  const { models: known, ...asked } = configurationOf(workspace, record);
  const configuration = {
    ...asked,
    ...(photographs.classMap && { classMap: photographs.classMap }),
    models: known.map((model, place) => {
      const { features } = workspace.models.get(record.models[place].modelId)!.facts;
      return shown(model, features !== undefined, photographs.images, isMixed(workspace, record));
    }),
  };
  const models = await prepareAgain(record, configuration, context);
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

const isMixed = (workspace: WorkspaceReader, { models }: AuditRecord): boolean =>
  mediumOf(models.map(({ modelId }) => workspace.models.get(modelId)!.facts)) === 'both';

/** What a model is compared with now. In an audit of both kinds a file is rows, for tables; others keep what they had. */
function shown(
  { images: before, ...how }: AuditModel,
  takesRows: boolean,
  images: string,
  mixed: boolean,
): AuditModel {
  if (!mixed || takesRows === images.toLowerCase().endsWith('.csv')) return { ...how, images };
  return { ...how, ...(before !== undefined && { images: before }) };
}

/** @param number of the audit; the workspace's last one by default */
function recordOf(workspace: Workspace, number: number | undefined): AuditRecord {
  const record =
    number === undefined ? workspace.audits.list().at(-1) : workspace.audits.get(number);
  if (record) return record;
  throw new AuditError(
    number === undefined
      ? 'The workspace holds no audit yet; make prototypes first.'
      : `The workspace holds no audit ${number}.`,
  );
}

/**
 * What was asked for, with the places where its files were last.
 * @throws AuditError when the workspace does not say
 */
export function configurationOf(
  workspace: WorkspaceReader,
  { id, configuration, models }: AuditRecord,
): AuditConfiguration {
  const { request } = configuration as { request?: Request };
  if (!request) {
    throw new AuditError(
      `The workspace does not say how audit ${id} was asked for, so it cannot go on: audit anew.`,
    );
  }
  const placed = request.models.map((how, i) => {
    const { modelId, imageSetId } = models[i];
    const images = imageSetId === undefined ? undefined : workspace.imageSets.get(imageSetId)?.path;
    return {
      ...how,
      path: workspace.models.get(modelId)!.path,
      ...(images !== undefined && { images }),
    };
  });
  return { ...request, models: placed };
}

/** Reads the classifiers of an audit again. @throws AuditError when one is no longer what it was */
async function prepareAgain(
  record: AuditRecord,
  configuration: AuditConfiguration,
  context: Preparation,
): Promise<ModelUnderAudit[]> {
  const models = await prepareModels(configuration, context);
  const changed = models.findIndex(({ id }, i) => id !== record.models[i].modelId);
  if (changed < 0) return models;
  throw new AuditError(
    `The model ${configuration.models[changed].path} is no longer the one that was audited; audit it anew.`,
  );
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
  const auditId = workspace.audits.create(auditPlan(configuration, models, batches));
  workspace.runs.plan(
    auditId,
    batches.flatMap(({ runs }) => runs),
  );
  return auditId;
}

/** An audit as the workspace keeps it. What it comes to makes it what it is, not how it was asked for. */
export function auditPlan(
  configuration: AuditConfiguration,
  models: readonly ModelUnderAudit[],
  batches: readonly Batch[],
): AuditPlan {
  const { layers, natural, controls, seed, classMap } = configuration;
  const generation = batches.map((batch) => ({
    modelId: batch.model.id,
    configuration: batch.configuration,
  }));
  return {
    name: models.map(({ classifier }) => classifier.name).join(', '),
    configuration: { request: requestOf(configuration), generation },
    identity: {
      generation,
      classes: models.map(inOrder),
      layers,
      natural,
      controls,
      seed,
      ...(classMap && { classMap }),
    },
    models: models.map(({ id, imageSetId }) => ({ modelId: id, imageSetId })),
  };
}

const inOrder = ({ classes }: ModelUnderAudit): number[] => classes.toSorted((a, b) => a - b);

/** The same classifier twice would be one audit in two places. */
export function rejectTwins(models: readonly ModelUnderAudit[]): void {
  const twin = models.find(({ id }, i) => models.findIndex((other) => other.id === id) !== i);
  if (twin)
    throw new AuditError(
      `The model ${twin.classifier.name} is named twice; name each classifier once.`,
    );
}
