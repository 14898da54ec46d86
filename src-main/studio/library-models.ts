import type { Output } from '../api/contract.ts';
import type { ImportAnswers, ImportRequest } from '../api/library.ts';
import type { ModelRequest } from '../api/request.ts';
import type { SelfTest } from '../api/self-test.ts';
import { ServiceError } from '../api/wire.ts';
import { selfTest } from '../audit/self-test.ts';
import type { Classifier } from '../classifier/classifier.ts';
import { loadClassifier, specialiseClassifier } from '../classifier/load.ts';
import type { Engine } from '../engine/engine.ts';
import type { ModelRecord } from '../store/models.ts';
import { discardUpload, keepUpload, sentTogether } from '../store/uploads.ts';
import type { Workspace } from '../store/workspace.ts';
import { settled } from './library-paths.ts';
import type { TaskTools } from './library-tasks.ts';

/** Reads a model as it is asked for. @throws GraphError or ClassifierError when it cannot be audited */
async function read({ path, ...answers }: ModelRequest): Promise<Classifier> {
  const classifier = await loadClassifier(path, answers);
  const { batch } = classifier.input;
  specialiseClassifier(classifier, batch === 'free' ? 1 : batch);
  return classifier;
}

/** Tests whether a model is read rightly. @throws GraphError, ClassifierError or PhotographError in one sentence */
export async function testModel(
  engine: Engine,
  request: ModelRequest,
  photograph: string | undefined,
  { signal, step }: TaskTools,
): Promise<SelfTest> {
  const onProgress = (done: number, total: number) => done > 0 && step(total);
  const options = { path: request.path, photograph, signal, onProgress };
  return selfTest(await read(request), engine, options);
}

/** Keeps a model with its answers. @throws GraphError or ClassifierError; then nothing is kept */
export async function addModel(
  workspace: Workspace,
  asked: ImportRequest,
): Promise<Output<'model.add'>> {
  const request = settled(workspace, asked);
  const classifier = await read(request);
  const known = workspace.models.find(classifier);
  if (known !== undefined) {
    discardUpload(workspace.path, request.path);
    return { modelId: known, isNew: false };
  }
  const { path, ...answers } = await kept(workspace, request);
  const modelId = workspace.models.save(await read({ path, ...answers }), path, answers);
  return { modelId, isNew: true };
}

/** Moves what a page sent to where it stays. */
async function kept(workspace: Workspace, request: ModelRequest): Promise<ModelRequest> {
  const path = await keepUpload(workspace.path, request.path);
  const { labels, features } = request;
  return {
    ...{ ...request, path },
    ...(labels !== undefined && { labels: await keepUpload(workspace.path, labels) }),
    ...(features !== undefined && { features: await keepUpload(workspace.path, features) }),
  };
}

/** Reads a model of the library with other answers. @throws ServiceError when an audit uses it */
export async function changeAnswers(
  workspace: Workspace,
  model: ModelRecord,
  answers: ImportAnswers,
): Promise<void> {
  refuseUsed(workspace, model, 'changed: import its file again with other answers');
  const request = settled(workspace, { ...answers, path: model.path });
  await read(request);
  const { path, ...rest } = await kept(workspace, request);
  workspace.models.change(model.id, await read({ path, ...rest }), rest);
}

/** @throws ServiceError when an audit uses it */
export function removeModel(workspace: Workspace, model: ModelRecord): void {
  refuseUsed(workspace, model, 'removed: remove the audit first');
  workspace.models.remove(model.id);
  const filesOf = ({ path, answers }: ModelRecord) => [path, answers.labels, answers.features];
  const others = workspace.models.list().flatMap(filesOf);
  for (const file of filesOf(model)) {
    if (file === undefined) continue;
    const isShared = others.some((other) => other && sentTogether(workspace.path, file, other));
    if (!isShared) discardUpload(workspace.path, file);
  }
}

function refuseUsed(workspace: Workspace, { id, name }: ModelRecord, what: string): void {
  const audit = workspace.audits
    .list()
    .find(({ models }) => models.some(({ modelId }) => modelId === id));
  if (!audit) return;
  throw new ServiceError(
    'bad-state',
    `The audit ${audit.name} uses the model ${name}, so it cannot be ${what}.`,
  );
}
