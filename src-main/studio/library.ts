import type { Output } from '../api/contract.ts';
import { addTask, countTask, testTask, type libraryCalls } from '../api/library.ts';
import { ServiceError } from '../api/wire.ts';
import type { Engine } from '../engine/engine.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Announce } from './announce.ts';
import { inspectModel } from './answers/inspection.ts';
import { suggestFeatures } from './answers/features.ts';
import { lookAnswer } from './answers/library-look.ts';
import type { Handlers } from './door.ts';
import { countPredicted, matchesAnswer } from './library-counts.ts';
import { addImageSet, removeImageSet } from './library-image-sets.ts';
import { addModel, changeAnswers, removeModel, testModel } from './library-models.ts';
import { settled, wholePath, withoutPlaces } from './library-paths.ts';
import type { LibraryTasks } from './library-tasks.ts';
import type { JobQueue } from './queue.ts';

export interface LibraryContext {
  readonly workspace: Workspace;
  readonly engine: Engine;
  readonly queue: JobQueue;
  readonly announce: Announce;
  readonly tasks: LibraryTasks;
  /** Queues the bundled sample. @returns its audit */
  readonly addSample: () => Promise<number>;
}

type Answers = Pick<Handlers, keyof typeof libraryCalls>;

/** Answers to all calls about models, image sets and audits as things that a workspace holds. */
export const libraryAnswers = (context: LibraryContext): Answers => ({
  ...modelAnswers(context),
  ...imageSetAnswers(context),
  ...auditAnswers(context),
  'features.suggest': (from) =>
    suggestFeatures('path' in from ? { path: wholePath(from.path) } : from),
  'library.stop'({ task }) {
    context.tasks.stop(task);
    return {};
  },
});

type Of<Prefix extends string> = Pick<Answers, Extract<keyof Answers, `${Prefix}.${string}`>>;

function modelAnswers({ workspace, engine, announce, tasks }: LibraryContext): Of<'model'> {
  const model = (id: number) => workspace.models.get(id) ?? missing('model');
  return {
    async 'model.inspect'(asked) {
      const { problem, ...rest } = await inspectModel(settled(workspace, asked));
      return { ...rest, problem: problem && withoutPlaces(workspace, problem) };
    },
    async 'model.add'(asked) {
      const added = await addModel(workspace, asked);
      announce('studio.changed', {});
      return added;
    },
    async 'model.update'({ modelId, name, answers }) {
      if (answers) await changeAnswers(workspace, model(modelId), answers);
      if (name !== undefined) workspace.models.rename(model(modelId).id, name);
      announce('studio.changed', {});
      return { modelId: model(modelId).id, isNew: false };
    },
    'model.remove'({ modelId }) {
      removeModel(workspace, model(modelId));
      announce('studio.changed', {});
      return {};
    },
    'model.try': ({ model: asked, photograph }) =>
      lookAnswer(workspace, engine, settled(workspace, asked), wholePath(photograph)),
    'model.selfTest': ({ model: asked, photograph }) =>
      tasks.run(testTask(asked.path), (tools) =>
        testModel(engine, settled(workspace, asked), photograph && wholePath(photograph), tools),
      ),
  };
}

function imageSetAnswers(context: LibraryContext): Of<'imageSet'> {
  const { workspace, engine, announce, tasks } = context;
  const set = (id: number) => workspace.imageSets.get(id) ?? missing('image set');
  return {
    async 'imageSet.add'({ path }) {
      const added = await tasks.run(addTask(path), (tools) => addImageSet(workspace, path, tools));
      announce('studio.changed', {});
      return added;
    },
    'imageSet.remove'({ imageSetId }) {
      removeImageSet(workspace, set(imageSetId));
      announce('studio.changed', {});
      return {};
    },
    'imageSet.get': ({ imageSetId }) => matchesAnswer(workspace, engine, set(imageSetId)),
    'imageSet.count'({ imageSetId, modelId }) {
      const [images, model] = [set(imageSetId), workspace.models.get(modelId) ?? missing('model')];
      return tasks.run(countTask(imageSetId, modelId), (tools) =>
        countPredicted(workspace, engine, images, model, tools),
      );
    },
  };
}

function auditAnswers(context: LibraryContext): Of<'audit'> & Of<'sample'> {
  const { workspace, announce, addSample } = context;
  const audit = (id: number) => workspace.audits.get(id) ?? missing('audit');
  return {
    'audit.rename'({ auditId, name }) {
      workspace.audits.rename(audit(auditId).id, name);
      announce('studio.changed', {});
      announce('audit.changed', { auditId });
      return {};
    },
    'audit.weigh': ({ auditId }) => workspace.audits.weigh(audit(auditId).id),
    'audit.remove': ({ auditId }) => removeAudit(context, audit(auditId).id),
    'sample.add': async () => ({ auditId: await addSample() }),
  };
}

/** Stops an audit's job, then removes the audit and the files that only it needed. */
async function removeAudit(
  { workspace, queue, announce }: LibraryContext,
  auditId: number,
): Promise<Output<'audit.remove'>> {
  await queue.release(auditId);
  workspace.audits.remove(auditId);
  const { bytes } = workspace.collectGarbage();
  announce('studio.changed', {});
  return { bytes };
}

function missing(what: string): never {
  throw new ServiceError('not-found', `There is no such ${what} in the workspace.`);
}
