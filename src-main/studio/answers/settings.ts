import { basename } from 'node:path';
import { availableParallelism } from 'node:os';
import type { Engines, WorkspaceFacts } from '../../api/settings.ts';
import { engineChoices } from '../../engine/choices.ts';
import type { EngineInfo } from '../../engine/engine.ts';
import { physicalParallelism } from '../../engine/processor.ts';
import type { WorkspaceReader } from '../../store/workspace.ts';
import type { Handlers } from '../door.ts';
import type { Machine } from '../machine.ts';

type Answers = Pick<Handlers, 'workspace.get' | 'engines.list' | 'settings.get' | 'settings.set'>;

/** Answers about the machine and its workspace. @param readOnly why nothing can be written, if so */
export const settingsAnswers = (
  workspace: WorkspaceReader,
  used: EngineInfo,
  machine: Machine,
  readOnly: string | undefined,
): Answers => ({
  'workspace.get': () => workspaceAnswer(workspace, readOnly),
  'engines.list': () => enginesAnswer(used),
  'settings.get': () => machine.settings,
  'settings.set': (settings) => machine.change(settings),
});

function workspaceAnswer(workspace: WorkspaceReader, readOnly?: string): WorkspaceFacts {
  const { path } = workspace;
  return { name: basename(path), path, readOnly, bytes: workspace.size() };
}

/** What can be asked to compute here, and what does. */
const enginesAnswer = (used: EngineInfo): Engines => ({
  choices: engineChoices.map(({ name, title, text, platforms }) => ({
    ...{ name, title, text },
    possible: platforms?.includes(process.platform) ?? true,
  })),
  used,
  threads: { usual: physicalParallelism(), most: availableParallelism() },
});
